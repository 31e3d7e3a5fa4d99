import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from puente.platform.policy import NotAllowed
from puente.reception.models import Arrival, QueuePlace, ServiceGiven, Stage, StageEvent
from puente.reception.selectors import queue as selectors
from puente.reception.selectors.arrivals import find_services_given
from puente.reception.services.corrections import mark_service
from puente.reception.services.queue import advance_person, leave_queue, release_person, take_person
from tests.reception.conftest import MINOR
from tests.reception.test_desk import BACKEND


def today(cast):
    return Arrival.objects.order_by("-turn_day").values_list("turn_day", flat=True).first()


def move(acting, actor, step, arrival_id, **options):
    with acting(actor):
        return step(actor=actor, arrival_id=arrival_id, now=timezone.now(), **options)


def test_a_person_passes_from_stage_to_stage_and_each_step_is_kept(cast, acting, send):
    arrival_id = send()["arrival_id"]
    move(acting, cast.reception, take_person, arrival_id)
    move(acting, cast.reception, advance_person, arrival_id)
    move(acting, cast.counsellor, take_person, arrival_id)
    move(acting, cast.counsellor, release_person, arrival_id)
    for _ in range(3):
        move(acting, cast.counsellor, advance_person, arrival_id)
    place = move(acting, cast.counsellor, advance_person, arrival_id)
    assert place.has_left
    with acting(cast.reception):
        kinds = list(StageEvent.objects.order_by("at", "id").values_list("kind", "stage"))
    assert kinds == [
        ("entered", "arrival"), ("taken", "arrival"), ("entered", "needs"), ("taken", "needs"), ("released", "needs"),
        ("entered", "counselling"), ("entered", "journey"), ("entered", "follow_up"), ("left", "follow_up"),
    ]  # fmt: skip


def test_nobody_moves_back_or_twice(cast, acting, send):
    arrival_id = send()["arrival_id"]
    move(acting, cast.counsellor, advance_person, arrival_id, stage=Stage.COUNSELLING)
    place = move(acting, cast.counsellor, advance_person, arrival_id, stage=Stage.NEEDS)
    assert place.stage == "counselling"
    move(acting, cast.counsellor, leave_queue, arrival_id)
    move(acting, cast.counsellor, leave_queue, arrival_id)
    with acting(cast.reception):
        assert StageEvent.objects.filter(kind="left").count() == 1


def test_who_has_no_part_in_it_moves_nobody(cast, acting, send):
    arrival_id = send()["arrival_id"]
    for role in ("far_reception", "protection", "analyst", "administrator"):
        with pytest.raises(NotAllowed):
            move(acting, cast.actors[role], take_person, arrival_id)


def test_the_load_counts_people_and_long_waits_per_stage(cast, acting, send):
    answers = [send() for _ in range(3)]
    move(acting, cast.counsellor, advance_person, answers[0]["arrival_id"])
    later = timezone.now() + timedelta(minutes=25)
    with acting(cast.coordinator):
        loads = selectors.load_of_bridge(cast.coordinator, cast.bridge.id, today(cast), later)
    assert [(load.count, load.late) for load in loads] == [(2, 2), (1, 0), (0, 0), (0, 0), (0, 0)]
    assert loads[0].median_minutes == 25
    assert loads[2].median_minutes is None
    with pytest.raises(NotAllowed):
        selectors.load_of_bridge(cast.far_reception, cast.bridge.id, today(cast), later)


def test_the_queue_takes_as_many_queries_for_one_as_for_many(cast, acting, send):
    def count(number):
        while Arrival.objects.count() < number:
            send()
        with acting(cast.reception):
            places = selectors.with_details(selectors.list_places(cast.reception, cast.bridge.id, today(cast)))
            with CaptureQueriesContext(connection) as queries:
                rows = selectors.list_waiting(cast.reception, list(places.order_by(*selectors.ORDER)), timezone.now())
            assert len(rows) == number
            return len(queries)

    with acting(cast.reception):
        few = count(1)
        many = count(6)
    assert few == many <= 6


