"""Reserved people who return are found by the product alone, and told to whoever protects them."""

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from puente.engines.identity.names import PersonName
from puente.people.models import SearchKey
from puente.people.pseudonyms import reference_of
from puente.people.sealed import IdentityDocument
from puente.people.services import PersonFacts, correct_person, register_person, release_person, reserve_person
from puente.platform.keys import load_keyring
from puente.platform.policy import Purpose
from puente.platform.row_security import acting_as
from puente.protection.handovers import Reason
from puente.protection.jobs import compare_arrival, compare_person
from puente.protection.models import Handover, WatchedPerson, WatchKey
from puente.protection.policies import VIEW_HANDOVERS
from puente.protection.selectors import find_registered
from puente.protection.services import open_handover
from puente.protection.services.watch import watch_for_return
from tests.desk.conftest import BACKEND
from tests.protection.conftest import step_up

pytestmark = pytest.mark.django_db


def register(cast, given="Noemí", first="Xicale", second="Tzintzun", year=2001):
    with acting_as(cast.reception):
        return register_person(
            actor=cast.reception, office_id=cast.bridge.pk, facts=PersonFacts(sex="F", birth_year=year),
            identity=IdentityDocument(PersonName(given, first, second)), now=timezone.now(),
        )  # fmt: skip


def watch(person, **where):
    return watch_for_return(person_id=person.pk, about=person.pk, now=timezone.now(), **where)


@pytest.fixture
def reserved(cast, person):
    officer = step_up(cast.protection)
    with acting_as(officer):
        reserve_person(
            actor=officer, person_id=person.pk, office_id=cast.bridge.pk, assigned_to=officer.id, now=timezone.now()
        )
    return person


def list_handovers(actor):
    with acting_as(actor):
        rows = Handover.objects.all()
        return list(rows.visible_to(actor, VIEW_HANDOVERS) if actor.may(VIEW_HANDOVERS) else rows)


def test_somebody_who_is_registered_anew_is_handed_over_sealed(cast, reserved):
    again = register(cast, given="Noemi", second="Tsintsun")
    assert watch(again) == 1
    officer = step_up(cast.protection)
    (handover,) = list_handovers(officer)
    # What stands in clear names the reserved person alone.
    assert handover.person_id == reserved.pk
    assert handover.arrival_id is None
    assert again.pk.bytes not in bytes(handover.sealed)
    with acting_as(officer):
        row, content = open_handover(actor=officer, handover_id=handover.pk, now=timezone.now())
        assert find_registered(officer, row, content) == again.pk
    assert content.reasons == (Reason.POSSIBLE_RETURN,)
    assert str(again.pk) not in str(content)


def test_the_next_officer_on_duty_reads_where_the_person_waits_and_not_who_it_is(cast, reserved):
    again = register(cast)
    assert watch(again, office_id=cast.bridge.pk, turn="A-041") == 1
    supervisor = step_up(cast.supervisor)
    (handover,) = list_handovers(supervisor)
    with acting_as(supervisor):
        row, content = open_handover(actor=supervisor, handover_id=handover.pk, now=timezone.now())
        assert find_registered(supervisor, row, content) is None
    assert content.turn == "A-041"


def test_another_office_is_not_told_a_turn_that_is_called_elsewhere(cast, reserved):
    assert watch(register(cast), office_id=cast.tapachula.pk, turn="A-007") == 1
    officer = step_up(cast.protection)
    (handover,) = list_handovers(officer)
    with acting_as(officer):
        assert open_handover(actor=officer, handover_id=handover.pk, now=timezone.now())[1].turn == ""


def test_the_page_of_the_officer_in_charge_leads_to_who_was_registered(cast, reserved, client):
    again = register(cast)
    watch(again)
    (handover,) = list_handovers(step_up(cast.protection))
    page = reverse("protection:handover", args=[handover.pk])
    for role, is_told in (("protection", True), ("supervisor", False)):
        client.force_login(cast.users[role], backend=BACKEND)
        session = client.session
        session["step_up_at"] = timezone.now().timestamp()
        session.save()
        html = client.get(page).content.decode()
        assert reference_of(reserved.pk) in html
        assert (reverse("desk:person", args=[again.pk]) in html) is is_told


def test_reception_reads_nothing_of_it(cast, reserved):
    watch(register(cast))
    for role in ("reception", "counsellor", "coordinator", "protection"):
        actor = step_up(cast.actors[role])
        with acting_as(actor):
            assert not WatchKey.objects.exists()
            assert not WatchedPerson.objects.exists()
    assert list_handovers(cast.reception) == []


