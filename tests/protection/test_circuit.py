"""Facts of arrivals and what a job makes of them: a prompt for protection alone, about a possible victim."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import ProgrammingError, transaction
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from puente.audit.models import Event
from puente.offices.models import Office
from puente.platform.ids import make_id
from puente.platform.policy import NotAllowed
from puente.platform.row_security import acting_as
from puente.protection.handovers import Reason, read_handover
from puente.protection.jobs import compare_arrival
from puente.protection.models import ArrivalFact, Handover
from puente.protection.policies import VIEW_CASE, prompting
from puente.protection.services import PushedArrival, compare_returns, create_case, push_arrival, raise_prompt
from tests.cast import step_up_client
from tests.people.test_services import register
from tests.protection.conftest import step_up

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
JUAREZ, CHILAPA = "08037", "12028"


@pytest.fixture
def push(cast, person):
    """`push(days_ago, …)` pushes an arrival of the child as reception does; returns its id."""

    def send(days_ago: int, **changes):
        now = timezone.now()
        arrival = PushedArrival(
            arrival_id=make_id(), version=1, person_id=person.pk, turn="A-001",
            arrived_at=now - timedelta(days=days_ago),
            age=15, home_municipality=JUAREZ, time_in_us="up_to_one_month", accompaniment="minor_alone",
        )  # fmt: skip
        arrival = replace(arrival, **changes)
        with acting_as(cast.reception):
            push_arrival(actor=cast.reception, office_id=cast.bridge.pk, arrival=arrival, now=now)
        return arrival

    return send


def run_jobs() -> None:
    """Do what the worker does with the jobs that wait."""
    for job in ProcrastinateJob.objects.filter(task_name="protection.compare_arrival", status="todo").order_by("id"):
        compare_arrival(**job.args)


def read_prompts(cast):
    officer = step_up(cast.protection)
    with acting_as(officer):
        return [read_handover(row) for row in Handover.objects.order_by("sent_at")]


def test_every_arrival_leaves_a_fact_and_a_job_that_knows_ids_alone(cast, push, person):
    push(3)
    push(1, age=40, accompaniment="adult_alone", person_id=person.pk)
    jobs = list(ProcrastinateJob.objects.filter(task_name="protection.compare_arrival"))
    assert len(jobs) == 2
    with acting_as(prompting([cast.bridge.pk])):
        assert {job.args["fact_id"] for job in jobs} == {str(fact.pk) for fact in ArrivalFact.objects.all()}
    assert {frozenset(job.args) for job in jobs} == {frozenset({"fact_id"})}


def test_who_pushes_reads_nothing_back(cast, push):
    push(0)
    for role in ("reception", "counsellor", "coordinator", "analyst", "administrator", "far_reception"):
        with acting_as(cast.actors[role]):
            assert not ArrivalFact.objects.exists(), role
            with pytest.raises(NotAllowed):
                compare_returns(actor=cast.actors[role], person_ids=[], now=timezone.now())


def test_facts_are_never_changed_and_never_of_another_office(cast, push, person):
    push(0)
    with acting_as(cast.reception):
        for change in (lambda: ArrivalFact.objects.update(age=3), lambda: ArrivalFact.objects.all().delete()):
            with pytest.raises(ProgrammingError), transaction.atomic():
                change()
        with pytest.raises(NotAllowed):
            push_arrival(
                actor=cast.reception, office_id=cast.tapachula.pk, now=timezone.now(),
                arrival=PushedArrival(make_id(), 1, person.pk, "", timezone.now(), None, "", "", "adult_alone"),
            )  # fmt: skip
    with acting_as(cast.far_reception), pytest.raises(ProgrammingError), transaction.atomic():
        ArrivalFact.objects.create(
            arrival_id=make_id(), version=1, person_id=person.pk, office_id=cast.bridge.pk, turn="",
            arrived_at=timezone.now(), accompaniment="adult_alone", sent_at=timezone.now(),
        )  # fmt: skip


def test_a_child_of_the_border_returned_for_the_third_time_prompts_protection(cast, push):
    for days_ago in (60, 30):
        push(days_ago)
        run_jobs()
        assert read_prompts(cast) == []
    push(0)
    run_jobs()
    (prompt,) = read_prompts(cast)
    assert prompt.reasons == (Reason.CIRCUIT,)
    assert prompt.turn == "A-001"
    assert prompt.details["returns"] == 3
    assert prompt.details["signs"] == ["returned_again", "lives_at_border", "short_stays"]


def test_a_prompt_is_raised_once_per_return_however_often_it_is_compared(cast, push):
    for days_ago in (60, 30, 0):
        push(days_ago)
    run_jobs()
    run_jobs()
    assert len(read_prompts(cast)) == 1
    with acting_as(cast.supervisor):
        assert Event.objects.filter(verb="handover.prompted").count() == 1


def test_adults_and_children_who_return_for_the_first_time_prompt_nobody(cast, push):
    for days_ago in (60, 30, 0):
        push(days_ago, age=34, accompaniment="adult_alone")
    run_jobs()
    push(0)
    run_jobs()
    assert read_prompts(cast) == []


def test_returns_of_a_child_who_lives_far_away_and_stayed_long_prompt_nobody(cast, push):
    for days_ago in (300, 150, 0):
        push(days_ago, home_municipality=CHILAPA, time_in_us="one_to_five_years")
    run_jobs()
    assert read_prompts(cast) == []


def test_the_last_version_of_an_arrival_counts(cast, push):
    for days_ago in (60, 30):
        push(days_ago)
    wrong = push(0)
    push(0, arrival_id=wrong.arrival_id, version=2, age=30, accompaniment="adult_alone")
    run_jobs()
    assert read_prompts(cast) == []


def test_a_reserved_file_does_not_stop_the_prompt(cast, push, person):
    officer = step_up(cast.protection)
    with acting_as(officer):
        create_case(actor=officer, person_id=person.pk, office_id=cast.bridge.pk, now=timezone.now())
    for days_ago in (60, 30, 0):
        push(days_ago)
    run_jobs()
    assert [prompt.reasons for prompt in read_prompts(cast)] == [(Reason.CIRCUIT,)]


def test_returns_under_two_ids_are_counted_together_where_somebody_says_they_are_one(cast, push, person):
    with acting_as(cast.reception):
        other = register(cast.reception, cast.bridge)
    push(60)
    push(30)
    push(0, person_id=other.pk)
    run_jobs()
    assert read_prompts(cast) == []
    system = prompting(Office.objects.values_list("pk", flat=True))
    with acting_as(system):
        compare_returns(actor=system, person_ids=[person.pk, other.pk], now=timezone.now())
    assert len(read_prompts(cast)) == 1


def test_a_prompt_of_another_kind_goes_the_same_way(cast, person):
    system = prompting([cast.bridge.pk])
    with acting_as(system):
        for is_new in (True, False):
            arrival_id = make_id() if is_new else arrival_id  # noqa: F821 - set in the first round
            raised = raise_prompt(
                actor=system, person_id=person.pk, office_id=cast.bridge.pk, about=arrival_id,
                reason=Reason.POSSIBLE_RETURN, details={"compared": 2}, now=timezone.now(),
            )  # fmt: skip
            assert raised is is_new
    assert [prompt.details for prompt in read_prompts(cast)] == [{"compared": 2}]


def test_the_process_opens_nobody_and_reads_no_box(cast, push, person):
    push(0)
    system = prompting([cast.bridge.pk])
    with acting_as(system):
        assert not Handover.objects.exists()
        from puente.people.models import Person

        assert not Person.objects.exists()


def test_the_officer_in_charge_reads_the_facts_of_the_child(cast, push, person):
    push(0)
    officer = step_up(cast.protection)
    with acting_as(officer):
        create_case(actor=officer, person_id=person.pk, office_id=cast.bridge.pk, now=timezone.now())
        assert ArrivalFact.objects.visible_to(officer, VIEW_CASE).count() == ArrivalFact.objects.count() == 1
    for actor in (cast.protection, step_up(cast.supervisor)):
        with acting_as(actor):
            assert not ArrivalFact.objects.visible_to(actor, VIEW_CASE).exists()
            assert not ArrivalFact.objects.exists()


def test_the_page_gives_the_reasons_in_words_and_calls_the_child_a_possible_victim(client, cast, push):
    for days_ago in (60, 30, 0):
        push(days_ago)
    run_jobs()
    client.force_login(cast.users["protection"], backend=BACKEND)
    step_up_client(client)
    assert "Niña o niño retornado una y otra vez" in client.get(reverse("protection:inbox")).content.decode()
    with acting_as(cast.protection):
        row = Handover.objects.get()
    page = client.get(reverse("protection:handover", args=[row.pk])).content.decode()
    assert "Retornó 3 veces en 365 días" in page
    assert "Vive en un municipio de la frontera." in page
    assert "posible víctima" in page
    assert "nunca traficante" in page
