"""Intake among many people: "was this person here before?" while typing, and registering an arrival.

On a database of PUENTE_BENCH_PEOPLE people (a million where it is not set; built once, see people_database.py),
as the application role under row-level security. The peer is pg_trgm on plain names, which the product must not
have: a GIN index over names in clear, asked by a superuser whom no policy holds up.
"""

from __future__ import annotations

import json as json_format
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from time import perf_counter
from typing import Any
from uuid import UUID

from rich.console import Console
from rich.table import Table

PEOPLE = int(os.environ.get("PUENTE_BENCH_PEOPLE", "1000000"))
QUESTIONS = 300
REGISTRATIONS = 150
SEED = 7


def run(json: bool) -> dict[str, Any]:
    """Build the database where it is missing, measure, print a table (or one JSON object), return the figures."""
    # People drawn from other name lists are other people: a database of each.
    database = f"intake_{PEOPLE}" + ("_real_names" if os.environ.get("PUENTE_REALDATA") else "")
    os.environ["PUENTE_DATABASE"] = database
    os.environ.setdefault("PUENTE_LOG_LEVEL", "ERROR")
    with _product(database) as (actor, client, offices):
        from benchmarks.people_database import build, describe_sizes

        built = build(database, PEOPLE, offices)
        figures: dict[str, Any] = {
            "people": PEOPLE,
            "build": built,
            "sizes": describe_sizes(database),
            "cases": _measure(database, actor, client, offices[0]),
        }
    print(json_format.dumps(figures)) if json else _print(figures)
    return figures