def test_the_queue_reads_its_index_as_the_application_role(cast, acting, send):
    arrival = send()
    with acting(cast.reception):
        place = QueuePlace.objects.get(pk=arrival["arrival_id"])
    # Many days of a busy office, so that reading all of it would be dearer than the index.
    with acting(cast.reception), connection.cursor() as cursor:
        template = Arrival.objects.get(pk=place.pk)
        arrivals, places = [], []
        for number in range(2, 1500):
            day = template.turn_day - timedelta(days=number // 100)
            names = [field.attname for field in Arrival._meta.concrete_fields]
            copy = Arrival(**{name: getattr(template, name) for name in names})
            copy.id, copy.turn_number, copy.turn_day, copy.code = Arrival().id, number + 1, day, f"c{number}"
            arrivals.append(copy)
            places.append(QueuePlace(
                arrival=copy, person_id=place.person_id, office_id=place.office_id, day=day, since=place.since,
            ))  # fmt: skip
        Arrival.objects.bulk_create(arrivals)
        QueuePlace.objects.bulk_create(places)
        query = selectors.list_places(cast.reception, cast.bridge.id, template.turn_day).order_by(*selectors.ORDER)[:17]
        sql, parameters = query.query.sql_with_params()
        cursor.execute("SET LOCAL enable_seqscan = on")
        cursor.execute("EXPLAIN (FORMAT JSON) " + sql, parameters)
        plan = json.dumps(cursor.fetchone()[0])
        cursor.execute("SELECT current_user")
        assert cursor.fetchone()[0] == "puente_app"
    assert "queue_of_office" in plan, plan


def test_a_mark_is_taken_back_by_another_row_and_the_last_one_counts(cast, acting, send):
    arrival_id = send(services=["water_food"])["arrival_id"]
    with acting(cast.reception):
        for is_given in (False, True, False):
            mark_service(
                actor=cast.reception, arrival_id=arrival_id, service="water_food", is_given=is_given, now=timezone.now()
            )
        assert ServiceGiven.objects.count() == 4
        assert find_services_given(cast.reception, arrival_id) == {}


def test_the_legal_minimum_is_counted_over_the_days_arrivals(cast, acting, send):
    send(services=["water_food", "phone_call"])
    taken_back = send(services=["water_food"])["arrival_id"]
    send(identity=MINOR, arrival={"accompaniment": "minor_alone"}, services=["child_area"])
    with acting(cast.reception):
        mark_service(
            actor=cast.reception, arrival_id=taken_back, service="water_food", is_given=False, now=timezone.now()
        )
        shares = {
            share.entry.code: (share.given, share.arrivals)
            for share in selectors.measure_legal_minimum(cast.reception, cast.bridge.id, today(cast))
        }
    assert shares["water_food"] == (1, 3)
    assert shares["phone_call"] == (1, 3)
    assert shares["child_area"] == (1, 1)
    assert shares["bus_ticket"] == (0, 3)


def test_the_queue_page_refreshes_its_table_alone(client, cast, send):
    turn = send()["turn"]
    client.force_login(cast.users["reception"], backend=BACKEND)
    page = client.get(reverse("reception:queue")).content.decode()
    part = client.get(reverse("reception:queue"), headers={"HX-Request": "true"}).content.decode()
    assert turn in part
    assert "<html" in page
    assert "<html" not in part
    assert 'hx-trigger="every' in part


def test_a_button_of_the_queue_answers_with_the_table(client, cast, send):
    arrival_id = send()["arrival_id"]
    client.force_login(cast.users["reception"], backend=BACKEND)
    part = client.post(
        reverse("reception:move", args=[arrival_id, "next"]), headers={"HX-Request": "true"}
    ).content.decode()
    assert "Necesidades" in part
    assert client.post(reverse("reception:move", args=[arrival_id, "fly"])).status_code == 404
