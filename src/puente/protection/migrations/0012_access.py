"""Asking for a reserved file, opening one in an emergency, and who was told and reviewed it."""

import django.db.models.deletion
from django.db import migrations, models

import puente.platform.ids
from puente.platform.row_security import in_offices_of, make_append_only, protect_rows

MINE = "user_id = (SELECT puente_actor())"
STEPPED_UP = "(SELECT puente_stepped_up())"
TOLD = "EXISTS (SELECT 1 FROM protection_accessnotice AS told WHERE told.request_id = protection_accessrequest.id)"
READ = (
    f"{MINE}"
    f" OR (kind = 'asked' AND ({in_offices_of('access.approve')} OR puente_in_charge(person_id)))"
    f" OR (kind = 'emergency' AND ({in_offices_of('access.review')} OR {TOLD}))"
)
ASKING = (
    f"{MINE} AND {STEPPED_UP} AND ((kind = 'asked' AND {in_offices_of('access.request')})"
    f" OR (kind = 'emergency' AND {in_offices_of('access.break_glass')}))"
)


def of_request(condition: str = "true") -> str:
    """Return the condition that the actor may read the request of a row, and more of that request."""
    return f"EXISTS (SELECT 1 FROM protection_accessrequest AS asked WHERE asked.id = request_id AND {condition})"


BY_ACTOR = f'"by" = (SELECT puente_actor()) AND {STEPPED_UP}'
#: Nobody answers themselves: but in an emergency, which others then review.
OF_ANOTHER = "asked.user_id <> (SELECT puente_actor())"
ROW_SECURITY = [
    protect_rows(
        "protection_accessnotice", read=MINE, insert=f"{BY_ACTOR} AND (SELECT puente_may('access.break_glass'))"
    ),
    make_append_only("protection_accessnotice"),
    protect_rows("protection_accessrequest", read=READ, insert=ASKING),
    make_append_only("protection_accessrequest"),
    protect_rows(
        "protection_accessdecision",
        read=of_request(),
        insert=BY_ACTOR + " AND " + of_request(f"({OF_ANOTHER} OR asked.kind = 'emergency')"),
    ),
    make_append_only("protection_accessdecision"),
    protect_rows(
        "protection_accessreview",
        read=of_request(),
        insert=BY_ACTOR + " AND " + of_request(f"{OF_ANOTHER} AND asked.kind = 'emergency'"),
    ),
    make_append_only("protection_accessreview"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("offices", "0001_initial"),
        ("people", "0007_sealed_cases"),
        ("protection", "0011_response_hours"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccessRequest",
            fields=[
                ("id", models.UUIDField(default=puente.platform.ids.make_id, primary_key=True, serialize=False)),
                ("kind", models.CharField(choices=[("asked", "Asked"), ("emergency", "Emergency")], max_length=9)),
                ("user_id", models.UUIDField()),
                ("purpose", models.CharField(max_length=20)),
                ("at", models.DateTimeField()),
                ("key_name", models.CharField(max_length=20)),
                ("wrapped_key", models.BinaryField()),
                ("sealed_reason", models.BinaryField()),
                (
                    "office",
                    models.ForeignKey(
                        help_text="Whose supervision is asked.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="offices.office",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.person"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AccessDecision",
            fields=[
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="decision",
                        serialize=False,
                        to="protection.accessrequest",
                    ),
                ),
                ("open_until", models.DateTimeField(help_text="Empty where it was refused.", null=True)),
                ("at", models.DateTimeField()),
                ("by", models.UUIDField()),
            ],
        ),
        migrations.CreateModel(
            name="AccessReview",
            fields=[
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="review",
                        serialize=False,
                        to="protection.accessrequest",
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("justified", "It was necessary"),
                            ("not_justified", "It was not necessary"),
                            ("to_follow_up", "It must be talked about"),
                        ],
                        max_length=13,
                    ),
                ),
                ("sealed_note", models.BinaryField()),
                ("at", models.DateTimeField()),
                ("by", models.UUIDField()),
            ],
        ),
        migrations.CreateModel(
            name="AccessNotice",
            fields=[
                ("id", models.UUIDField(default=puente.platform.ids.make_id, primary_key=True, serialize=False)),
                ("user_id", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("by", models.UUIDField()),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to="protection.accessrequest",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="accessrequest",
            index=models.Index(fields=["office", "kind", "-at"], name="access_requests_of_office"),
        ),
        migrations.AddIndex(
            model_name="accessrequest",
            index=models.Index(fields=["user_id", "-at"], name="access_requests_of_user"),
        ),
        migrations.AddIndex(
            model_name="accessnotice",
            index=models.Index(fields=["user_id", "-at"], name="notices_of_user"),
        ),
        migrations.AddConstraint(
            model_name="accessnotice",
            constraint=models.UniqueConstraint(fields=("request", "user_id"), name="one_notice_each"),
        ),
        *ROW_SECURITY,
    ]
