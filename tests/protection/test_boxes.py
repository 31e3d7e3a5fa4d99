"""Boxes: each service reads its own, no row tells whose it is, and a forgotten filter shows nothing of another's."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from puente.platform.ids import make_id
from puente.platform.policy import NotAllowed
from puente.platform.row_security import acting_as
from puente.protection.boxes import CARE, Service, find_service, tag_handover
from puente.protection.handovers import Reason
from puente.protection.models import Handover, HandoverAcknowledgement
from puente.protection.policies import VIEW_CARE_HANDOVERS, VIEW_HANDOVERS
from puente.protection.selectors import ORDER, find_services, list_care, list_taken, list_waiting
from puente.protection.services import acknowledge_handover, create_case, open_handover, send_handover
from tests.cast import step_up_client
from tests.people.test_services import register
from tests.protection.conftest import step_up

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def handovers(cast):
    """One hand-over to each service, by service."""
    with acting_as(cast.reception):
        person = register(cast.reception, cast.bridge)
        for service in Service:
            send_handover(
                actor=cast.reception, person_id=person.pk, office_id=cast.bridge.pk, service=service,
                reasons=[Reason.ASKED_AT_DESK], note=f"para {service}", now=timezone.now(),
            )  # fmt: skip
    rows = []
    for role in ("protection", "counsellor"):
        with acting_as(cast.actors[role]):
            rows += Handover.objects.all()
    return {find_service(row.pk, bytes(row.box)): row for row in rows}


def test_each_service_sees_its_own_boxes_even_where_a_filter_is_forgotten(cast, handovers):
    assert len(handovers) == len(Service)
    seen = {}
    for role, actor in cast.actors.items():
        with acting_as(actor):
            seen[role] = {row.pk for row in Handover.objects.all()}
            by_queryset = {
                row.pk
                for action in (VIEW_HANDOVERS, VIEW_CARE_HANDOVERS)
                for row in Handover.objects.visible_to(actor, action)
            }
        assert by_queryset == seen[role], role
    assert seen["protection"] == seen["supervisor"] == {handovers[Service.PROTECTION].pk}
    assert seen["counsellor"] == {handovers[service].pk for service in CARE}
    assert not any(seen[role] for role in seen if role not in {"protection", "supervisor", "counsellor"})


def test_the_queryset_alone_keeps_boxes_apart(cast, handovers):
    """The owner role has no row-level security: what is left is the filter."""
    for role, action in (("protection", VIEW_HANDOVERS), ("counsellor", VIEW_CARE_HANDOVERS)):
        query = str(Handover.objects.visible_to(cast.actors[role], action).query)
        assert "sha256" in query
    assert not Handover.objects.visible_to(cast.counsellor, VIEW_HANDOVERS).exists()


def test_rows_look_alike_and_no_tag_repeats(handovers):
    rows = list(handovers.values())
    assert len({bytes(row.box) for row in rows}) == len(rows)
    assert {len(bytes(row.box)) for row in rows} == {32}
    assert len({len(bytes(row.sealed)) for row in rows}) == 1
    assert len({len(bytes(row.wrapped_key)) for row in rows}) == 1
    assert {row.key_name for row in rows} == {rows[0].key_name}
    with pytest.raises(LookupError):
        find_service(rows[0].pk, bytes(rows[1].box))


def test_a_tag_is_bound_to_its_row_and_service(handovers):
    row = handovers[Service.LEGAL]
    assert bytes(row.box) == tag_handover(Service.LEGAL, row.pk)
    assert bytes(row.box) != tag_handover(Service.MEDICAL, row.pk)


def test_nobody_takes_on_or_opens_what_lies_in_a_box_of_another_service(cast, handovers):
    for role, service in (("counsellor", Service.PROTECTION), ("protection", Service.MEDICAL)):
        actor = step_up(cast.actors[role])
        with acting_as(actor):
            for act in (open_handover, acknowledge_handover):
                with pytest.raises(NotAllowed):
                    act(actor=actor, handover_id=handovers[service].pk, now=timezone.now())
            with pytest.raises(ProgrammingError), transaction.atomic():
                HandoverAcknowledgement.objects.create(
                    handover_id=handovers[service].pk, office_id=cast.bridge.pk, at=timezone.now(), by=actor.id
                )


def test_who_took_it_on_is_seen_by_that_service_alone(cast, handovers):
    with acting_as(cast.counsellor):
        acknowledge_handover(actor=cast.counsellor, handover_id=handovers[Service.MEDICAL].pk, now=timezone.now())
        assert HandoverAcknowledgement.objects.count() == 1
    for role in ("protection", "reception", "far_counsellor"):
        with acting_as(cast.actors[role]):
            assert not HandoverAcknowledgement.objects.exists(), role


def test_who_is_reserved_meanwhile_is_no_longer_in_the_boxes_of_the_other_services(cast, handovers):
    officer = step_up(cast.protection)
    with acting_as(officer):
        create_case(
            actor=officer, person_id=handovers[Service.LEGAL].person_id, office_id=cast.bridge.pk, now=timezone.now()
        )
        assert Handover.objects.count() == 1
    with acting_as(cast.counsellor):
        assert not list_care(cast.counsellor).exists()
        assert not Handover.objects.exists()


def test_the_lists_of_other_services_are_told_apart(cast, handovers):
    with acting_as(cast.counsellor):
        assert find_services(list_care(cast.counsellor)) == {handovers[one].pk: one for one in CARE}
        assert [row.pk for row in list_care(cast.counsellor, Service.LEGAL)] == [handovers[Service.LEGAL].pk]
        with pytest.raises(NotAllowed):
            list_waiting(cast.counsellor)
    with acting_as(cast.reception):
        for read in (list_care, list_waiting, list_taken):
            with pytest.raises(NotAllowed):
                read(cast.reception)


def test_a_counsellor_takes_on_who_was_handed_over_to_them(client, cast, handovers):
    client.force_login(cast.users["counsellor"], backend=BACKEND)
    address = reverse("protection:care")
    page = client.get(address).content.decode()
    assert page.count("Ávalos Cruz, Martín") == len(CARE)
    assert "Protección" not in page.partition("<main")[2]
    assert client.get(address, {"service": "legal"}).content.decode().count("Ávalos Cruz, Martín") == 1
    row = handovers[Service.LEGAL]
    assert "para legal" in client.get(reverse("protection:care_handover", args=[row.pk])).content.decode()
    client.post(reverse("protection:acknowledge_care", args=[row.pk]))
    assert client.get(address).content.decode().count("Ávalos Cruz, Martín") == len(CARE) - 1
    assert "Counsellor" in client.get(address, {"show": "taken"}).content.decode()


def test_a_counsellor_finds_no_page_of_protection(client, cast, handovers):
    client.force_login(cast.users["counsellor"], backend=BACKEND)
    step_up_client(client)
    row = handovers[Service.PROTECTION]
    for name, arguments in (
        ("inbox", []), ("handover", [row.pk]), ("care_handover", [row.pk]),
    ):  # fmt: skip
        assert client.get(reverse(f"protection:{name}", args=arguments)).status_code == 404, name
    for name in ("acknowledge", "acknowledge_care"):
        assert client.post(reverse(f"protection:{name}", args=[row.pk])).status_code == 404, name


def test_a_page_of_the_list_reads_its_index_as_the_application_role(cast, handovers):
    person_id, now = handovers[Service.MEDICAL].person_id, timezone.now()
    with acting_as(cast.reception):
        Handover.objects.bulk_create(
            Handover(
                id=(handover_id := make_id()), person_id=person_id, office_id=cast.bridge.pk, sealed=b"",
                box=tag_handover(Service.MEDICAL, handover_id), sent_at=now - timedelta(minutes=number),
                sent_by=cast.reception.id,
            )
            for number in range(3000)
        )  # fmt: skip
    with acting_as(cast.counsellor), connection.cursor() as cursor:
        query, parameters = list_care(cast.counsellor).order_by(*ORDER)[:17].query.sql_with_params()
        # Without statistics the planner may sort the few rows it expects.
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute(f"EXPLAIN {query}", parameters)
        plan = "\n".join(row[0] for row in cursor.fetchall())
        cursor.execute("SELECT current_user")
        assert cursor.fetchone()[0] == "puente_app"
    assert "inbox_of_office" in plan, plan
