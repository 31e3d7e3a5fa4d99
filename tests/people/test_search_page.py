import logging
import re
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from puente.audit.models import Event
from puente.engines.identity.names import PersonName
from puente.people.models import Person, SearchSession
from puente.people.sealed import IdentityDocument
from puente.people.selectors import EarlierReturn, histories, register_returns
from puente.people.services import PersonFacts, open_person, register_person
from puente.platform.policy import Actor, Membership, Purpose, Sensitivity


def ask(client, text, target="results", **more):
    return client.post(
        reverse("people:search"), {"q": text} | more, headers={"HX-Request": "true", "HX-Target": target}
    )


def test_a_person_is_found_while_the_name_is_typed_with_what_agrees_and_differs(sign_in, martin):
    page = ask(sign_in("reception"), "avalos crus martin 92 mich").content.decode()
    assert "Ávalos Cruz, Martín" in page
    assert "Zitácuaro, Mich." in page
    assert 'class="differs"' in page
    assert page.count("<tr>") >= 5


def test_what_was_understood_can_be_corrected_part_by_part(sign_in, martin):
    client = sign_in("reception")
    answer = client.post(reverse("people:search"), {"q": "avalos cruz martin 92", "mend": "1"})
    assert 'name="in_parts"' in answer.content.decode()
    answer = client.post(
        reverse("people:search"),
        {"in_parts": "1", "first_surname": "Ávalos", "given": "Martin", "birth_year": "1992", "state": "16"},
    )
    assert "Ávalos Cruz, Martín" in answer.content.decode()


def test_another_office_sees_the_asked_names_and_the_signs_and_nothing_else(sign_in, martin):
    page = ask(sign_in("far_reception"), "avalos martin 1992 mich").content.decode()
    assert "Ávalos, Martín" in page
    for hidden in ("Cruz", "Elvira", "715", "AACM", "14", "Zit", "Tincho", str(martin.get_absolute_url())):
        assert hidden not in page.replace("14px", ""), hidden
    assert page.count('class="tag tag-done"') >= 2  # year and state agree


def test_a_surname_alone_shows_no_given_name_of_another_office(sign_in, martin):
    page = ask(sign_in("far_reception"), "avalos 1992").content.decode()
    assert "Ávalos" in page
    assert "Mart" not in page


@pytest.mark.parametrize("role", ["liaison", "communication", "analyst", "administrator"])
def test_whoever_has_no_work_with_people_finds_no_search_page(sign_in, role):
    assert sign_in(role).get(reverse("people:search")).status_code == 404


def test_a_search_leaves_one_event_a_session_with_counts_and_no_words(sign_in, cast, martin, acting):
    client = sign_in("reception")
    for text in ("ava", "avalos", "avalos mar", "avalos martin"):
        ask(client, text)
    with acting(cast.reception):
        session = SearchSession.objects.get()
        events = Event.objects.filter(verb="person.searched")
        assert [event.record_id for event in events] == [session.id]
        assert (session.questions, session.shown_of_other_offices) == (4, 0)
        assert session.shown >= 3
        assert "valos" not in str(list(events.values()))


def test_a_pause_begins_a_new_session(sign_in, cast, martin, acting):
    client = sign_in("reception")
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        ask(client, "avalos")
    with time_machine.travel(now + timedelta(minutes=6), tick=False):
        ask(client, "avalos")
    with acting(cast.reception):
        assert SearchSession.objects.count() == 2


def test_too_many_searches_in_an_hour_are_refused_and_told_once(sign_in, cast, martin, acting, monkeypatch):
    monkeypatch.setattr(settings, "SEARCHES_PER_HOUR", 3)
    client = sign_in("reception")
    for _ in range(3):
        assert "Ávalos" in ask(client, "avalos").content.decode()
    for _ in range(2):
        answer = ask(client, "avalos")
        assert answer.status_code == 422
        assert "Ávalos" not in answer.content.decode()
    assert client.post(reverse("people:search"), {"q": "avalos"}).status_code == 429
    with acting(cast.reception):
        assert Event.objects.filter(verb="person.search_limited").count() == 1
    # The limit is of one member of staff, and an hour later it is over.
    assert "valos" in ask(sign_in("counsellor"), "avalos").content.decode()
    with time_machine.travel(timezone.now() + timedelta(minutes=80)):
        fresh = sign_in("reception")
        assert ask(fresh, "avalos").status_code == 200


