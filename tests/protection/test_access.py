"""Reserved files in other hands: another person answers, an emergency is told and reviewed, none is one's own judge."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from puente.accounts.grants import is_genuine
from puente.accounts.models import AccessGrant
from puente.accounts.selectors import build_actor
from puente.accounts.services import create_staff, grant_access
from puente.audit.models import Alert, Event
from puente.people.models import Person
from puente.people.pseudonyms import reference_of
from puente.people.services import open_person
from puente.platform.policy import NotAllowed, Purpose, Sensitivity, StepUpNeeded
from puente.platform.row_security import acting_as
from puente.protection.models import AccessRequest, AccessState, Case
from puente.protection.policies import VIEW_CASE
from puente.protection.reasons import read_reason
from puente.protection.selectors import access as selectors
from puente.protection.services import access as services
from puente.protection.services import create_case
from tests.accounts.test_sessions import BACKEND
from tests.cast import PASSWORD, step_up_client
from tests.people.test_services import register
from tests.protection.conftest import step_up

pytestmark = pytest.mark.django_db
REASON = "La hermana llama: la buscan en su casa ahora."


@pytest.fixture
def reserved(cast, person):
    """A person with a case, in the charge of the cast's protection officer."""
    with acting_as(step_up(cast.protection)):
        create_case(actor=step_up(cast.protection), person_id=person.pk, office_id=cast.bridge.pk, now=timezone.now())
    return person


@pytest.fixture
def colleague(cast):
    """Another protection officer of the same office, in charge of nothing."""
    user = create_staff(
        email="other@puente.test", name="Other", roles=[("protection", cast.bridge)], password=PASSWORD, is_demo=True
    )
    cast.users["other"] = user
    return step_up(build_actor(user, timezone.now()))


def ask(actor, person):
    with acting_as(actor):
        return services.request_access(
            actor=actor, reference=reference_of(person.pk), purpose=Purpose.PROTECTION, reason=REASON,
            now=timezone.now(),
        )  # fmt: skip


def decide(actor, asked, *, yes=True):
    with acting_as(actor):
        return services.decide_request(actor=actor, request_id=asked.pk, is_approved=yes, now=timezone.now())


def emergency(actor, reference):
    with acting_as(actor):
        return services.break_glass(actor=actor, reference=reference, reason=REASON, now=timezone.now())


def rebuilt(cast, key):
    return step_up(build_actor(cast.users[key], timezone.now()))


def opens(actor, person, purpose=Purpose.PROTECTION):
    with acting_as(actor):
        try:
            open_person(actor=actor, person_id=person.pk, purpose=purpose, now=timezone.now())
        except NotAllowed:
            return False
        return True


def test_another_person_lets_an_officer_open_a_file_for_a_quarter_of_an_hour(cast, reserved, colleague):
    assert not opens(colleague, reserved)
    asked = ask(colleague, reserved)
    assert not opens(rebuilt(cast, "other"), reserved)
    decide(step_up(cast.supervisor), asked)
    actor = rebuilt(cast, "other")
    assert opens(actor, reserved)
    with acting_as(actor):
        assert Case.objects.visible_to(actor, VIEW_CASE).exists()
    [grant] = actor.grants
    assert timedelta(minutes=14) < grant.expires_at - timezone.now() <= timedelta(minutes=15)
    late = replace(actor, grants=(replace(grant, expires_at=timezone.now() - timedelta(seconds=1)),))
    assert not opens(late, reserved)


def test_a_grant_opens_for_its_purpose_alone_and_only_after_a_step_up(cast, reserved, colleague):
    decide(step_up(cast.supervisor), ask(colleague, reserved))
    actor = rebuilt(cast, "other")
    assert not opens(actor, reserved, Purpose.REFERRAL)
    with acting_as(replace(actor, step_up_at=None)), pytest.raises(NotAllowed):
        open_person(
            actor=replace(actor, step_up_at=None), person_id=reserved.pk, purpose=Purpose.PROTECTION, now=timezone.now()
        )


def test_nobody_answers_their_own_request(cast, reserved):
    supervisor = step_up(cast.supervisor)
    asked = ask(supervisor, reserved)
    with pytest.raises(NotAllowed):
        decide(supervisor, asked)
    with acting_as(supervisor):
        assert selectors.list_to_decide(supervisor, timezone.now()) == []
        with pytest.raises(DatabaseError), transaction.atomic():
            grant_access(
                actor=replace(supervisor, id=cast.protection.id), user_id=supervisor.id, person_id=reserved.pk,
                purpose=Purpose.PROTECTION, nonce=uuid4(), clearance=Sensitivity.SEALED,
                expires_at=timezone.now() + timedelta(minutes=15),
            )  # fmt: skip


