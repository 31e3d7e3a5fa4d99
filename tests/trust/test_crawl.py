"""Every address with the id of a record about a person, as each role, before and after the file is reserved.

What the rule says is what the address answers: whoever is not in charge, or did not step up, gets what is answered for
nobody; what is only counted stays and holds no word of the person.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from rich.console import Console

from benchmarks.trust.policy import as_superuser
from puente.accounts.models import User
from puente.accounts.roles import ROLES
from puente.accounts.selectors import build_actor
from puente.config.demo import load_demo_data
from puente.desk.selectors.figures import read_figures, read_period
from puente.engines.identity.names import PersonName
from puente.offices.models import Office
from puente.people.models import Person
from puente.people.services import PersonFacts, correct_person, read_person
from puente.platform.policy import Actor, Purpose
from puente.platform.row_security import acting_as
from puente.protection.services import Reason, Service, create_case, send_handover
from tests.accounts.test_sessions import BACKEND
from tests.cast import step_up_client
from tests.protection.conftest import step_up

#: Nobody else of the demo is called so, and no page says it of itself.
NAME = PersonName("Xochiquetzalina", "Tzirimbaco", "Quauhtlehuanitz")
MARKS = ("xochiquetzalina", "tzirimbaco", "quauhtlehuanitz")
PEOPLE = 48
#: Parameter of an address → the table whose rows about the person it names.
TABLES = {
    "arrival_id": "reception_arrival",
    "response_id": "instruments_response",
    "need_id": "needs_need",
    "introduction_id": "counselling_introduction",
    "follow_up_id": "counselling_followup",
    "handover_id": "protection_handover",
    "case_id": "protection_case",
}
#: Of a person who is reserved these are still answered to whoever counts: the rows stay, without the person.
COUNTED = {"arrival_id", "need_id"}
#: Parameters that say which part of a record, by values that exist.
PARTS = {
    "section": "body", "rule": "pay", "detail": "0", "answer": "wage_floor", "step": "needs", "name": "work_now",
    "topic": "dif_handover", "indicator_id": "x", "language": "es",
}  # fmt: skip
#: Ids that are no person's, or of records that the test does not make; each has tests of its own.
OTHERS = {"user_id", "draft_id", "manifest_id", "employer_id", "title_id", "batch_id", "token", "pk", "alert_id",
          "head_id", "run_id", "export_id", "closure_id"}  # fmt: skip


@dataclass(frozen=True)
class Address:
    """An address about the person: what it names, and whether the product reads or writes there."""

    name: str
    path: str
    about: str


@dataclass
class World:
    """The demo, the person in it, and the addresses that name records about them."""

    person_id: UUID
    actors: dict[str, Actor]
    addresses: list[Address] = field(default_factory=list)


@pytest.fixture
def world(own_database) -> World:
    load_demo_data(Console(quiet=True), with_people=True, people=PEOPLE)
    actors = {
        user.email.partition("@")[0]: build_actor(user, timezone.now()) for user in User.objects.order_by("email")
    }
    person_id = _choose_person()
    with acting_as(actors["counsellor"]):
        person = Person.objects.get(pk=person_id)
        identity = read_person(person).identity
        correct_person(
            actor=actors["counsellor"], person_id=person_id, purpose=Purpose.COUNSELLING, now=timezone.now(),
            identity=type(identity)(**{**identity.__dict__, "name": NAME}), facts=PersonFacts.of(person),
        )  # fmt: skip
        send_handover(
            actor=actors["counsellor"], person_id=person_id, office_id=person.office_id, service=Service.PROTECTION,
            reasons=[Reason.IN_DANGER], now=timezone.now(),
        )  # fmt: skip
    return World(person_id, actors)


def _choose_person() -> UUID:
    """Return whom most tables know."""
    with as_superuser() as ask:
        found = ask(
            "SELECT person.id FROM people_person AS person ORDER BY"
            " (EXISTS (SELECT 1 FROM counselling_introduction AS i WHERE i.person_id = person.id))::int"
            " + (EXISTS (SELECT 1 FROM counselling_followup AS f WHERE f.person_id = person.id))::int"
            " + (EXISTS (SELECT 1 FROM instruments_response AS r WHERE r.person_id = person.id))::int"
            " + (EXISTS (SELECT 1 FROM needs_need AS n WHERE n.person_id = person.id))::int DESC, person.id LIMIT 1"
        ).fetchone()
    assert found is not None
    return UUID(str(found[0]))


def reserve(world: World) -> None:
    officer = step_up(world.actors["protection"])
    with acting_as(officer):
        office_id = Person.objects.values_list("office_id", flat=True).get(pk=world.person_id)
        create_case(actor=officer, person_id=world.person_id, office_id=office_id, now=timezone.now())


def list_addresses(world: World) -> list[Address]:
    """Return an address for every route that names a record about a person."""
    ids = {"person_id": str(world.person_id)}
    with as_superuser() as ask:
        for parameter, table in TABLES.items():
            row = ask(f"SELECT id FROM {table} WHERE person_id = %s LIMIT 1", [world.person_id]).fetchone()
            if row:
                ids[parameter] = str(row[0])
        code = ask("SELECT code FROM reception_arrival WHERE person_id = %s", [world.person_id]).fetchone()
        opening = ask("SELECT id FROM opportunities_opening LIMIT 1").fetchone()
    found = []
    for name, route, parameters in list_routes():
        about = next((p for p in ("person_id", *TABLES) if p in parameters), "")
        if name == "reception:code":
            found.append(Address(name, "/" + route.replace("<str:code>", str(code[0])), "arrival_id"))
        elif about:
            values = PARTS | ids | {"opening_id": str(opening[0]), "code": "work"}
            values |= {p: str(uuid4()) for p in parameters if p not in values}
            found.append(Address(name, "/" + _fill(route, values), about))
    return found


def _fill(route: str, values: dict[str, str]) -> str:
    return re.sub(r"<\w+:(\w+)>", lambda match: values[match[1]], route)


def list_routes() -> Iterator[tuple[str, str, set[str]]]:
    """Yield name, route and parameters of every address of the product that has any."""

    def walk(resolver: URLResolver, prefix: str, space: str) -> Iterator[tuple[str, str, set[str]]]:
        for pattern in resolver.url_patterns:
            route = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern, route, pattern.namespace or space)
            elif isinstance(pattern, URLPattern):
                parameters = set(re.findall(r"<\w+:(\w+)>", route))
                yield f"{space}:{pattern.name}" if space else str(pattern.name), route, parameters

    yield from walk(get_resolver(), "", "")


def sign_in(role: str, *, stepped_up: bool) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(email=f"{role}@demo.puente"), backend=BACKEND)
    if stepped_up:
        step_up_client(client)
    return client


def says_the_name(body: bytes) -> bool:
    return any(mark in body.decode(errors="ignore").lower() for mark in MARKS)


def tells(body: bytes, question: dict[str, str]) -> bool:
    """Whether an answer says the name, beyond what was asked for: a page repeats the question."""
    asked = {word.lower() for word in question.values()}
    return any(mark in body.decode(errors="ignore").lower() for mark in MARKS if mark not in asked)


def test_every_route_with_an_id_is_crawled_or_said_to_be_no_persons():
    known = {"person_id", *TABLES, *PARTS, *OTHERS}
    parameters = {p for _name, _route, found in list_routes() for p in found if not found & {"person_id", *TABLES}}
    # What these name is checked by their own tests: requests for access, directory, openings and forms.
    elsewhere = {"request_id", "opening_id", "code", "key", "uidb36", "name", "prompt_id", "right_id", "case", "slug"}
    assert {p for p in parameters if p.endswith("_id")} - known - elsewhere == set()


def test_a_reserved_person_is_behind_no_address_for_anybody_but_the_officer_in_charge(world):
    before = list_addresses(world)
    assert {address.about for address in before} >= {"person_id", "arrival_id", "response_id", "need_id"}
    shown = {role: _read(sign_in(role, stepped_up=True), before) for role in ROLES}
    named = {address.name for role in shown for address, (status, body) in shown[role].items() if says_the_name(body)}
    assert len(named) >= 12, "the control: before, many pages show the name"

    reserve(world)
    addresses = list_addresses(world)
    nobody = {address: _without_person(address) for address in addresses}
    troubles = []
    for role in ROLES:
        for stepped_up in (True, False):
            if role == "protection" and stepped_up:
                continue
            client = sign_in(role, stepped_up=stepped_up)
            for address, (status, body) in _read(client, addresses).items():
                if says_the_name(body):
                    troubles.append((role, stepped_up, address.name, status, "names the person"))
                elif address.about == "person_id" and status not in _answers_for_nobody(client, nobody[address]):
                    if not _asks_the_officer(role, stepped_up, status):
                        troubles.append((role, stepped_up, address.name, status, "tells the person from nobody"))
                elif (
                    address.about not in {*COUNTED, "person_id"}
                    and status == 200
                    and not _is_own_inbox(role, address)
                    and not _passes_on(role, address)
                ):
                    troubles.append((role, stepped_up, address.name, status, "answers about a reserved person"))
    assert troubles == []

    officer = _read(sign_in("protection", stepped_up=True), addresses)
    after = {address.name for address, (status, body) in officer.items() if status == 200}
    earlier = {address.name for address, (status, _body) in shown["protection"].items() if status == 200}
    assert earlier <= after, "who is in charge loses nothing"


def test_nothing_is_written_about_a_reserved_person_by_others(world):
    reserve(world)
    troubles = []
    for role in ROLES:
        client = sign_in(role, stepped_up=role != "protection")
        for address in list_addresses(world):
            if address.about in COUNTED or _is_own_inbox(role, address):
                continue
            answer = client.post(address.path, {}, HTTP_X_REQUESTED_WITH="fetch")
            refuses = answer.status_code in (401, 404, 405) or (_passes_on(role, address) and answer.status_code == 422)
            if not refuses or says_the_name(answer.content):
                troubles.append((role, address.name, answer.status_code))
    assert troubles == []


def test_no_list_search_export_or_figure_tells(world):
    """The name is on no page without an id, for anybody but the officer in charge; no figure moves."""
    paths = [f"/{route}" for _name, route, found in list_routes() if not found and not route.startswith("account/")]
    questions = [{}, {"format": "csv"}, {"format": "xlsx"}, {"show": "all"}, {"q": NAME.first_surname}]

    def find(role: str) -> set[str]:
        client = sign_in(role, stepped_up=True)
        told = {path for path in paths for question in questions if tells(_ask(client, path, question), question)}
        line = {"line": f"{NAME.first_surname} {NAME.second_surname} {NAME.given}", "purpose": "counselling"}
        answer = client.post(reverse("people:search"), line, headers={"HX-Request": "true"})
        # The page says what was asked for; a candidate is what it must not show.
        return told | ({"search"} if str(world.person_id) in answer.content.decode() else set())

    earlier = {role: find(role) for role in ROLES}
    figures = _read_figures(world)
    assert set().union(*earlier.values()), "the control: before, lists show the name"
    reserve(world)
    assert {role: find(role) for role in ROLES if role != "protection"} == {
        role: set() for role in ROLES if role != "protection"
    }
    assert _read_figures(world) == figures


def _read_figures(world: World) -> object:
    analyst, office = world.actors["analyst"], Office.objects.get(code="juarez")
    now = timezone.now()
    with acting_as(analyst):
        found = [read_figures(analyst, office, read_period(key, office, now), now) for key in ("today", "")]
    return [(one.arrivals, one.open_needs, one.introductions, [wait.people for wait in one.waits]) for one in found]


def _read(client: Client, addresses: list[Address]) -> dict[Address, tuple[int, bytes]]:
    return {
        address: (answer.status_code, b"".join(_body(answer)))
        for address in addresses
        if (answer := client.get(address.path)) is not None
    }


def _ask(client: Client, path: str, question: dict[str, str]) -> bytes:
    return b"".join(_body(client.get(path, question)))


def _body(answer) -> Iterator[bytes]:
    yield from answer.streaming_content if answer.streaming else [answer.content]


def _without_person(address: Address) -> str:
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", str(uuid4()), address.path, count=1)


def _answers_for_nobody(client: Client, path: str) -> set[int]:
    return {client.get(path).status_code}


def _asks_the_officer(role: str, stepped_up: bool, status: int) -> bool:
    """Whoever is in charge is asked for a step-up where that is all that is missing."""
    return role == "protection" and not stepped_up and status in (302, 401)


def _is_own_inbox(role: str, address: Address) -> bool:
    """The inbox belongs to the service that a person was handed over to; the supervision reads it too."""
    return address.about == "handover_id" and role in ("protection", "supervisor")


def _passes_on(role: str, address: Address) -> bool:
    """Supervision knows a case by its reference and puts officers in charge, without opening it."""
    return role == "supervisor" and address.name == "protection:case_assign"
