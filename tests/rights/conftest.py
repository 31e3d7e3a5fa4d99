"""Somebody of whom every room holds something, and a ledger of erasures of the test's own."""

import io
from datetime import timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest
import time_machine
from django.test import Client

from puente.counselling.models import FollowUp
from puente.counselling.selectors.profiles import read_profile
from puente.counselling.services.introductions import digest_introduction, send_introduction, write_introduction
from puente.counselling.services.outcomes import record_outcome
from puente.counselling.services.sheets import make_sheet
from puente.counselling.services.shortlists import choose_openings, make_shortlist
from puente.needs.models import NeedKind
from puente.needs.services import add_need, update_need
from puente.people.models import Identity, Person
from puente.people.sealed import PaperDocument, Phone
from puente.people.services import PersonFacts, correct_person, create_travel_group, read_person
from puente.platform.commands import execute
from puente.platform.ids import make_id
from puente.platform.policy import Purpose
from puente.platform.row_security import acting_as
from puente.protection.models import Handover
from puente.protection.services import Reason, Service, acknowledge_handover, send_handover
from puente.reception.models import ManifestLine
from puente.reception.services.manifests import ListFacts, load_list, map_columns, upload_list
from puente.rights.services.requests import Said, decide_request, receive_request
from tests.counselling.conftest import NOW, board, write_profile  # noqa: F401 - the board is a fixture
from tests.needs.conftest import assess  # noqa: F401 - a fixture
from tests.needs.people import receive as receive_woman
from tests.protection.conftest import step_up
from tests.reception.conftest import build_payload

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
FAMILY, WITNESS, OTHER_PHONE = "Tía Obdulia, 715 555 9999", "Testigo Eleuterio", "715 555 7777"


@pytest.fixture(autouse=True)
def ledger(settings, tmp_path):
    """The ledger's file of one test; the database of a test is rolled back, its file must not outlive it."""
    settings.ERASURE_LEDGER = str(tmp_path / "erasures.jsonl")
    return tmp_path / "erasures.jsonl"


@pytest.fixture(autouse=True)
def clock():
    """The moment of the tests: what happens in one test happens at one time, in the order of its ids."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def sign_in(cast):
    """`sign_in("coordinator")` gives a client of that member of the cast, who reads English."""

    def sign_in(role, language="en"):
        client = Client(headers={"Accept-Language": language})
        client.force_login(cast.users[role], backend=BACKEND)
        return client

    return sign_in


@pytest.fixture
def martin(cast, board) -> SimpleNamespace:  # noqa: F811
    """Martín, of whom every room holds something: on a list, arrived, in need, counselled, introduced, followed up."""
    line = _load_list(cast)
    with acting_as(cast.reception):
        payload = build_payload(
            cast.bridge.pk,
            identity={"phones": [{"number": "715 555 0118", "safety": "yes"}]},
            arrival={"line_id": str(line.pk), "manifest_id": str(line.manifest_id)},
            consents={
                "decisions": {"care": "given", "work_search": "given", "contact_later": "given", "statistics": "given"},
                "means": "verbal", "witness": WITNESS,
            },
        )  # fmt: skip
        answer = execute(actor=cast.reception, name="reception.register", command_id=make_id(), payload=payload).result
    person_id = UUID(answer["person_id"])
    with acting_as(cast.reception):
        _correct(cast, person_id)
        create_travel_group(
            actor=cast.reception, office_id=cast.bridge.pk, now=NOW,
            members=[(person_id, "first"), (_register_brother(cast), "sibling")],
        )  # fmt: skip
        send_handover(
            actor=cast.reception, person_id=person_id, office_id=cast.bridge.pk, service=Service.PROTECTION,
            reasons=[Reason.ASKED_AT_DESK], note="Nota reservada", now=NOW,
        )  # fmt: skip
    with acting_as(cast.counsellor):
        need = add_need(
            actor=cast.counsellor, person_id=person_id, office_id=cast.bridge.pk,
            kind=NeedKind.objects.order_by("pk").first().pk, note="Busca a su hermano", now=NOW,
        )  # fmt: skip
        update_need(actor=cast.counsellor, need_id=need.pk, status="met", reason="Llamó la hermana", now=NOW)
        pending = NeedKind.objects.order_by("-pk").first()
        add_need(actor=cast.counsellor, person_id=person_id, office_id=cast.bridge.pk, kind=pending.pk, now=NOW)
        write_profile(cast.counsellor, person_id, skills=("Sabe soldar",), never_send=("12",))
        shortlist = make_shortlist(actor=cast.counsellor, person_id=person_id, now=NOW)
        roofs = board.openings["roofs"]
        choose_openings(actor=cast.counsellor, shortlist_id=shortlist.pk, openings=[roofs.pk], now=NOW)
        sheet = make_sheet(actor=cast.counsellor, person_id=person_id, language="es", now=NOW)
        introduce(cast, person_id, roofs)
        follow_up = FollowUp.objects.filter(person_id=person_id).order_by("month").first()
        record_outcome(
            actor=cast.counsellor, follow_up_id=follow_up.pk, work="works", wage=12400, through_introduction=True,
            note="Está contento", now=NOW,
        )  # fmt: skip
        person = Person.objects.get(pk=person_id)
    return SimpleNamespace(pk=person_id, person=person, line=line, sheet=sheet, need=need, shortlist=shortlist)


@pytest.fixture
def take_on(cast, martin):
    """The protection officer takes on what reception handed over."""
    officer = step_up(cast.protection)
    with acting_as(officer):
        handover = Handover.objects.get(person_id=martin.pk)
        acknowledge_handover(actor=officer, handover_id=handover.pk, now=NOW)


def introduce(cast, person_id, opening):
    """Introduce a person to the employer of an opening; `acting_as` is the caller's."""
    opened = read_person(Person.objects.get(pk=person_id))
    sent = write_introduction(opened, read_profile(cast.counsellor, person_id, opened.data_key).facts, opening)
    return send_introduction(
        actor=cast.counsellor, person_id=person_id, opening_id=opening.pk, channel="letter",
        shown_digest=digest_introduction(sent), now=NOW,
    )  # fmt: skip