def test_whoever_is_in_charge_answers_too_and_a_third_officer_learns_nothing(cast, reserved, colleague):
    asked = ask(colleague, reserved)
    third = step_up(
        build_actor(
            create_staff(email="third@puente.test", name="Third", roles=[("protection", cast.bridge)]), timezone.now()
        )
    )
    for nobody in (third, step_up(cast.counsellor), step_up(cast.coordinator), step_up(cast.far_counsellor)):
        with acting_as(nobody):
            assert not AccessRequest.objects.filter(pk=asked.pk).exists()
        with pytest.raises(NotAllowed):
            decide(nobody, asked)
    assert decide(step_up(cast.protection), asked).open_until is not None


def test_a_refusal_opens_nothing_and_stands(cast, reserved, colleague):
    asked = ask(colleague, reserved)
    decide(step_up(cast.supervisor), asked, yes=False)
    assert decide(step_up(cast.supervisor), asked).open_until is None
    assert not opens(rebuilt(cast, "other"), reserved)


def test_a_request_lapses_after_a_day(cast, reserved, colleague):
    asked = ask(colleague, reserved)
    with acting_as(step_up(cast.supervisor)), pytest.raises(NotAllowed):
        services.decide_request(
            actor=replace(cast.supervisor, step_up_at=timezone.now() + timedelta(hours=25)), request_id=asked.pk,
            is_approved=True, now=timezone.now() + timedelta(hours=25),
        )  # fmt: skip


def test_a_grant_that_was_changed_in_the_database_gives_no_right(cast, reserved, colleague):
    decide(step_up(cast.supervisor), ask(colleague, reserved))
    grant = AccessGrant.objects.get()
    for change in (
        {"expires_at": grant.expires_at + timedelta(days=1)}, {"user_id": cast.reception.id},
        {"person_id": uuid4()}, {"purpose": "referral"}, {"clearance": 3},
    ):  # fmt: skip
        forged = AccessGrant(**{f.attname: getattr(grant, f.attname) for f in AccessGrant._meta.concrete_fields})
        for name, value in change.items():
            setattr(forged, name, value)
        assert is_genuine(grant)
        assert not is_genuine(forged), change


def test_one_answer_gives_one_grant(cast, reserved, colleague):
    asked = ask(colleague, reserved)
    decide(step_up(cast.supervisor), asked)
    with acting_as(step_up(cast.supervisor)), pytest.raises(IntegrityError), transaction.atomic():
        grant_access(
            actor=cast.supervisor, user_id=colleague.id, person_id=reserved.pk, purpose=Purpose.PROTECTION,
            nonce=asked.pk, clearance=Sensitivity.SEALED, expires_at=timezone.now() + timedelta(days=1),
        )  # fmt: skip


def test_why_is_sealed_and_read_by_whoever_answers(cast, reserved, colleague):
    asked = ask(colleague, reserved)
    with acting_as(step_up(cast.supervisor)):
        row = AccessRequest.objects.get(pk=asked.pk)
        assert b"hermana" not in bytes(row.sealed_reason)
        assert read_reason(row) == REASON


def test_whoever_may_open_the_file_anyway_asks_for_nothing(cast, reserved):
    with pytest.raises(services.AlreadyOpen):
        ask(step_up(cast.protection), reserved)


def test_in_an_emergency_a_counsellor_opens_the_file_and_two_others_are_told(cast, reserved):
    counsellor = step_up(cast.counsellor)
    assert not opens(counsellor, reserved, Purpose.COUNSELLING)
    asked = emergency(counsellor, reference_of(reserved.pk).lower().replace("-", " "))
    actor = rebuilt(cast, "counsellor")
    assert opens(actor, reserved, Purpose.COUNSELLING)
    assert timedelta(minutes=59) < actor.grants[0].expires_at - timezone.now() <= timedelta(minutes=60)
    for reviewer in (step_up(cast.supervisor), step_up(cast.coordinator)):
        with acting_as(reviewer):
            assert asked.notices.filter(user_id=reviewer.id).exists()
            [shown] = selectors.show(selectors.list_emergencies(reviewer, reviewed=False), timezone.now())
            assert (shown.reference, shown.who) == (reference_of(reserved.pk), "Counsellor")
    with acting_as(step_up(cast.supervisor)):
        event = Event.objects.get(verb="access.emergency")
        assert event.detail == {"told": 2}
    with acting_as(cast.coordinator):
        assert not Event.objects.filter(verb="access.emergency").exists(), "what is done with a reserved file is sealed"
        assert Alert.objects.get().kind == Alert.Kind.BREAK_GLASS
        assert not Person.objects.filter(pk=reserved.pk).exists(), "a reviewer opens nothing"


