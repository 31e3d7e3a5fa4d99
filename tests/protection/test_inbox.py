from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from puente.audit.models import Event
from puente.people.pseudonyms import reference_of
from puente.platform.keys import Realm
from puente.platform.policy import NotAllowed, StepUpNeeded
from puente.protection.handovers import HandoverContent
from puente.protection.models import Handover, HandoverAcknowledgement
from puente.protection.selectors.inbox import find_limit, list_by_urgency
from puente.protection.services import Reason, Service, acknowledge_handover, open_handover, send_handover
from tests.cast import step_up_client
from tests.people.test_services import register
from tests.protection.conftest import step_up

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def handover(cast, acting):
    with acting(cast.reception):
        person = register(cast.reception, cast.bridge)
        send_handover(
            actor=cast.reception, person_id=person.id, office_id=cast.bridge.id, service=Service.PROTECTION,
            reasons=[Reason.IN_DANGER], note="la espera un hombre", turn="A-041", now=timezone.now(),
        )  # fmt: skip
    with acting(cast.protection):
        return Handover.objects.get()


def test_who_sends_reads_nothing_back(cast, acting, handover):
    for role in ("reception", "counsellor", "coordinator", "administrator", "far_reception", "analyst"):
        with acting(cast.actors[role]):
            assert Handover.objects.count() == 0, role
            with pytest.raises(NotAllowed):
                open_handover(actor=cast.actors[role], handover_id=handover.pk, now=timezone.now())


def test_the_reason_is_sealed_and_opens_for_protection_with_an_event(cast, acting, handover):
    officer = step_up(cast.protection)
    with acting(officer):
        assert b"hombre" not in bytes(handover.sealed)
        assert handover.key_name.startswith(Realm.VAULT)
        _row, content = open_handover(actor=officer, handover_id=handover.pk, now=timezone.now())
        assert content == HandoverContent(Service.PROTECTION, (Reason.IN_DANGER,), "la espera un hombre", "A-041")
    with acting(cast.supervisor):
        assert Event.objects.filter(verb="handover.opened", record_id=handover.pk).count() == 1
    with acting(cast.administrator):
        assert not Event.objects.filter(verb="handover.opened").exists(), "that protection looked is reserved"


def test_protection_opens_and_takes_on_nothing_without_a_step_up(cast, acting, handover):
    with acting(cast.protection):
        for service in (open_handover, acknowledge_handover):
            with pytest.raises(StepUpNeeded):
                service(actor=cast.protection, handover_id=handover.pk, now=timezone.now())


def test_nobody_changes_or_removes_a_hand_over(cast, acting, handover):
    for role in ("reception", "protection"):
        for sql in ("UPDATE protection_handover SET sealed = ''", "DELETE FROM protection_handover"):
            with (
                acting(cast.actors[role]),
                pytest.raises(ProgrammingError),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(sql)


def test_a_hand_over_of_another_office_cannot_be_written(cast, acting, handover):
    with acting(cast.far_reception), pytest.raises(ProgrammingError), transaction.atomic():
        Handover.objects.create(
            person_id=handover.person_id, office_id=cast.bridge.id, sealed=b"", sent_at=timezone.now(),
            sent_by=cast.far_reception.id,
        )  # fmt: skip
    with acting(cast.far_reception), pytest.raises(NotAllowed):
        send_handover(
            actor=cast.far_reception, person_id=handover.person_id, office_id=cast.tapachula.id,
            service=Service.MEDICAL, reasons=[Reason.ASKED_AT_DESK], now=timezone.now(),
        )  # fmt: skip


def test_taking_on_twice_leaves_the_first(cast, acting, handover):
    officer = step_up(cast.protection)
    with acting(officer):
        for _ in range(2):
            acknowledge_handover(actor=officer, handover_id=handover.pk, now=timezone.now())
        assert HandoverAcknowledgement.objects.count() == 1
    with acting(cast.supervisor):
        assert Event.objects.filter(verb="handover.acknowledged").count() == 1


def test_the_inbox_shows_who_waits_and_moves_on_who_is_taken(client, cast, handover):
    client.force_login(cast.users["protection"], backend=BACKEND)
    step_up_client(client)
    inbox = reverse("protection:inbox")
    shown = client.get(inbox).content.decode()
    assert reference_of(handover.person_id) in shown
    assert "Ávalos" not in shown
    assert "A-041" in shown
    assert "En peligro" in shown
    page = client.get(reverse("protection:handover", args=[handover.pk])).content.decode()
    assert "Ávalos Cruz, Martín" in page
    assert "la espera un hombre" in page
    assert "Dijo estar en peligro" in page
    taken = client.post(reverse("protection:acknowledge", args=[handover.pk]), follow=True).content.decode()
    assert "Protection" in taken, "who took it stands on the page"
    assert "Nadie espera" in client.get(inbox).content.decode()
    shown = client.get(inbox, {"show": "taken"}).content.decode()
    assert reference_of(handover.person_id) in shown
    assert "Protection" in shown


def test_who_is_in_danger_comes_before_who_waits_longer_and_late_ones_are_marked(client, cast, acting):
    now = timezone.now()
    with acting(cast.reception):
        for minutes, reason in ((50, Reason.ASKED_AT_DESK), (70, Reason.ASKED_AT_DESK), (5, Reason.IN_DANGER)):
            person = register(cast.reception, cast.bridge)
            send_handover(
                actor=cast.reception, person_id=person.id, office_id=cast.bridge.id, service=Service.PROTECTION,
                reasons=[reason], note=f"{minutes}", now=now - timedelta(minutes=minutes),
            )  # fmt: skip
    officer = step_up(cast.protection)
    with acting(officer):
        waiting = list_by_urgency(officer, now)
    assert [(one.content.note, one.is_late) for one in waiting] == [("70", True), ("5", False), ("50", False)]
    client.force_login(cast.users["protection"], backend=BACKEND)
    step_up_client(client)
    page = client.get(reverse("protection:inbox")).content.decode()
    assert page.count("con retraso") == 1
    assert "1 persona ya debería estar atendida" in page


def test_the_most_urgent_of_several_reasons_sets_the_limit():
    both = HandoverContent(Service.PROTECTION, (Reason.ASKED_AT_DESK, Reason.IN_DANGER))
    assert find_limit(both) == find_limit(HandoverContent(Service.PROTECTION, (Reason.IN_DANGER,)))


def test_the_inbox_does_not_exist_for_anybody_else(client, cast, handover):
    addresses = [
        reverse("protection:inbox"),
        reverse("protection:handover", args=[handover.pk]),
    ]
    for role in ("reception", "counsellor", "coordinator", "administrator", "far_reception"):
        client.force_login(cast.users[role], backend=BACKEND)
        for address in addresses:
            assert client.get(address).status_code == 404, (role, address)
        assert client.post(reverse("protection:acknowledge", args=[handover.pk])).status_code == 404
