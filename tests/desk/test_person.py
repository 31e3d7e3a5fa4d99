import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from puente.audit.models import Event
from puente.needs.models import NeedKind
from puente.needs.services import add_need
from puente.people.services import open_person
from puente.people.services.identities import OPENED
from puente.platform.commands import execute
from puente.platform.ids import make_id
from puente.platform.policy import Purpose
from puente.reception.models import Arrival, ArrivalVersion
from puente.reception.services.arrivals import REGISTER
from puente.reception.services.corrections import correct_arrival
from puente.reception.services.facts import ArrivalFacts
from puente.reception.services.queue import advance_person
from tests.reception.conftest import build_payload

pytestmark = pytest.mark.django_db


def test_the_page_tells_who_they_are_and_where_on_the_bridge(receive, visit):
    person = receive("Güémez")["person_id"]
    page = visit("reception", f"/person/{person}/").content.decode()
    assert "Noemí Güémez Ortiz" in page
    assert "Noemí está aquí" in page
    assert page.count('aria-current="step"') == 1


@pytest.mark.parametrize(
    ("role", "purpose"),
    [
        ("reception", "reception"),
        ("counsellor", "counselling"),
        ("protection", "protection"),
        ("coordinator", "administration"),
    ],
)
def test_opening_is_noted_with_the_purpose_of_the_role(role, purpose, receive, visit, cast, acting):
    person = receive()["person_id"]
    assert visit(role, f"/person/{person}/").status_code == 200
    with acting(cast.coordinator):
        event = Event.objects.filter(verb=OPENED, person_id=person, actor_id=cast.actors[role].id).get()
    assert event.purpose == purpose


@pytest.mark.parametrize("role", ["liaison", "analyst", "communication", "administrator", "far_counsellor"])
def test_who_may_not_open_a_person_sees_what_an_unknown_one_gives(role, receive, visit):
    person = receive("Güémez")["person_id"]
    closed, unknown = visit(role, f"/person/{person}/"), visit(role, f"/person/{make_id()}/")
    assert closed.status_code == unknown.status_code == 404
    pages = [re.sub(r'csrf[^>]*>|/person/[^"]*', "", answer.content.decode()) for answer in (closed, unknown)]
    assert pages[0] == pages[1]
    assert "Güémez" not in pages[0]


def test_a_person_of_no_office_of_mine_leaves_no_event(receive, visit, cast, acting):
    person = receive()["person_id"]
    visit("far_counsellor", f"/person/{person}/")
    with acting(cast.far_counsellor):
        assert not Event.objects.filter(verb=OPENED, person_id=person).exists()


def test_the_history_brings_rooms_together_and_filters(receive, visit, cast, acting):
    answer = receive("Güémez")
    person, arrival, now = answer["person_id"], answer["arrival_id"], timezone.now()
    with acting(cast.counsellor):
        advance_person(actor=cast.counsellor, arrival_id=arrival, now=now)
        add_need(actor=cast.counsellor, person_id=person, office_id=cast.bridge.id, kind=_first_kind(), now=now)
    whole = visit("counsellor", f"/person/{person}/").content.decode()
    for words in ("Llegada registrada", "Servicios recibidos", "Necesidades anotadas", "Permiso otorgado"):
        assert words in whole, words
    services = visit("counsellor", f"/person/{person}/?history=service").content.decode()
    assert "Servicios recibidos" in services
    assert "Llegada registrada" not in services


def _first_kind():
    return NeedKind.objects.filter(is_offered=True).first().pk


def test_a_correction_stands_in_the_history(receive, visit, cast, acting):
    answer = receive("Güémez")
    with acting(cast.reception):
        facts = ArrivalFacts(
            point="juarez_paso_del_norte", arrived_at=timezone.now() - timedelta(minutes=20), handed_over_by="ice",
            last_us_state="TX", time_in_us="", mode="land", accompaniment="adult_alone",
        )  # fmt: skip
        correct_arrival(
            actor=cast.reception, arrival_id=answer["arrival_id"], facts=facts,
            reason=ArrivalVersion.Reason.TYPED_WRONG, purpose=Purpose.RECEPTION, now=timezone.now(),
        )  # fmt: skip
    page = visit("reception", f"/person/{answer['person_id']}/?history=correction").content.decode()
    assert "Llegada corregida" in page
    assert "Se escribió mal" in page


def test_who_opened_a_file_is_told_to_whom_may_read_events_alone(receive, visit, cast, acting):
    person = receive()["person_id"]
    with acting(cast.counsellor):
        open_person(actor=cast.counsellor, person_id=person, purpose=Purpose.COUNSELLING, now=timezone.now())
    shown = visit("coordinator", f"/person/{person}/?history=opening").content.decode()
    assert "Abrió el expediente" in shown
    assert "Counsellor" in shown
    hidden = visit("counsellor", f"/person/{person}/?history=opening").content.decode()
    assert "Abrió el expediente" not in hidden


def test_an_earlier_return_is_history_without_blame(receive, visit, cast, acting):
    first = receive("Güémez")
    with acting(cast.reception):
        year_ago = timezone.now() - timedelta(days=400)
        Arrival.objects.filter(pk=first["arrival_id"]).update(arrived_at=year_ago, turn_day=year_ago.date())
    payload = build_payload(cast.bridge.id)
    payload["person_id"] = first["person_id"]
    payload["identity"] = None
    with acting(cast.reception):
        execute(actor=cast.reception, name=REGISTER, command_id=make_id(), payload=payload)
    page = visit("reception", f"/person/{first['person_id']}/").content.decode()
    assert "regreso 2" in page.lower()
    assert str(year_ago.year) in page
    assert "reincid" not in page.lower()


def test_the_reserved_part_is_the_same_on_everybody(receive, visit):
    calm = receive("Güémez")["person_id"]
    handed_over = receive("Pech", in_danger="yes")["person_id"]
    pages = [visit("counsellor", f"/person/{person}/").content.decode() for person in (calm, handed_over)]
    parts = [page[page.index('<section class="reserved">') :].split("</section>")[0] for page in pages]
    assert parts[0] == parts[1]


def test_reception_sees_no_work_profile(receive, visit):
    person = receive()["person_id"]
    assert "work-title" not in visit("reception", f"/person/{person}/").content.decode()
    assert "work-title" in visit("counsellor", f"/person/{person}/").content.decode()


def test_the_number_of_queries_does_not_grow_with_the_history(receive, visit, cast, acting):
    answer = receive("Güémez")
    path = f"/person/{answer['person_id']}/"
    visit("counsellor", path)
    with CaptureQueriesContext(connection) as short:
        visit("counsellor", path)
    with acting(cast.counsellor):
        for step in range(3):
            advance_person(
                actor=cast.counsellor, arrival_id=answer["arrival_id"], now=timezone.now() + timedelta(minutes=step)
            )
    with CaptureQueriesContext(connection) as long:
        visit("counsellor", path)
    assert len(long) <= len(short) + 1
    assert len(long) < 80


def test_no_name_stands_in_the_title_of_the_window(receive, visit):
    person = receive("Güémez")["person_id"]
    page = visit("reception", f"/person/{person}/").content.decode()
    assert "Güémez" not in page.split("<title>")[1].split("</title>")[0]
