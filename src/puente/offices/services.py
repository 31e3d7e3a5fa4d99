"""Everything that writes places, offices and the service directory; content files are loaded here."""

import csv
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext_noop

from puente.audit.services import record_event
from puente.audit.verbs import register_verb
from puente.offices.models import (
    Country,
    Municipality,
    Office,
    Partner,
    PlaceAlias,
    ReceptionPoint,
    Service,
    ServiceKind,
    State,
)
from puente.offices.policies import EDIT_DIRECTORY
from puente.platform.policy import Actor, NotAllowed, Purpose

SERVICE_UPDATED = register_verb("service.updated", gettext_noop("updated a service of the directory"))

#: INEGI's 33rd "state" (CURP: NE): a person keeps the country of birth instead.
BORN_ABROAD = "99"


def read_rows(file: Path) -> list[dict[str, str]]:
    """Return the rows of a content file."""
    with file.open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


@transaction.atomic
def load_places(folder: Path) -> dict[str, int]:
    """Load countries, states, municipalities and aliases; loading again brings them up to date.

    Args:
        folder: `content/places`.

    Returns:
        How many rows of each there are.
    """
    border = {row["code"] for row in read_rows(folder / "border_zone.csv")}
    _upsert(
        Country,
        (
            {"code": row["alpha2"], "code3": row["alpha3"], **_labels(row)}
            for row in read_rows(folder / "countries.csv")
        ),
    )
    _upsert(
        State,
        (
            {
                "code": row["code"],
                "curp_code": row["curp"],
                "iso_code": row["iso"],
                "pcode": row["pcode"],
                "name": row["label_es"],
                "abbreviation": row["abbreviation"],
            }
            for row in read_rows(folder / "states.csv")
            if row["code"] != BORN_ABROAD
        ),
    )
    _upsert(
        Municipality,
        (
            {
                "code": row["code"],
                "state_id": row["code"][:2],
                "name": row["name"],
                "seat": row["seat"],
                "latitude": float(row["latitude"]),
                "longitude": float(row["longitude"]),
                "population": int(row["population"]),
                "pcode": row["pcode"],
                "is_border_zone": row["code"] in border,
            }
            for row in read_rows(folder / "municipalities.csv")
        ),
    )
    PlaceAlias.objects.all().delete()
    PlaceAlias.objects.bulk_create(
        PlaceAlias(
            alias=row["alias"],
            state_id=row["code"] if len(row["code"]) == 2 else None,
            municipality_id=row["code"] if len(row["code"]) == 5 else None,
            reason=row["reason"],
            source=row["source"],
        )
        for row in read_rows(folder / "place_aliases.csv")
        if row["code"] != BORN_ABROAD
    )
    return {
        "countries": Country.objects.count(),
        "states": State.objects.count(),
        "municipalities": Municipality.objects.count(),
        "aliases": PlaceAlias.objects.count(),
    }


@transaction.atomic
def load_offices(folder: Path, points_file: Path) -> dict[str, int]:
    """Load offices, reception points, partners and the service directory.

    What an office has edited since (hours, free places) is kept: only what is new is added.

    Args:
        folder: `content/offices`.
        points_file: `content/reception/points.csv`.
    """
    offices_of_points: dict[str, UUID] = {}
    for row in read_rows(folder / "offices.csv"):
        office, _ = Office.objects.update_or_create(
            code=row["code"],
            defaults={
                "kind": row["kind"], "municipality_id": row["municipality"],
                "time_zone": row["timezone"], **_labels(row),
            },
        )  # fmt: skip
        offices_of_points |= dict.fromkeys(row["reception_points"].split(), office.pk)
    _upsert(
        ReceptionPoint,
        (
            {
                "code": row["code"], "municipality_id": row["municipality"], "mode": row["mode"],
                "office_id": offices_of_points.get(row["code"]), "regularity": row["regularity"],
                "valid_from": row["valid_from"] or None, "valid_to": row["valid_to"] or None,
                **_provenance(row), **_labels(row),
            }
            for row in read_rows(points_file)
        ),
    )  # fmt: skip
    _upsert(ServiceKind, ({"code": row["code"], **_labels(row)} for row in read_rows(folder / "service_kinds.csv")))
    _upsert(
        Partner,
        (
            {"code": row["code"], "kind": row["kind"], **_provenance(row), **_labels(row)}
            for row in read_rows(folder / "partners.csv")
        ),
    )
    for row in read_rows(folder / "services.csv"):
        texts = {f"{name}_{language}" for name in ("where", "hours") for language in ("es", "en", "fr")}
        service, is_new = Service.objects.get_or_create(
            code=row["code"],
            defaults={
                "partner_id": row["partner"], "municipality_id": row["municipality"], "phone": row["phone"],
                "free_places": row["free_places"] or None, **{name: row[name] for name in texts},
                **_provenance(row), **_labels(row),
            },
        )  # fmt: skip
        if is_new:
            service.kinds.set(ServiceKind.objects.filter(code__in=row["kinds"].split()))
    return {
        "offices": Office.objects.count(),
        "reception points": ReceptionPoint.objects.count(),
        "partners": Partner.objects.count(),
        "services": Service.objects.count(),
    }


@transaction.atomic
def update_service(
    *,
    actor: Actor,
    code: str,
    where: str,
    hours: str,
    phone: str,
    free_places: int | None,
    is_verified: bool,
    now: datetime,
) -> Service:
    """Bring a service of the directory up to date.

    The words are kept as written for all three languages: an address needs no translation, and hours that
    differ between languages would be worse than hours in one.

    Raises:
        NotAllowed: where no role of the actor edits the directory; Service.DoesNotExist.
    """
    if not actor.may(EDIT_DIRECTORY):
        raise NotAllowed(EDIT_DIRECTORY.name)
    service = Service.objects.select_for_update().get(pk=code)
    if service.free_places != free_places:
        service.free_places, service.free_places_at = free_places, now
    if service.where != where:
        service.where_es = service.where_en = service.where_fr = where
    if service.hours != hours:
        service.hours_es = service.hours_en = service.hours_fr = hours
    service.phone, service.is_verified = phone, is_verified
    service.save()
    record_event(
        actor=actor, verb=SERVICE_UPDATED, record_type="service", record_id=None, purpose=Purpose.ADMINISTRATION,
        detail={"service": code, "free_places": free_places},
    )  # fmt: skip
    return service


def _provenance(row: dict[str, str]) -> dict[str, Any]:
    return {"source": row["source"], "is_verified": row["status"] == "verified"}


def _labels(row: dict[str, str]) -> dict[str, str]:
    return {name: row[name] for name in ("label_es", "label_en", "label_fr")}


def _upsert(model: type[models.Model], rows: Iterable[dict[str, Any]]) -> None:
    key = model._meta.pk.attname
    made = [model(**row) for row in rows]
    fields = [name for name in (f.name for f in model._meta.concrete_fields) if name != key]
    model._default_manager.bulk_create(made, update_conflicts=True, unique_fields=[key], update_fields=fields)
