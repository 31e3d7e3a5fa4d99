import json
from pathlib import Path
from typing import Any

from django.db import transaction

from puente.needs.models import NeedGroup, NeedKind


@transaction.atomic
def load_need_catalogue(file: Path) -> dict[str, int]:
    """Load groups and kinds of needs; loading again brings them up to date, and what is gone is no longer offered.

    Args:
        file: the assessment's definition, whose steps are the groups and whose `needs` are the kinds.

    Returns:
        How many kinds are offered.
    """
    content = json.loads(file.read_text(encoding="utf-8"))
    for position, step in enumerate(content["steps"], 1):
        NeedGroup.objects.update_or_create(code=step["code"], defaults={"position": position, **_labels(step["title"])})
    kinds = content["needs"]
    for kind in kinds:
        NeedKind.objects.update_or_create(
            code=kind["code"],
            defaults={
                "group_id": kind["group"],
                "urgency": kind["urgency"],
                "days_to_act": kind["days_to_act"],
                "service_id": kind["service"],
                "is_offered": True,
                **_labels(kind["label"]),
            },
        )
    NeedKind.objects.exclude(code__in=[kind["code"] for kind in kinds]).update(is_offered=False)
    return {"kinds of needs": len(kinds)}


def _labels(words: dict[str, str]) -> dict[str, Any]:
    return {f"label_{language}": text for language, text in words.items()}
