"""Loading terms, holidays and proposals of keeping from content files; what an office changed since is kept."""

import csv
from datetime import date
from pathlib import Path

from django.db import transaction

from puente.platform.paths import CONTENT
from puente.rights.models import Deadline, Holiday, RetentionRule


@transaction.atomic
def load_rights(folder: Path = CONTENT / "rights") -> dict[str, int]:
    """Add what is missing of the content files; returns how many of each there are."""
    for row in _read(folder / "holidays.csv"):
        Holiday.objects.get_or_create(day=date.fromisoformat(row.pop("day")), defaults=row)
    for row in _read(folder / "deadlines.csv"):
        Deadline.objects.get_or_create(code=row.pop("code"), defaults=row)
    for position, row in enumerate(_read(folder / "retention.csv"), start=1):
        months = int(row["months"]) if row["months"] else None
        RetentionRule.objects.get_or_create(
            code=row.pop("code"), defaults=row | {"months": months, "position": position}
        )
    return {"holidays": Holiday.objects.count(), "rules of keeping": RetentionRule.objects.count()}


def _read(file: Path) -> list[dict[str, str]]:
    with file.open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))