def test_each_use_of_a_grant_is_told_with_it(cast, reserved):
    emergency(step_up(cast.counsellor), reference_of(reserved.pk))
    actor = rebuilt(cast, "counsellor")
    assert opens(actor, reserved, Purpose.COUNSELLING)
    with acting_as(actor):
        event = Event.objects.filter(verb="person.opened", person_id=reserved.pk, actor_id=actor.id).get()
        assert event.detail == {"grant": str(actor.grants[0].id)}


def test_an_unknown_reference_and_one_of_an_ordinary_file_get_the_same_answer_and_count(cast, person, reserved):
    counsellor = step_up(cast.counsellor)
    with acting_as(cast.reception):
        ordinary = register(cast.reception, cast.bridge)
    references = [reference_of(ordinary.pk), "0000-0000", reference_of(uuid4())]
    with acting_as(counsellor):
        for number in range(services.MOST_WRONG):
            with pytest.raises(services.UnknownReference):
                services.break_glass(
                    actor=counsellor, reference=references[number % 3], reason=REASON, now=timezone.now()
                )
        with pytest.raises(services.TooManyReferences):
            services.break_glass(
                actor=counsellor, reference=reference_of(reserved.pk), reason=REASON, now=timezone.now()
            )


def test_emergencies_are_limited_in_thirty_days(cast, reserved):
    counsellor = step_up(cast.counsellor)
    for _ in range(settings.EMERGENCIES_IN_30_DAYS):
        emergency(counsellor, reference_of(reserved.pk))
    with pytest.raises(services.TooManyEmergencies):
        emergency(counsellor, reference_of(reserved.pk))


def test_without_two_others_to_tell_nothing_opens(cast, reserved):
    cast.users["coordinator"].memberships.all().delete()
    with pytest.raises(services.NobodyToTell):
        emergency(step_up(cast.counsellor), reference_of(reserved.pk))
    assert not AccessGrant.objects.exists()


def test_an_emergency_needs_a_reason_a_step_up_and_the_right(cast, reserved):
    with pytest.raises(ValueError), acting_as(step_up(cast.counsellor)):
        services.break_glass(
            actor=step_up(cast.counsellor), reference=reference_of(reserved.pk), reason=" urge ", now=timezone.now()
        )
    with pytest.raises(StepUpNeeded):
        emergency(cast.counsellor, reference_of(reserved.pk))
    with pytest.raises(NotAllowed):
        emergency(step_up(cast.reception), reference_of(reserved.pk))


def test_a_review_is_somebody_elses_and_is_late_after_three_days(cast, reserved):
    coordinator = step_up(cast.coordinator)
    asked = emergency(step_up(cast.counsellor), reference_of(reserved.pk))
    later = timezone.now() + timedelta(hours=73)
    with acting_as(coordinator):
        assert selectors.show(selectors.list_emergencies(coordinator, reviewed=False), later)[0].is_late
        services.review_opening(
            actor=coordinator, request_id=asked.pk, verdict="not_justified", note="Había alguien a cargo.",
            now=timezone.now(),
        )  # fmt: skip
        opened = selectors.open_request(coordinator, asked.pk, AccessRequest.Kind.EMERGENCY, timezone.now())
        assert (opened.note, opened.reviewed_by) == ("Había alguien a cargo.", "Coordinator")
        assert not selectors.list_emergencies(coordinator, reviewed=False).exists()
    with acting_as(step_up(cast.counsellor)), pytest.raises(NotAllowed):
        selectors.list_emergencies(step_up(cast.counsellor), reviewed=False)


def test_nobody_reviews_the_own_emergency(cast, reserved):
    create_staff(email="second@puente.test", name="Second", roles=[("supervisor", cast.bridge)])
    supervisor = step_up(cast.supervisor)
    asked = emergency(supervisor, reference_of(reserved.pk))
    with acting_as(supervisor):
        assert not selectors.list_emergencies(supervisor, reviewed=False).exists()
        with pytest.raises(NotAllowed):
            services.review_opening(
                actor=supervisor, request_id=asked.pk, verdict="justified", note="", now=timezone.now()
            )


