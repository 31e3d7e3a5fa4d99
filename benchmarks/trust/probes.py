"""Probing by somebody without rights: is a known person told apart from an unknown or a sealed one?

The same request is sent for each of the three, in random order: the answers must have the same status and length, and
their times must not say more than a coin. Two actors ask: a counsellor of another office by address, and an
analyst, who may not search, by search. A third, who may search, must not tell a sealed person from an unknown one.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from datetime import datetime
from functools import cache
from random import Random
from statistics import median
from time import perf_counter
from typing import Any
from uuid import UUID

import numpy as np

PROBES = 1000
#: Names of nobody else, of the same length, so that what is asked for costs the same by itself.
NAMES = {
    "known": ("xicale", "tzintzun", "noemi"),
    "sealed": ("cuanas", "tzirates", "ameli"),
    "unknown": ("tepoxi", "ocelotla", "yunue"),
}
FAR = "far@demo.puente"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
Answer = tuple[int, int]
Ask = Callable[[str], Answer]


def measure() -> dict[str, float]:
    """Return how far the three are apart, over all routes, and what somebody with the right learns (the control)."""
    from benchmarks.trust.scratch import scratch_database

    with scratch_database("probes"):
        return _measure()


def _measure() -> dict[str, float]:
    people = _create_people()
    worst_median, aucs, differences = 0.0, [], 0
    for route, ask, kinds in _list_routes(people):
        answers, seconds = _probe(ask, kinds)
        differences += sum(set(found) != set(answers["unknown"]) for found in answers.values())
        for kind in kinds.keys() - {"unknown"}:
            apart = abs(median(seconds[kind]) - median(seconds["unknown"])) * 1000
            auc = _area(seconds[kind], seconds["unknown"])
            print(f"{route}: {kind}: {apart:.3f} ms apart, AUC {auc:.3f}, answer {answers[kind][0]}")
            worst_median, aucs = max(worst_median, apart), [*aucs, auc]
    by_id = {kind: str(people[kind]["id"]) for kind in ("known", "unknown")}
    _answers, seconds = _probe(_get("counsellor@demo.puente", "/person/{}/"), by_id)
    return {
        "max_median_ms": round(worst_median, 3),
        "auc_low": round(min(aucs), 3),
        "auc_high": round(max(aucs), 3),
        "length_differences": differences,
        "control_auc": round(_area(seconds["known"], seconds["unknown"]), 3),
    }


def _list_routes(people: dict[str, Any]) -> list[tuple[str, Ask, dict[str, str]]]:
    """Return each route with how to ask it, and what to ask for in each case."""
    by_id = {kind: str(found["id"]) for kind, found in people.items()}
    by_code = {kind: found["code"] for kind, found in people.items()}
    by_name = {kind: f"{' '.join(name)} 1990" for kind, name in NAMES.items()}
    # Whoever may search finds a known person, masked; a sealed one must be as if nobody had registered them.
    findable = {kind: line for kind, line in by_name.items() if kind != "known"}
    return [
        ("person's address", _get(FAR, "/person/{}/"), by_id),
        ("work profile", _get(FAR, "/counselling/people/{}/"), by_id),
        ("search, without the right", _search("analyst@demo.puente"), by_name),
        ("search, with the right", _search(FAR), findable),
        ("phone page", _get(None, "/counselling/o/{}/"), by_code),
    ]


@cache
def _sign_in(email: str | None) -> Any:
    from django.test import Client

    from puente.accounts.models import User

    # Once for each: a new sign-in of the same person ends the earlier session.
    client = Client(SERVER_NAME="localhost")
    if email is not None:
        client.force_login(User.objects.get(email=email), backend=BACKEND)
    return client


def _get(email: str | None, path: str) -> Ask:
    client = _sign_in(email)
    return lambda what: _answer(client.get(path.format(what)), what)


def _search(email: str) -> Ask:
    client, headers = _sign_in(email), {"HX-Request": "true", "HX-Target": "results"}
    return lambda what: _answer(client.post("/people/", {"q": what}, headers=headers), what)


def _answer(response: Any, what: str) -> Answer:
    # What was asked for is echoed; only what the product adds counts.
    return response.status_code, len(response.content) - response.content.decode().count(what) * len(what.encode())


def _probe(ask: Ask, kinds: dict[str, str]) -> tuple[dict[str, list[Answer]], dict[str, list[float]]]:
    """Ask PROBES times for each kind, in random order."""
    order = [kind for kind in kinds for _ in range(PROBES)]
    Random(5).shuffle(order)
    answers: dict[str, list[Answer]] = {kind: [] for kind in kinds}
    seconds: dict[str, list[float]] = {kind: [] for kind in kinds}
    for kind in kinds:
        ask(kinds[kind])
    gc.disable()
    for number, kind in enumerate(order):
        began = perf_counter()
        answer = ask(kinds[kind])
        seconds[kind].append(perf_counter() - began)
        answers[kind].append(answer)
        if number % 100 == 0:
            gc.collect()
    gc.enable()
    return answers, seconds


def _area(first: list[float], second: list[float]) -> float:
    """Return the chance that a time of the first is above one of the second (Mann and Whitney 1947)."""
    ordered = np.sort(np.array(second))
    below = np.searchsorted(ordered, first, side="left") + np.searchsorted(ordered, first, side="right")
    return float(below.mean() / 2 / len(second))


def _create_people() -> dict[str, Any]:
    """Return two of the demo's people with a phone page, one of them sealed afterwards, and one whom nobody knows."""
    from dataclasses import replace

    from django.conf import settings
    from django.utils import timezone
    from rich.console import Console

    from puente.accounts.models import User
    from puente.accounts.selectors import build_actor
    from puente.accounts.services import create_staff
    from puente.config.demo import load_demo_data
    from puente.counselling.models import Choice
    from puente.counselling.phone_pages import make_code
    from puente.engines.identity.names import PersonName
    from puente.offices.models import Office
    from puente.people.sealed import IdentityDocument
    from puente.people.services import PersonFacts, register_person, reserve_person
    from puente.platform.ids import make_id
    from puente.platform.row_security import acting_as

    settings.SEARCHES_PER_HOUR = 10**9
    load_demo_data(Console(quiet=True), with_people=True, people=80)
    create_staff(email=FAR, name="Far", roles=[("counsellor", Office.objects.get(code="tapachula"))], is_demo=True)
    now = timezone.now()
    reception, counsellor, officer = (
        replace(build_actor(User.objects.get(email=f"{role}@demo.puente"), now), step_up_at=now)
        for role in ("reception", "counsellor", "protection")
    )
    office = counsellor.home_office_id
    people: dict[str, Any] = {}
    with acting_as(counsellor):
        chosen = Choice.objects.exclude(openings=[]).order_by("made_at").values_list("person_id", flat=True)
        for person_id in chosen:
            found = _describe(counsellor, person_id, now)
            if found["code"]:
                people["sealed" if "known" in people else "known"] = found
            if len(people) == 2:
                break
    with acting_as(reception):
        named = [
            register_person(
                actor=reception, office_id=office, identity=IdentityDocument(PersonName(given, first, second)),
                facts=PersonFacts(sex="F", birth_year=1990), now=now,
            ).pk
            for first, second, given in (NAMES["known"], NAMES["sealed"])
        ]  # fmt: skip
    with acting_as(officer):
        for person_id in (people["sealed"]["id"], named[1]):
            reserve_person(actor=officer, person_id=person_id, office_id=office, assigned_to=officer.id, now=now)
    return people | {"unknown": {"id": make_id(), "code": make_code()}}


def _describe(counsellor: Any, person_id: UUID, now: datetime) -> dict[str, Any]:
    """Return a person's id and the code of a phone page, where one can be made."""
    from puente.counselling.selectors.shortlists import read_sheet
    from puente.counselling.services.sheets import make_sheet
    from puente.people.models import Person
    from puente.people.services import read_person

    opened = read_person(Person.objects.get(pk=person_id))
    sheet = make_sheet(actor=counsellor, person_id=person_id, language="es", now=now)
    return {
        "id": person_id,
        "code": read_sheet(sheet, opened.data_key)["code"],
    }
