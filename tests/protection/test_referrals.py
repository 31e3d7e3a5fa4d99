"""Referrals: the fewest fields, with consent, followed until the service is delivered."""

from datetime import timedelta

import pytest
from django.utils import timezone

from puente.audit.models import Event
from puente.offices.models import Service, ServiceKind
from puente.people.services import record_consents
from puente.platform.policy import NotAllowed, Purpose
from puente.platform.row_security import acting_as
from puente.protection.case_file import read_case_file
from puente.protection.opening import read_entries
from puente.protection.referrals import NEXT_STATES, Proof, State, Way, load_schemas, schema_for
from puente.protection.services.referrals import (
    ConsentMissing,
    FieldsWrong,
    StateImpossible,
    find_referral,
    move_referral,
    read_copy,
    send_referral,
    take_paper,
)
from tests.protection.cases import open_for

pytestmark = pytest.mark.django_db
VICTIMS = "juarez_victims"
TOLD = {
    "reference": "K7F2-Q9ME", "name": "Noemí Xicale", "asked": "Registro y medidas",
    "presumed": "Retención de papeles y pago", "safe_contact": "A través de esta oficina",
}  # fmt: skip


def consent(cast, officer, person, decision="given"):
    record_consents(
        actor=officer, person_id=person.pk, office_id=cast.bridge.pk, decisions={"referral": decision}, language="es",
        means="signature", purpose=Purpose.PROTECTION, now=timezone.now(),
    )  # fmt: skip


def send(officer, opened, **changes):
    values = {
        "actor": officer, "opened": opened, "service_code": VICTIMS, "values": TOLD, "way": Way.BY_HAND,
        "now": timezone.now(),
    }  # fmt: skip
    return send_referral(**values | changes)


@pytest.fixture
def opened(cast, officer, person, case):
    with acting_as(officer):
        consent(cast, officer, person)
        yield open_for(officer, case)


def test_every_kind_of_service_has_a_schema_and_no_schema_names_a_field_twice():
    kinds = set(ServiceKind.objects.values_list("pk", flat=True))
    assert {kind for schema in load_schemas() for kind in schema.kinds} == kinds
    for schema in load_schemas():
        codes = [field.code for field in schema.fields]
        assert len(codes) == len(set(codes))
        assert schema.required


def test_a_shelter_is_told_nothing_of_why():
    told = {field.code for field in schema_for(["shelter", "food"]).fields}
    assert not told & {"presumed", "health", "birth", "nationality", "measures"}


def test_a_service_of_no_known_kind_is_told_the_least():
    fewest = min(load_schemas(), key=lambda schema: len(schema.fields))
    assert schema_for(["something_new"]) == fewest


def test_what_was_sent_stays_sealed_word_for_word(officer, opened):
    referral_id = send(officer, opened)
    referral = find_referral(opened, referral_id)
    assert (referral.service, referral.schema, set(referral.fields)) == (VICTIMS, "victims_authority", set(TOLD))
    assert referral.state_on(timezone.localdate()) is State.SENT
    assert read_copy(opened, referral_id) == TOLD


def test_no_field_goes_that_the_service_may_not_be_told(officer, opened):
    for values in (
        TOLD | {"phone": "656 000 0000"},
        {code: value for code, value in TOLD.items() if code != "asked"},
        TOLD | {"asked": "   "},
        TOLD | {"asked": "x" * 801},
    ):
        with pytest.raises(FieldsWrong):
            send(officer, opened, values=values)
    with pytest.raises(FieldsWrong):
        send(officer, opened, service_code="juarez_casa_del_migrante", values=TOLD)
    with pytest.raises(Service.DoesNotExist):
        send(officer, opened, service_code="nowhere")
    assert not read_entries(opened)


@pytest.mark.parametrize("decision", ["refused", "withdrawn"])
def test_without_consent_nothing_is_sent(cast, officer, person, opened, decision):
    consent(cast, officer, person, decision)
    with pytest.raises(ConsentMissing):
        send(officer, opened)


def test_a_follow_up_sees_that_it_was_sent_and_not_what_it_said(officer, case, opened):
    referral_id = send(officer, opened)
    follow_up = open_for(officer, case, Purpose.FOLLOW_UP)
    assert find_referral(follow_up, referral_id).service == VICTIMS
    assert read_copy(follow_up, referral_id) is None
    for attempt in (
        lambda: send(officer, follow_up),
        lambda: take_paper(actor=officer, opened=follow_up, referral_id=referral_id, now=timezone.now()),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_it_is_followed_to_its_delivery(officer, opened):
    now, referral_id = timezone.now(), send(officer, opened)
    for state in (State.RECEIVED, State.ACCEPTED, State.DELIVERED):
        move_referral(
            actor=officer, opened=opened, referral_id=referral_id, state=state, on=timezone.localdate(now),
            proof=Proof.PERSON, words="lo dijo ella", now=now,
        )  # fmt: skip
    referral = find_referral(opened, referral_id)
    assert [step.state for step in referral.steps] == [State.RECEIVED, State.ACCEPTED, State.DELIVERED]
    assert not referral.is_open_on(timezone.localdate(now))
    with pytest.raises(StateImpossible):
        move_referral(
            actor=officer,
            opened=opened,
            referral_id=referral_id,
            state=State.REVOKED,
            on=timezone.localdate(now),
            now=now,
        )


def test_after_its_time_it_is_expired_and_waits_for_an_answer(officer, opened):
    referral_id = send(officer, opened)
    referral = find_referral(opened, referral_id)
    assert referral.expires_on == timezone.localdate() + timedelta(days=90)
    later = referral.expires_on + timedelta(days=1)
    assert referral.state_on(later) is State.EXPIRED
    assert read_case_file(read_entries(opened)).find_open_points(later) == ["referral"]
    assert NEXT_STATES[State.EXPIRED] == (State.DELIVERED, State.REVOKED)


def test_a_revoked_referral_gives_no_paper_any_more(officer, opened):
    now, referral_id = timezone.now(), send(officer, opened)
    _referral, told = take_paper(actor=officer, opened=opened, referral_id=referral_id, now=now)
    assert told == TOLD
    move_referral(
        actor=officer, opened=opened, referral_id=referral_id, state=State.REVOKED, on=timezone.localdate(now), now=now
    )
    with pytest.raises(NotAllowed):
        take_paper(actor=officer, opened=opened, referral_id=referral_id, now=now)
    assert Event.objects.filter(verb="referral.printed").count() == 1


def test_no_event_tells_to_which_service_or_what(officer, opened):
    send(officer, opened)
    for event in Event.objects.filter(actor_id=officer.id):
        assert VICTIMS not in str(event.detail)
        assert "presumed" not in str(event.detail)