def test_no_name_stands_in_an_address_or_a_log(sign_in, martin, caplog):
    client = sign_in("reception")
    with caplog.at_level(logging.DEBUG):
        page = client.post(reverse("people:search"), {"q": "avalos cruz martin"})
        client.get(reverse("people:search"), {"q": "avalos"})
        client.get(martin.get_absolute_url())
    html = page.content.decode()
    assert 'method="post"' in html
    for address in re.findall(r'(?:href|action|hx-[a-z]+)="([^"]*)"', html):
        assert "valos" not in address.lower()
    told = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("django.db"))
    assert "valos" not in told.lower()


def test_a_get_with_a_name_in_the_address_searches_nobody(sign_in, martin):
    assert "candidate-1" not in sign_in("reception").get(reverse("people:search"), {"q": "avalos"}).content.decode()


def test_earlier_returns_stand_beside_a_candidate(sign_in, martin, monkeypatch):
    monkeypatch.setattr(histories, "_readers", [])
    when = timezone.now() - timedelta(days=900)
    register_returns(lambda actor, ids: {one: [EarlierReturn(when, "Nogales")] for one in ids})
    page = ask(sign_in("reception"), "avalos martin").content.decode()
    assert "Nogales" in page


def test_a_look_alike_in_the_list_is_announced(sign_in, cast, martin, acting):
    with acting(cast.reception):
        register_person(
            actor=cast.reception,
            office_id=cast.bridge.id,
            identity=IdentityDocument(name=PersonName("Marcos", "Ávalos", "Cruz"), birth_month=3, birth_day=14),
            facts=PersonFacts(sex="M", birth_year=1992, birth_precision="day"),
            now=timezone.now(),
        )
    page = ask(sign_in("reception"), "avalos cruz martin 1992").content.decode()
    assert "(2, Marcos)" in page


def test_the_page_lists_whom_the_office_serves_and_whom_one_opened(sign_in, cast, martin, acting):
    client = sign_in("reception")
    assert "Ávalos Cruz, Martín" in client.get(reverse("people:search")).content.decode()
    client.get(martin.get_absolute_url())
    page = client.get(reverse("people:search")).content.decode()
    assert page.count(martin.get_absolute_url()) == 2
    assert "Ávalos" not in sign_in("far_reception").get(reverse("people:search")).content.decode()


def test_a_sealed_person_is_in_no_list_no_count_and_no_search(sign_in, cast, martin, acting):
    actions = frozenset({"person.open", "person.correct"})
    sealer = Actor(uuid4(), "sealer", (Membership(cast.bridge.id, actions, Sensitivity.SEALED),))
    with acting(sealer):
        assert Person.objects.filter(pk=martin.pk).update(sensitivity=Sensitivity.SEALED) == 1
    client = sign_in("reception")
    page = client.get(reverse("people:search")).content.decode()
    assert "Ávalos" not in page
    assert "Ávalos" not in ask(client, "avalos cruz martin").content.decode()
    assert client.get(martin.get_absolute_url()).status_code == 404


def test_the_pages_cost_the_same_queries_for_one_person_and_for_twelve(
    sign_in, cast, martin, acting, django_assert_max_num_queries
):
    with acting(cast.reception):
        for number in range(12):
            person = register_person(
                actor=cast.reception,
                office_id=cast.bridge.id,
                identity=IdentityDocument(name=PersonName("Martín", "Ávalos", "Cruz")),
                facts=PersonFacts(birth_year=1980 + number, birth_precision="year", home_municipality_id="16112"),
                now=timezone.now(),
            )
            open_person(actor=cast.reception, person_id=person.pk, purpose=Purpose.RECEPTION, now=timezone.now())
    client = sign_in("reception")
    with django_assert_max_num_queries(40):
        ask(client, "avalos cruz martin 1992")
    with django_assert_max_num_queries(28):
        client.get(reverse("people:search"))
