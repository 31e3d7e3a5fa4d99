from django.db import migrations

from puente.platform.row_security import in_offices_of, make_append_only, protect_rows


def serves(action: str) -> str:
    return f"({in_offices_of(action)} OR puente_serves(person_id, '{action}'))"


PHONE = "(SELECT puente_may('phone_page.open'))"
PROFILE_TABLES = ("workprofile", "pastjob", "correction")
SHORTLIST_TABLES = ("shortlist", "shortlistentry", "choice")
CHANGES_INTRODUCTION = f"({in_offices_of('introduction.send')} OR {in_offices_of('outcome.record')})"
READS_OUTCOMES = f"({serves('profile.view')} OR {in_offices_of('outcome.record')})"
FOLLOWS_UP = f"({in_offices_of('shortlist.make')} OR {in_offices_of('outcome.record')})"


class Migration(migrations.Migration):
    dependencies = [("counselling", "0001_initial"), ("people", "0002_row_security")]
    operations = [
        *(
            step
            for table in PROFILE_TABLES
            for step in (
                protect_rows(f"counselling_{table}", read=serves("profile.view"), insert=in_offices_of("profile.edit")),
                make_append_only(f"counselling_{table}"),
            )
        ),
        *(
            step
            for table in SHORTLIST_TABLES
            for step in (
                protect_rows(
                    f"counselling_{table}", read=serves("profile.view"), insert=in_offices_of("shortlist.make")
                ),
                make_append_only(f"counselling_{table}"),
            )
        ),
        protect_rows(
            "counselling_introduction",
            read=serves("introduction.view"),
            insert=in_offices_of("introduction.send"),
            update=CHANGES_INTRODUCTION,
        ),
        protect_rows("counselling_introductionevent", read=serves("introduction.view"), insert=CHANGES_INTRODUCTION),
        make_append_only("counselling_introductionevent"),
        protect_rows("counselling_followup", read=READS_OUTCOMES, insert=FOLLOWS_UP, update=FOLLOWS_UP),
        protect_rows("counselling_outcome", read=READS_OUTCOMES, insert=in_offices_of("outcome.record")),
        make_append_only("counselling_outcome"),
        protect_rows("counselling_sheet", read=serves("profile.view"), insert=in_offices_of("shortlist.make")),
        make_append_only("counselling_sheet"),
        protect_rows(
            "counselling_phonepage",
            read=f"{PHONE} OR {in_offices_of('shortlist.make')}",
            insert=in_offices_of("shortlist.make"),
            update=in_offices_of("shortlist.make"),
        ),
        protect_rows("counselling_phonepageattempt", read=PHONE, insert=PHONE, delete=PHONE),
    ]