def ask(cast, person_id, kind, *, actor=None, received_on=None, uses=(), words="Quiere su expediente"):
    """Take a request down as the counsellor does."""
    actor = actor or cast.counsellor
    with acting_as(actor):
        return receive_request(
            actor=actor, person_id=person_id, office_id=cast.bridge.pk, kind=kind, capacity="self",
            identity_shown="photo_paper", means="signature", said=Said(words), uses=uses,
            received_on=received_on or (NOW - timedelta(days=1)).date(), now=NOW,
        )  # fmt: skip


def accept(cast, request, *, actor=None):
    """Accept a request as the counsellor does."""
    actor = actor or cast.counsellor
    with acting_as(actor):
        return decide_request(actor=actor, request_id=request.pk, reason="Procede", now=NOW)


def _load_list(cast):
    content = "PATERNO,MATERNO,NOMBRE\nÁvalos,Cruz,Martín\nXicale,Tzintzun,Noemí\n".encode()
    with acting_as(cast.reception):
        facts = ListFacts("CBP", "bus", "juarez_paso_del_norte", NOW)
        draft = upload_list(
            actor=cast.reception, office_id=cast.bridge.pk, content=io.BytesIO(content).getvalue(), facts=facts, now=NOW
        )
        columns = {"first_surname": "PATERNO", "second_surname": "MATERNO", "given": "NOMBRE"}
        map_columns(actor=cast.reception, draft_id=draft.pk, columns=columns, surnames_first=True)
        manifest = load_list(actor=cast.reception, draft_id=draft.pk, now=NOW)
        return ManifestLine.objects.filter(manifest=manifest).order_by("row_number").first()


def _correct(cast, person_id):
    from dataclasses import replace

    opened = read_person(Person.objects.get(pk=person_id))
    document = replace(
        opened.identity, mother="Elvira Cruz Solís", family_contact=FAMILY, address="Calle Corregidora 14",
        papers=(PaperDocument("passport", "MX", "G12345678"),),
        phones=(*opened.identity.phones, Phone(OTHER_PHONE, owner="family", safety="ask")),
    )  # fmt: skip
    correct_person(
        actor=cast.reception, person_id=person_id, identity=document, facts=PersonFacts.of(opened.person),
        purpose=Purpose.RECEPTION, now=NOW, reason=Identity.Reason.PAPER,
    )  # fmt: skip


def _register_brother(cast):
    person_id, _arrival_id = receive_woman(cast.reception, cast.bridge)
    return person_id
