"""One way: what the desk hands over leaves the same traces at the desk, whatever it is and whoever it is about."""

import re
from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from puente.audit.models import Event
from puente.audit.verbs import sentence_of
from puente.protection.handovers import read_handover
from puente.protection.jobs import compare_arrival
from puente.protection.models import Handover
from puente.protection.services import Service
from puente.reception.history import describe_history
from puente.reception.models import Arrival
from puente.reception.payload import InvalidPayload
from puente.reception.services.handovers import hand_over
from puente.reception.services.queue import leave_queue

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
ALIKE = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|[AB]-\d{3}|\d\d:\d\d|nonce-\S+|csrf\S+|[A-Za-z0-9]{32,}|[A-Za-z0-9_-]{12}(?=\")"
)
KINDS = {
    "a child alone": {
        "arrival": {"accompaniment": "minor_alone"}, "identity": {"birth": {"year": timezone.now().year - 12}},
    },
    "danger": {"in_danger": "yes"},
    **{f"to {service}": {"hand_over": {"service": service, "note": "…"}} for service in Service},
}  # fmt: skip


def write_queries(captured) -> Counter:
    """Return the statements of a piece of work without their values."""
    return Counter(re.sub(r"'[^']*'|\"s\d+_x\d+\"|\b\d+\b", "?", query["sql"]) for query in captured.captured_queries)


@pytest.fixture
def desk(client, cast):
    client.force_login(cast.users["reception"], backend=BACKEND)
    return client


def test_the_work_of_handing_over_is_the_same_for_every_service(cast, acting, send):
    queries, arrivals = {}, {}
    for service in Service:
        arrivals[service] = send(in_danger="no")["arrival_id"]
    for service, arrival_id in arrivals.items():
        with acting(cast.reception), CaptureQueriesContext(connection) as captured:
            hand_over(actor=cast.reception, arrival_id=arrival_id, service=service, note="…", now=timezone.now())
        queries[service] = write_queries(captured)
    assert queries[Service.PROTECTION].total() > 3
    assert all(asked == queries[Service.PROTECTION] for asked in queries.values())


def test_registering_a_child_asks_the_database_no_more_than_registering_an_adult(cast, acting, send):
    counted = []
    for changes in (
        {},
        {"identity": KINDS["a child alone"]["identity"], "arrival": {"accompaniment": "minor_with_parent"}},
    ):
        with CaptureQueriesContext(connection) as captured:
            send(**changes)
        counted.append(write_queries(captured))
    assert counted[0].total() == counted[1].total()
    told = [sum(times for sql, times in one.items() if "protection_" in sql) for one in counted]
    assert told == [1, 1], "one row for protection, whoever arrives, and nothing is read"


def test_the_answer_of_the_command_is_the_same_for_every_kind(send):
    answers = [send(**changes) for changes in KINDS.values()]
    assert {frozenset(answer) for answer in answers} == {frozenset({"person_id", "arrival_id", "turn"})}


def test_the_page_and_the_history_are_the_same_for_every_kind(cast, acting, desk, send):
    plain = {name: changes for name, changes in KINDS.items() if name != "a child alone"}
    pages, histories = {}, {}
    for name, changes in plain.items():
        arrival_id = send(**changes)["arrival_id"]
        pages[name] = ALIKE.sub("•", desk.get(reverse("reception:arrival", args=[arrival_id])).content.decode())
        with acting(cast.reception):
            days = describe_history(cast.reception, Arrival.objects.get(pk=arrival_id))
        histories[name] = [(entry.title, entry.icon, entry.who) for day in days for entry in day.entries]
    assert len(set(pages.values())) == 1
    assert "sigue con otro servicio" in pages["danger"]
    assert all(history == histories["danger"] for history in histories.values())


def test_the_events_are_the_same_for_every_kind(cast, acting, send):
    told = set()
    for changes in KINDS.values():
        answer = send(**changes)
        with acting(cast.administrator):
            events = Event.objects.filter(person_id=answer["person_id"]).order_by("at", "id")
            told.add(tuple((sentence_of(event.verb), event.record_type, *sorted(event.detail)) for event in events))
    # Consents, need and registration stand there too: the same in all of them.
    assert len(told) == 1


def test_a_prompt_about_a_child_changes_nothing_at_the_desk(cast, acting, desk, send):
    child = {
        "identity": {"birth": {"year": timezone.now().year - 15}, "home_municipality": "08037", "birth_state": "08"},
        "arrival": {"accompaniment": "minor_with_parent", "time_in_us": "up_to_one_month"},
    }  # fmt: skip
    answer = send(**child)
    again = {"person_id": answer["person_id"], "identity": None, "arrival": child["arrival"]}
    for _ in range(3):
        with acting(cast.reception):
            leave_queue(actor=cast.reception, arrival_id=answer["arrival_id"], now=timezone.now())
        answer = send_again(send, again)
    address = reverse("reception:arrival", args=[answer["arrival_id"]])
    before = ALIKE.sub("•", desk.get(address).content.decode())
    for job in ProcrastinateJob.objects.filter(task_name="protection.compare_arrival"):
        compare_arrival(**job.args)
    with acting(cast.protection):
        assert Handover.objects.exists(), "protection was prompted"
    assert ALIKE.sub("•", desk.get(address).content.decode()) == before
    with acting(cast.administrator):
        assert not Event.objects.filter(person_id=answer["person_id"], verb="handover.prompted").exists()


@pytest.mark.parametrize("accompaniment", ["minor_alone", "minor_with_relative"])
def test_the_desk_takes_down_no_story_of_a_child_alone(desk, send, accompaniment):
    child = KINDS["a child alone"] | {"arrival": {"accompaniment": accompaniment}}
    for words, path in (
        ({"immediate_need": "un señor le paga"}, "immediate_need"),
        ({"hand_over": {"service": "medical", "note": "un señor le paga"}}, "hand_over.note"),
    ):
        with pytest.raises(InvalidPayload) as refused:
            send(**child | words)
        assert [problem.path for problem in refused.value.problems] == [path]
        assert "protección de la infancia" in str(refused.value.problems[0].message)
    answer = send(**child)
    page = desk.get(reverse("reception:arrival", args=[answer["arrival_id"]])).content.decode()
    assert 'name="note"' not in page
    grown = send()
    assert 'name="note"' in desk.get(reverse("reception:arrival", args=[grown["arrival_id"]])).content.decode()


def test_words_sent_about_a_child_alone_go_nowhere(cast, acting, send):
    answer = send(**KINDS["a child alone"])
    with acting(cast.reception):
        hand_over(
            actor=cast.reception, arrival_id=answer["arrival_id"], service=Service.LEGAL, note="relato",
            now=timezone.now(),
        )  # fmt: skip
    with acting(cast.counsellor):
        assert read_handover(Handover.objects.get()).note == ""


def send_again(send, changes):
    """Register the same person once more: no identity is sent, the desk chose them."""
    from puente.platform.ids import make_id

    return send(**changes | {"arrival": changes["arrival"] | {"id": str(make_id())}})