@contextmanager
def _product(database: str) -> Iterator[tuple[Any, Any, tuple[UUID, UUID]]]:
    """Run the cluster of the benchmarks with a migrated database, and yield an actor, a client, two offices."""
    import django

    from puente.platform import embedded_postgres, keys
    from puente.platform.paths import find_home

    if not keys.key_file().exists():
        keys.create_key_file(keys.key_file())
    with embedded_postgres.running(embedded_postgres.describe(find_home())) as cluster:
        embedded_postgres.create_database(cluster, database)
        django.setup()
        from django.core.management import call_command
        from django.db import connections

        call_command("migrate", database="owner", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        yield _find_staff()
        for connection in connections.all():
            connection.close()


def _find_staff() -> tuple[Any, Any, tuple[UUID, UUID]]:
    from django.conf import settings
    from django.test import Client
    from django.utils import timezone

    from puente.accounts.models import User
    from puente.accounts.selectors import build_actor
    from puente.accounts.services import create_staff
    from puente.config.content import load_content
    from puente.offices.models import Office

    settings.SEARCHES_PER_HOUR = sys.maxsize
    if not Office.objects.exists():
        load_content()
    here, far = Office.objects.get(code="juarez"), Office.objects.get(code="tapachula")
    user = User.objects.filter(email="bench@puente.test").first() or create_staff(
        email="bench@puente.test", name="Bench", roles=[("reception", here)], is_demo=True
    )
    client = Client(SERVER_NAME="localhost")
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return build_actor(user, timezone.now()), client, (here.pk, far.pk)


def _measure(database: str, actor: Any, client: Any, office_id: UUID) -> dict[str, dict[str, float]]:
    from benchmarks.people_database import CHUNK, ask_trigrams, find_person_id, make_chunk
    from benchmarks.synthetic_people import damage_name, load_frequencies
    from puente.engines.identity.birth import PartialDate
    from puente.engines.identity.facts import PersonQuery
    from puente.engines.identity.names import PersonName
    from puente.people.selectors import find_people
    from puente.platform.row_security import acting_as

    random, frequencies = Random(SEED), load_frequencies()
    chunks = {number: make_chunk(number) for number in sorted({0, PEOPLE // CHUNK // 2, PEOPLE // CHUNK - 1})}
    asked = []
    for _ in range(QUESTIONS):
        number = random.choice(list(chunks))
        at = random.randrange(CHUNK)
        person = chunks[number][at]
        asked.append((find_person_id(number * CHUNK + at), person, damage_name(person.name, random, frequencies)))

    def half_typed(name: PersonName, year: int) -> PersonQuery:
        typed = PersonName(name.given[:3], name.first_surname, name.second_surname)
        return PersonQuery(typed, PartialDate.from_parts(year), is_typing=True)

    kinds: dict[str, Callable[[Any, PersonName], PersonQuery]] = {
        "find: surnames, 3 letters, year (typing)": lambda person, name: half_typed(name, person.birth.year),
        "find: name, year, state": lambda person, name: PersonQuery(
            name, PartialDate.from_parts(person.birth.year), person.birth_state
        ),
        "find: one common surname (typing)": lambda person, name: PersonQuery(
            PersonName(first_surname=name.first_surname), is_typing=True
        ),
    }
    cases: dict[str, dict[str, float]] = {}
    for kind, make in kinds.items():
        seconds, found = [], 0
        for wanted, person, name in asked:
            query = make(person, name)
            with acting_as(actor):
                start = perf_counter()
                people = find_people(actor, query)
                seconds.append(perf_counter() - start)
            found += any(one.person.pk == wanted for one in people[:5])
        cases[kind] = _quantiles(seconds) | {"in_first_5": round(found / len(asked), 3)}
    lines = [f"{n.first_surname} {n.second_surname} {n.given} {p.birth.year}" for _, p, n in asked]
    cases["page: the same while typing, with HTML"] = _quantiles([_time(_ask_page, client, line) for line in lines])
    cases |= _register(actor, office_id, random, [wanted for wanted, _, _ in asked])
    plain = [f"{n.first_surname} {n.second_surname} {n.given}".lower() for _, _, n in asked]
    cases["peer: pg_trgm on plain names, no policies"] = _quantiles(list(ask_trigrams(database, plain)))
    return cases


def _ask_page(client: Any, line: str) -> None:
    answer = client.post("/people/", {"q": line}, headers={"HX-Request": "true", "HX-Target": "results"})
    assert answer.status_code == 200, answer.status_code


def _register(actor: Any, office_id: UUID, random: Random, known: list[UUID]) -> dict[str, dict[str, float]]:
    from django.utils import timezone

    from benchmarks.synthetic_people import load_frequencies, make_people
    from puente.offices.selectors import list_points
    from puente.platform.commands import execute
    from puente.platform.ids import make_id
    from puente.platform.row_security import acting_as

    point = list_points(office_id, timezone.localdate()).first()
    assert point is not None
    new = make_people(REGISTRATIONS, seed=random.randrange(1 << 40), frequencies=load_frequencies())

    def payload(person_id: UUID, identity: dict[str, Any] | None) -> dict[str, Any]:
        return {
            "office_id": str(office_id), "person_id": str(person_id), "identity": identity,
            "arrival": {
                "id": str(make_id()), "point": point.pk, "arrived_at": timezone.now().isoformat(),
                "handed_over_by": "ice", "accompaniment": "adult_alone",
            },
            "services": ["water_food", "phone_call"],
            "consents": {"decisions": {"care": "given", "work_search": "given"}, "means": "signature"},
            "immediate_need": "Avisar a su familia",
        }  # fmt: skip

    def register(person_id: UUID, identity: dict[str, Any] | None) -> None:
        with acting_as(actor):
            execute(actor=actor, name="reception.register", command_id=make_id(), payload=payload(person_id, identity))

    adults = [person for person in new if person.birth and person.birth.year < timezone.localdate().year - 20]
    described = [
        {
            "name": {"given": p.name.given, "first_surname": p.name.first_surname,
                     "second_surname": p.name.second_surname},
            "birth": {"year": p.birth.year, "month": p.birth.month, "day": p.birth.day},
            "sex": "M", "birth_state": p.birth_state, "nationality": "MX", "home_state": p.birth_state,
            "languages": ["spanish"], "phones": [{"number": "656 123 4567", "safety": "ask"}],
        }
        for p in adults
        if p.birth
    ]  # fmt: skip
    grown = _keep_adults(actor, list(dict.fromkeys(known)))[:REGISTRATIONS]
    return {
        "register: a new person": _quantiles([_time(register, make_id(), one) for one in described]),
        "register: a known person": _quantiles([_time(register, one, None) for one in grown]),
    }


def _keep_adults(actor: Any, ids: list[UUID]) -> list[UUID]:
    from django.utils import timezone

    from puente.people.models import Person
    from puente.platform.row_security import acting_as, finding

    with acting_as(actor), finding():
        people = Person.objects.filter(pk__in=ids, birth_year__lt=timezone.localdate().year - 20)
        return list(people.values_list("pk", flat=True))


def _time(work: Callable[..., None], *arguments: Any) -> float:
    start = perf_counter()
    work(*arguments)
    return perf_counter() - start


def _quantiles(seconds: list[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    return {
        "p50_ms": round(ordered[len(ordered) // 2] * 1000, 2),
        "p95_ms": round(ordered[int(len(ordered) * 0.95)] * 1000, 2),
        "count": len(ordered),
    }


def _print(figures: dict[str, Any]) -> None:
    sizes = ", ".join(f"{table} {size}" for table, size in figures["sizes"].items())
    table = Table(title=f"Intake among {figures['people']:,} people ({sizes})")
    table.add_column("what")
    for column in ("p50 ms", "p95 ms", "in first 5", "times"):
        table.add_column(column, justify="right")
    for name, case in figures["cases"].items():
        share = f"{case['in_first_5']:.1%}" if "in_first_5" in case else ""
        table.add_row(name, f"{case['p50_ms']:.2f}", f"{case['p95_ms']:.2f}", share, str(case["count"]))
    console = Console(width=None if sys.stdout.isatty() else 140)
    console.print(table)
    build = figures["build"]
    if build["people_written"]:
        console.print(
            f"Built {build['people_written']:,} people in {build['write_seconds']} s"
            f" ({build['people_per_second']:,} a second), indexes in {build['index_seconds']} s."
        )