@pytest.fixture
def page(client, cast):
    """`page("supervisor", address)` answers as that member of staff sees it after a step-up."""

    def ask_for(role, name, *args, post=None):
        client.force_login(cast.users[role], backend=BACKEND)
        step_up_client(client)
        address = reverse(f"protection:{name}", args=args)
        return client.get(address) if post is None else client.post(address, post)

    return ask_for


def test_from_the_request_to_the_open_file(page, cast, reserved, colleague):
    reference = reference_of(reserved.pk)
    assert "No ha pedido nada" in page("other", "access").content.decode()
    assert "Escriba la referencia" in page("other", "access_ask", post={}).content.decode()
    short = page("other", "access_ask", post={"reference": reference, "purpose": "protection", "reason": "urge"})
    assert "al menos 20 letras" in short.content.decode()
    said = {"reference": reference, "purpose": "protection", "reason": REASON}
    assert page("other", "access_ask", post=said).status_code == 302
    waiting = page("supervisor", "access").content.decode()
    assert reference in waiting
    assert "Other" in waiting
    with acting_as(step_up(cast.supervisor)):
        asked = AccessRequest.objects.get()
    assert REASON in page("supervisor", "access_request", asked.pk).content.decode()
    assert page("supervisor", "access_decide", asked.pk, post={"answer": "yes"}).status_code == 302
    own = page("other", "access").content.decode()
    assert reverse("desk:person", args=[reserved.pk]) in own
    assert "abierto hasta" in own


def test_an_emergency_from_the_form_to_the_review(page, cast, reserved):
    said = {"reference": reference_of(reserved.pk), "reason": REASON, "understood": "on"}
    assert "Márquelo" in page("counsellor", "access_emergency", post=said | {"understood": ""}).content.decode()
    wrong = page("counsellor", "access_emergency", post=said | {"reference": "ZZZZ-ZZZZ"}).content.decode()
    assert "Ningún expediente reservado tiene esta referencia" in wrong
    assert page("counsellor", "access_emergency", post=said).status_code == 302
    assert reverse("desk:person", args=[reserved.pk]) in page("counsellor", "access").content.decode()
    assert "1 apertura de emergencia" in page("coordinator", "access").content.decode()
    assert "Counsellor" in page("coordinator", "access_reviews").content.decode()
    with acting_as(step_up(cast.coordinator)):
        asked = AccessRequest.objects.get()
    shown = page("coordinator", "access_review", asked.pk).content.decode()
    assert REASON in shown
    missing = page("coordinator", "access_review", asked.pk, post={"verdict": "not_justified"})
    assert "Diga con palabras" in missing.content.decode()
    done = page("coordinator", "access_review", asked.pk, post={"verdict": "justified", "note": ""})
    assert done.status_code == 302
    reviewed = page("coordinator", "access_reviews").content.decode()
    assert "Nada que revisar" in reviewed


def test_too_many_wrong_references_lead_to_a_clear_page(page, reserved):
    said = {"reference": "ZZZZ-ZZZZ", "reason": REASON, "understood": "on"}
    for _ in range(services.MOST_WRONG):
        assert page("counsellor", "access_emergency", post=said).status_code == 422
    last = page("counsellor", "access_emergency", post=said)
    assert last.status_code == 429
    assert "Espere una hora" in last.content.decode()


def test_the_pages_do_not_exist_for_others(page, cast, reserved, colleague):
    asked = ask(colleague, reserved)
    for role in ("reception", "liaison", "analyst", "administrator", "communication"):
        for name, *args in (("access",), ("access_ask",), ("access_emergency",), ("access_reviews",),
                            ("access_request", asked.pk), ("access_review", asked.pk)):  # fmt: skip
            assert page(role, name, *args).status_code == 404, (role, name)
    for role in ("counsellor", "coordinator"):
        assert page(role, "access_request", asked.pk).status_code == 404
        assert page(role, "access_ask").status_code == 404
    assert page("supervisor", "access_review", asked.pk).status_code == 404
    assert page("counsellor", "access_decide", asked.pk, post={"answer": "yes"}).status_code == 404


def test_a_state_follows_the_decision(cast, reserved, colleague):
    asked = ask(colleague, reserved)
    now = timezone.now()
    assert asked.state(now) is AccessState.WAITING
    assert asked.state(now + timedelta(hours=25)) is AccessState.LAPSED
    decide(step_up(cast.supervisor), asked)
    with acting_as(colleague):
        row = AccessRequest.objects.select_related("decision").get()
        assert row.state(now) is AccessState.OPEN
        assert row.state(now + timedelta(minutes=16)) is AccessState.OVER
