"""No log, no read: what cannot be written down is not opened, and what cannot be committed is not answered."""

import re

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from puente.people.services import open_person, reserve_person
from puente.platform.paths import PACKAGE
from puente.platform.policy import Purpose
from puente.platform.row_security import acting_as
from puente.protection.services import Reason, Service, create_case, open_case, open_handover, send_handover
from tests.audit.conftest import BACKEND
from tests.protection.conftest import person, step_up

__all__ = ["person"]
REFUSE = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'the disk is full'; END $$;
CREATE {kind} TRIGGER refuse AFTER INSERT ON audit_event {when} FOR EACH ROW EXECUTE FUNCTION refuse()
"""


def prepare_person(cast, person):
    return lambda: open_person(
        actor=cast.counsellor, person_id=person.pk, purpose=Purpose.COUNSELLING, now=timezone.now()
    ), cast.counsellor


def prepare_handover(cast, person):
    from puente.protection.models import Handover

    with acting_as(cast.reception):
        send_handover(
            actor=cast.reception, person_id=person.pk, office_id=cast.bridge.pk, service=Service.PROTECTION,
            reasons=[Reason.IN_DANGER], now=timezone.now(),
        )  # fmt: skip
    officer = step_up(cast.protection)
    with acting_as(officer):
        handover = Handover.objects.get()
    return lambda: open_handover(actor=officer, handover_id=handover.pk, now=timezone.now()), officer


def prepare_case(cast, person):
    officer = step_up(cast.protection)
    with acting_as(officer):
        case = create_case(actor=officer, person_id=person.pk, office_id=cast.bridge.pk, now=timezone.now())
    return lambda: open_case(actor=officer, case_id=case.pk, purpose=Purpose.PROTECTION, now=timezone.now()), officer


def prepare_reserved(cast, person):
    officer = step_up(cast.protection)
    with acting_as(officer):
        reserve_person(
            actor=officer, person_id=person.pk, office_id=cast.bridge.pk, assigned_to=officer.id, now=timezone.now()
        )
    return lambda: open_person(
        actor=officer, person_id=person.pk, purpose=Purpose.PROTECTION, now=timezone.now()
    ), officer


@pytest.mark.django_db
@pytest.mark.parametrize("prepare", [prepare_person, prepare_handover, prepare_case, prepare_reserved])
def test_what_cannot_be_written_down_is_not_opened(cast, person, monkeypatch, prepare):
    opening, actor = prepare(cast, person)
    with acting_as(actor):
        assert opening() is not None

    def refuse(**fields):
        raise DatabaseError("the disk is full")

    monkeypatch.setattr("puente.audit.models.Event.objects.create", refuse)
    with acting_as(actor), pytest.raises(DatabaseError), transaction.atomic():
        opening()


def test_every_verb_that_opens_is_written_by_the_module_that_declares_it():
    sources = [file.read_text() for file in PACKAGE.glob("*/services/*.py")]
    declared = re.compile(r"(\w+) = register_verb\((?:(?!register_verb).)*?opens=True", re.DOTALL)
    names = [(name, source) for source in sources for name in declared.findall(source)]
    assert len(names) >= 5
    for name, source in names:
        assert len(re.findall(rf"\b{name}\b", source)) >= 2, name


@pytest.mark.parametrize(
    "trigger", [{"kind": "", "when": ""}, {"kind": "CONSTRAINT", "when": "DEFERRABLE INITIALLY DEFERRED"}]
)
def test_a_page_whose_event_fails_even_at_the_commit_is_not_answered(committed, trigger):
    cast = committed.cast
    with acting_as(cast.reception):
        from puente.engines.identity.names import PersonName
        from puente.people.sealed import IdentityDocument
        from puente.people.services import PersonFacts, register_person

        found = register_person(
            actor=cast.reception, office_id=cast.bridge.pk, facts=PersonFacts(), now=timezone.now(),
            identity=IdentityDocument(PersonName("Noemí", "Xicale", "Tzintzun")),
        )  # fmt: skip
    client = Client(raise_request_exception=False)
    client.force_login(cast.users["reception"], backend=BACKEND)
    path = f"/person/{found.pk}/"
    assert "Xicale" in client.get(path).content.decode()
    with committed.owner() as owner:
        owner.execute(REFUSE.format(**trigger))
        owner.execute("ALTER TABLE audit_event ENABLE TRIGGER refuse")
    answer = client.get(path)
    assert answer.status_code == 500
    assert "Xicale" not in answer.content.decode()
