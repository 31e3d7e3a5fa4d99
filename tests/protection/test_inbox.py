import pytest
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from puente.audit.models import Event
from puente.platform.policy import NotAllowed
from puente.protection.models import Handover, HandoverAcknowledgement
from puente.protection.services import Reason, Service, acknowledge_handover, open_handover, send_handover
from tests.people.test_services import register

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def handover(cast, acting):
    with acting(cast.reception):
        person = register(cast.reception, cast.bridge)
        send_handover(
            actor=cast.reception, person_id=person.id, office_id=cast.bridge.id, service=Service.PROTECTION,
            reasons=[Reason.IN_DANGER], note="la espera un hombre", now=timezone.now(),
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
    with acting(cast.protection):
        assert b"hombre" not in bytes(handover.sealed)
        _row, content = open_handover(actor=cast.protection, handover_id=handover.pk, now=timezone.now())
        assert content == {"service": "protection", "reasons": ["in_danger"], "note": "la espera un hombre"}
    with acting(cast.administrator):
        assert Event.objects.filter(verb="handover.opened", record_id=handover.pk).count() == 1


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
    with acting(cast.protection):
        for _ in range(2):
            acknowledge_handover(actor=cast.protection, handover_id=handover.pk, now=timezone.now())
        assert HandoverAcknowledgement.objects.count() == 1
    with acting(cast.administrator):
        assert Event.objects.filter(verb="handover.acknowledged").count() == 1


def test_the_inbox_shows_who_waits_and_moves_on_who_is_taken(client, cast, handover):
    client.force_login(cast.users["protection"], backend=BACKEND)
    inbox = reverse("protection:inbox")
    assert "Ávalos Cruz, Martín" in client.get(inbox).content.decode()
    page = client.get(reverse("protection:handover", args=[handover.pk])).content.decode()
    assert "la espera un hombre" in page
    assert "Dijo estar en peligro" in page
    client.post(reverse("protection:acknowledge", args=[handover.pk]))
    assert "Nadie espera" in client.get(inbox).content.decode()
    assert "Ávalos Cruz, Martín" in client.get(inbox, {"show": "taken"}).content.decode()


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
