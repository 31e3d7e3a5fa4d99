"""Loading the occupation catalogues and the mappings of known sources from content files."""

import csv
import json
from pathlib import Path

from django.db import transaction

from puente.opportunities.models import ImportSource, IscoGroup, Occupation, OccupationGroup, OccupationPair
from puente.platform.paths import CONTENT


@transaction.atomic
def load_occupations(folder: Path = CONTENT / "occupations") -> dict[str, int]:
    """Load SINCO 2019, its groups, ISCO-08 and all pairs between them; loading again brings them up to date."""
    OccupationGroup.objects.bulk_create(
        [OccupationGroup(**row) for row in _read(folder / "sinco_groups.csv")],
        update_conflicts=True, unique_fields=["code"], update_fields=["title", "edition"],
    )  # fmt: skip
    IscoGroup.objects.bulk_create(
        [IscoGroup(**row) for row in _read(folder / "isco.csv")],
        update_conflicts=True, unique_fields=["code"], update_fields=["title"],
    )  # fmt: skip
    Occupation.objects.bulk_create(
        [
            Occupation(
                code=row["code"], title=row["title"], division_id=row["division"], main_group_id=row["main_group"]
            )
            for row in _read(folder / "sinco.csv")
        ],
        update_conflicts=True, unique_fields=["code"], update_fields=["title", "division", "main_group"],
    )  # fmt: skip
    OccupationPair.objects.all().delete()
    OccupationPair.objects.bulk_create(
        OccupationPair(occupation_id=row["sinco"], isco_group_id=row["isco"])
        for row in _read(folder / "sinco_isco.csv")
    )
    return {"occupations": Occupation.objects.count(), "occupation pairs": OccupationPair.objects.count()}


@transaction.atomic
def load_sources(file: Path = CONTENT / "opportunities" / "sources.json") -> dict[str, int]:
    """Add the mappings of known boards; one that an office has changed since is kept."""
    for row in json.loads(file.read_text(encoding="utf-8")):
        ImportSource.objects.get_or_create(code=row["code"], defaults=row)
    return {"sources of openings": ImportSource.objects.count()}


def _read(file: Path) -> list[dict[str, str]]:
    with file.open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))
