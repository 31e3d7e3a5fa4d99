from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from puente.accounts.middleware import LAST_ACTIVE
from puente.desk.selectors.pilots import find_wait_limits
from puente.desk.selectors.today import ORDER, QueueFilter, keep, list_queue
from puente.reception.models import QueuePlace, StageEvent
from puente.reception.services.queue import advance_person
from puente.web.paging import KeysetPage
from tests.desk.conftest import BACKEND, NAMES

pytestmark = pytest.mark.django_db


def wait(cast, acting, arrival_id, minutes):
    """Let a person have waited for some minutes."""
    with acting(cast.reception):
        QueuePlace.objects.filter(pk=arrival_id).update(since=timezone.now() - timedelta(minutes=minutes))


def test_the_bridge_shows_who_waits_and_what_the_law_asks(receive, visit):
    receive("Güémez")
    page = visit("reception", "/").content.decode()
    assert "Güémez Ortiz, Noemí" in page
    assert "A-001" in page
    assert "Registrar llegada" in page
    assert "Agua y alimentos" in page


@pytest.mark.parametrize("role", ["liaison", "analyst", "administrator", "communication"])
def test_who_does_not_work_at_the_bridge_goes_to_the_first_own_section(role, visit):
    answer = visit(role, "/")
    assert answer.status_code == 302
    assert answer["Location"] != "/"
    assert visit(role, answer["Location"]).status_code == 200


def test_whoever_passed_their_time_stands_first(receive, cast, acting):
    early = receive("Güémez")["arrival_id"]
    late = receive("Tzintzun")["arrival_id"]
    wait(cast, acting, early, 25)
    wait(cast, acting, late, 22)
    now = timezone.now()
    with acting(cast.reception):
        # 25 of 30 minutes in the second stage are less than 22 of 20 in the first.
        QueuePlace.objects.filter(pk=early).update(stage="needs")
        limits = find_wait_limits(cast.bridge.id)
        queue = list_queue(cast.reception, cast.bridge.id, now, limits, day=timezone.localdate())
        page = KeysetPage(queue, ORDER)
        assert [str(place.pk) for place in page.rows] == [late, early]
        assert [str(place.pk) for place in keep(queue, QueueFilter("late"), now)] == [late]


def test_the_pages_of_the_queue_follow_each_other_without_gap(receive, cast, acting):
    ids = [receive(name)["arrival_id"] for name in NAMES]
    for index, arrival_id in enumerate(ids):
        wait(cast, acting, arrival_id, index)
    now = timezone.now()
    with acting(cast.reception):
        limits = find_wait_limits(cast.bridge.id)
        queue = list_queue(cast.reception, cast.bridge.id, now, limits, day=timezone.localdate())
        first = KeysetPage(queue, ORDER, size=4)
        second = KeysetPage(queue, ORDER, first.next_cursor, size=4)
    seen = [str(place.pk) for place in [*first.rows, *second.rows]]
    assert seen == ids[::-1][:8]


def test_the_limits_of_the_pilot_decide_who_is_late(receive, visit, cast, acting, pilot):
    arrival = receive("Güémez")["arrival_id"]
    wait(cast, acting, arrival, 9)
    page = visit("reception", "/?show=late").content.decode()
    assert "Güémez" in page
    assert "1 pasa de 7" in page


def test_a_child_and_who_travels_with_it_are_found_by_the_filter(receive, visit):
    first = receive("Güémez")
    receive(
        "Pech", identity={"birth": {"year": timezone.now().year - 8}},
        arrival={"accompaniment": "minor_with_parent"},
        travels_with={"arrival_id": first["arrival_id"], "relation": "child"},
    )  # fmt: skip
    receive("Tzintzun")
    page = visit("reception", "/?show=children").content.decode()
    assert "Pech" in page
    assert "Tzintzun" not in page


def test_a_person_is_taken_and_released(receive, client, cast, visit):
    arrival = receive("Güémez")["arrival_id"]
    visit("counsellor", "/")
    assert client.post(f"/today/{arrival}/take/").status_code == 302
    assert "soltar" in client.get("/").content.decode()
    client.post(f"/today/{arrival}/release/")
    assert client.get("/?show=unassigned").content.decode().count("data-row=") == 1


def test_an_analyst_cannot_take_anybody(receive, client, visit):
    arrival = receive("Güémez")["arrival_id"]
    visit("analyst", "/")
    assert client.post(f"/today/{arrival}/take/").status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_people(receive, client, cast, acting):
    client.force_login(cast.users["coordinator"], backend=BACKEND)
    receive(NAMES[0])
    client.get("/")
    with CaptureQueriesContext(connection) as one:
        client.get("/")
    for name in NAMES[1:]:
        receive(name)
    with CaptureQueriesContext(connection) as many:
        client.get("/")
    assert len(many) <= len(one) + 1
    assert len(many) < 60


def test_the_queue_is_read_through_its_index(receive, cast, acting):
    receive("Güémez")
    with acting(cast.reception), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        queue = list_queue(
            cast.reception, cast.bridge.id, timezone.now(), find_wait_limits(cast.bridge.id), day=timezone.localdate()
        )
        assert "queue_of_office" in queue.order_by(*ORDER)[:17].explain()


def test_people_of_another_office_are_not_in_the_queue(receive, visit):
    receive("Güémez")
    page = visit("far_reception", "/").content.decode()
    assert "Güémez" not in page


def test_who_left_for_home_no_longer_waits_in_the_building(receive, visit, cast, acting):
    arrival = receive("Güémez")["arrival_id"]
    with acting(cast.counsellor):
        for _step in range(4):
            advance_person(actor=cast.counsellor, arrival_id=arrival, now=timezone.now())
        assert StageEvent.objects.filter(arrival=arrival).count() == 5
    assert "Güémez" not in visit("reception", "/").content.decode()


def test_a_page_that_refreshes_itself_does_not_keep_the_screen_from_locking(visit, client):
    visit("reception", "/")
    before = client.session[LAST_ACTIVE]
    client.get("/", headers={"X-Refresh": "1"})
    assert client.session[LAST_ACTIVE] == before
    client.get("/")
    assert client.session[LAST_ACTIVE] > before


def test_a_refresh_finds_all_its_parts_on_the_page(receive, visit):
    receive("Güémez")
    page = visit("reception", "/").content.decode()
    parts = page.split('hx-select-oob="')[1].split('"')[0].split(",")
    assert parts
    for part in parts:
        assert f'id="{part[1:]}"' in page, part
