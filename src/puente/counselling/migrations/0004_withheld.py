from django.db import migrations

from puente.platform.row_security import in_offices_of, not_withheld, redraw


def serves(*actions: str) -> str:
    return " OR ".join(f"{in_offices_of(action)} OR puente_serves(person_id, '{action}')" for action in actions)


def step(table: str, *actions: str, before: str) -> migrations.RunSQL:
    name = f"counselling_{table}"
    return redraw(name, "read", not_withheld(name, serves(*actions), *(f"'{action}'" for action in actions)), before)


PROFILE = ("workprofile", "pastjob", "correction", "shortlist", "shortlistentry", "choice", "sheet")
INTRODUCTION = ("introduction", "introductionevent")
OUTCOME = ("followup", "outcome")


class Migration(migrations.Migration):
    dependencies = [("counselling", "0003_seal_words"), ("people", "0006_withheld")]
    operations = [
        *(step(table, "profile.view", before=serves("profile.view")) for table in PROFILE),
        *(step(table, "introduction.view", before=serves("introduction.view")) for table in INTRODUCTION),
        *(
            step(
                table, "profile.view", "outcome.record",
                before=f"{serves('profile.view')} OR {in_offices_of('outcome.record')}",
            )
            for table in OUTCOME
        ),
    ]  # fmt: skip