def test_a_job_that_runs_twice_hands_over_once(cast, reserved):
    again = register(cast)
    for expected in (1, 1):
        watch(again)
        assert len(list_handovers(step_up(cast.protection))) == expected


def test_other_people_are_not_handed_over(cast, reserved):
    for other in (
        register(cast, "Wilberth", "Pech", "Canul", 1990),
        register(cast, "Noemí", "Barraza", "Coyotl", 1977),
    ):
        assert watch(other) == 0


def test_nobody_is_watched_for_after_the_release(cast, reserved):
    officer = step_up(cast.protection)
    with acting_as(officer):
        release_person(actor=officer, person_id=reserved.pk, now=timezone.now())
    assert watch(register(cast)) == 0


def test_a_corrected_name_is_watched_for(cast, reserved):
    officer = step_up(cast.protection)
    with acting_as(officer):
        correct_person(
            actor=officer, person_id=reserved.pk, facts=PersonFacts(sex="F", birth_year=2001),
            identity=IdentityDocument(PersonName("Eulalia", "Huitzil", "Cuautle")), purpose=Purpose.PROTECTION,
            now=timezone.now(),
        )  # fmt: skip
    assert watch(register(cast)) == 0
    again = register(cast, "Eulalia", "Huitzil", "Cuautle")
    assert watch(again) == 1


def test_the_hashes_of_the_watch_are_not_those_of_the_search(cast, person):
    keyring = load_keyring()
    with acting_as(cast.reception):
        before = set(SearchKey.objects.filter(person=person).values_list("key", flat=True))
    officer = step_up(cast.protection)
    with acting_as(officer):
        reserve_person(
            actor=officer, person_id=person.pk, office_id=cast.bridge.pk, assigned_to=officer.id, now=timezone.now()
        )
    from puente.protection.services.watch import _watching_actor

    with acting_as(_watching_actor()):
        watched = set(WatchKey.objects.values_list("key", flat=True))
    assert watched
    assert not watched & before
    assert keyring.hash_search_key("py|a") != keyring.hash_vault_key("py|a")


def test_every_registration_leaves_the_same_job(cast, reserved, send):
    """Reception does the same for somebody who is protected and for anybody else; what the job finds is not seen."""
    with connection.cursor() as cursor:
        kinds = []
        for name in ({"given": "Noemí", "first_surname": "Xicale", "second_surname": "Tzintzun"},
                     {"given": "Wilberth", "first_surname": "Pech", "second_surname": "Canul"}):  # fmt: skip
            cursor.execute("DELETE FROM procrastinate_jobs")
            send(identity={"name": name, "birth": {"year": 2001}})
            cursor.execute(
                "SELECT task_name, queue_name, priority, array_agg(key ORDER BY key) FROM procrastinate_jobs,"
                " LATERAL jsonb_object_keys(args) AS key GROUP BY id, 1, 2, 3 ORDER BY 1"
            )
            kinds.append(cursor.fetchall())
    assert kinds[0] == kinds[1] == [("protection.compare_arrival", "protection", 0, ["fact_id"])]


def test_the_job_of_an_arrival_finds_who_returned(cast, reserved, send):
    name = {"given": "Noemí", "first_surname": "Xicale", "second_surname": "Tzintzun"}
    result = send(identity={"name": name, "birth": {"year": 2001}, "sex": "F"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT args ->> 'fact_id' FROM procrastinate_jobs ORDER BY id DESC LIMIT 1")
        compare_arrival(cursor.fetchone()[0])
    officer = step_up(cast.protection)
    found = [one for one in list_handovers(officer) if one.person_id == reserved.pk]
    with acting_as(officer):
        turns = [open_handover(actor=officer, handover_id=one.pk, now=timezone.now())[1].turn for one in found]
    assert turns == [result["turn"]]


def test_a_corrected_name_of_anybody_is_compared_anew(cast, reserved):
    other = register(cast, "Wilberth", "Pech", "Canul", 1990)
    with acting_as(cast.reception):
        correct_person(
            actor=cast.reception, person_id=other.pk, facts=PersonFacts(sex="F", birth_year=2001),
            identity=IdentityDocument(PersonName("Noemí", "Xicale", "Tzintzun")), purpose=Purpose.RECEPTION,
            now=timezone.now(),
        )  # fmt: skip
    compare_person(str(other.pk))
    assert [one.person_id for one in list_handovers(step_up(cast.protection))] == [reserved.pk]
