import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from puente.audit.models import Event
from puente.needs.models import Need, NeedEvent, NeedKind
from puente.needs.selectors import NeedFilter, count_pending, list_pending, list_responsible, today_in
from puente.needs.services import (
    InvalidMove,
    InvalidNeed,
    Plan,
    add_need,
    export_pending,
    load_need_catalogue,
    open_need,
    plan_need,
    update_need,
)
from puente.platform.paths import CONTENT
from puente.platform.policy import NotAllowed, Purpose
from tests.needs.people import register


@pytest.fixture
def need(cast, acting):
    with acting(cast.reception):
        person = register(cast.reception, cast.bridge)
    with acting(cast.counsellor):
        return note(cast, person, "medicine", note="Insulina, dos días")


def note(cast, person, kind, **more):
    return add_need(
        actor=cast.counsellor, person_id=person.pk, office_id=cast.bridge.pk, kind=kind, now=timezone.now(), **more
    )


def today(cast):
    return today_in(cast.bridge, timezone.now())


def move(cast, need, status, reason="", actor=None):
    return update_need(
        actor=actor or cast.counsellor, need_id=need.pk, status=status, reason=reason, now=timezone.now()
    )


def test_a_need_takes_urgency_day_and_service_from_the_catalogue(cast, need):
    kind = NeedKind.objects.get(code="medicine")
    assert (need.urgency, need.service_id, need.group_id) == (kind.urgency, kind.service_id, "health")
    assert need.due_on == today(cast) + timedelta(days=kind.days_to_act)


def test_free_words_are_sealed_and_read_by_who_may_open_the_need(cast, acting, need):
    with acting(cast.counsellor):
        move(cast, need, "withdrawn", "Ya la compró su hermana")
        opened = open_need(actor=cast.counsellor, need_id=need.pk, purpose=Purpose.COUNSELLING, now=timezone.now())
        assert opened.note == "Insulina, dos días"
        assert list(opened.reasons.values()) == ["Ya la compró su hermana"]
        with connection.cursor() as cursor:
            cursor.execute("SELECT t::text FROM needs_need t UNION ALL SELECT t::text FROM needs_needevent t")
            columns = "".join(row for (row,) in cursor.fetchall())
        assert "medicine" in columns
        for words in ("Insulina", "hermana"):
            assert words not in columns
            assert words.encode().hex() not in columns


def test_opening_and_changing_leave_events_that_name_no_need_and_no_reason(cast, acting, need):
    with acting(cast.counsellor):
        open_need(actor=cast.counsellor, need_id=need.pk, purpose=Purpose.COUNSELLING, now=timezone.now())
        move(cast, need, "referred", "Clínica 6")
    with acting(cast.coordinator):
        events = Event.objects.filter(record_id=need.pk).order_by("at", "id")
        assert [event.verb for event in events] == ["need.added", "need.opened", "need.updated"]
        assert {str(event.detail) for event in events} == {"{}"}


def test_a_need_is_referred_met_and_opened_again_and_its_history_keeps_every_turn(cast, acting, need):
    with acting(cast.counsellor):
        move(cast, need, "referred")
        assert move(cast, need, "met").closed_at is not None
        assert move(cast, need, "open", "Se le acabó otra vez").closed_at is None
        kinds = list(NeedEvent.objects.order_by("at", "id").values_list("kind", "status"))
        assert kinds == [("added", "open"), ("referred", "referred"), ("met", "met"), ("reopened", "open")]


@pytest.mark.parametrize(
    ("first", "then", "reason", "part"),
    [
        (None, "withdrawn", "  ", "reason"),
        (None, "open", "x", "status"),
        (None, "lost", "x", "status"),
        ("met", "referred", "", "status"),
        ("met", "open", "", "reason"),
    ],
)
def test_a_move_that_cannot_be_is_refused_and_says_which_part(cast, acting, need, first, then, reason, part):
    with acting(cast.counsellor):
        if first:
            move(cast, need, first)
        with pytest.raises(InvalidMove) as caught:
            move(cast, need, then, reason)
        assert caught.value.part == part
        need.refresh_from_db()
        assert need.status == (first or "open")


def test_the_same_need_is_not_pending_twice_and_cannot_be_opened_again_beside_its_twin(cast, acting, need):
    with acting(cast.counsellor):
        with pytest.raises(InvalidNeed) as caught:
            note(cast, need.person, "medicine")
        assert caught.value.part == "kind"
        move(cast, need, "met")
        note(cast, need.person, "medicine")
        with pytest.raises(InvalidMove):
            move(cast, need, "open", "Otra vez")


@pytest.mark.parametrize("change", [{"kind": "unknown"}, {"note": "x" * 2_001}])
def test_what_cannot_be_noted_leaves_nothing(cast, acting, need, change):
    with acting(cast.counsellor):
        with pytest.raises(InvalidNeed):
            note(cast, need.person, **{"kind": "clothes", **change})
        assert Need.objects.count() == 1


def test_a_plan_is_changed_and_what_was_planned_before_stays(cast, acting, need):
    with acting(cast.counsellor):
        counsellor = list_responsible(cast.bridge.pk)[0]
        due = today(cast) + timedelta(days=5)
        plan = Plan("this_week", "health", due, counsellor.pk)
        plan_need(actor=cast.counsellor, need_id=need.pk, plan=plan, now=timezone.now())
        plan_need(actor=cast.counsellor, need_id=need.pk, plan=plan, now=timezone.now())
        changes = NeedEvent.objects.get(kind="planned").changes
    assert changes == {
        "urgency": [need.urgency, "this_week"],
        "due_on": [need.due_on.isoformat(), due.isoformat()],
        "responsible_id": [None, str(counsellor.pk)],
    }


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("urgency", {"urgency": "at_once"}),
        ("service", {"service": "magic"}),
        ("due_on", {"days": -1}),
        ("due_on", {"days": 900}),
        ("responsible_id", {"responsible": "reception"}),
        ("responsible_id", {"responsible": "far_counsellor"}),
    ],
)
def test_a_plan_that_cannot_be_says_which_part(cast, acting, need, part, change):
    responsible = cast.users[change["responsible"]].pk if "responsible" in change else None
    plan = Plan(
        change.get("urgency", "today"),
        change.get("service", "health"),
        today(cast) + timedelta(days=change.get("days", 3)),
        responsible,
    )
    with acting(cast.counsellor):
        with pytest.raises(InvalidNeed) as caught:
            plan_need(actor=cast.counsellor, need_id=need.pk, plan=plan, now=timezone.now())
        assert caught.value.part == part
        assert not NeedEvent.objects.filter(kind="planned").exists()


def test_a_far_office_sees_no_need_and_no_history_even_without_a_filter(cast, acting, need):
    for role in ("far_counsellor", "far_reception", "liaison", "analyst", "administrator", "communication"):
        actor = cast.actors[role]
        with acting(actor):
            assert (Need.objects.count(), NeedEvent.objects.count()) == (0, 0), role
            with pytest.raises(NotAllowed):
                open_need(actor=actor, need_id=need.pk, purpose=Purpose.COUNSELLING, now=timezone.now())
            with pytest.raises(NotAllowed):
                list_pending(actor, cast.bridge.pk, NeedFilter(), today(cast))


def test_who_may_look_may_not_change(cast, acting, need):
    for role in ("reception", "protection", "coordinator"):
        actor = cast.actors[role]
        with acting(actor):
            assert Need.objects.count() == 1, role
            with pytest.raises(NotAllowed):
                move(cast, need, "met", actor=actor)
            with pytest.raises(NotAllowed):
                add_need(
                    actor=actor, person_id=need.person_id, office_id=cast.bridge.pk, kind="clothes", now=timezone.now()
                )


def test_the_history_cannot_be_changed_in_the_database(cast, acting, need):
    with acting(cast.counsellor):
        for statement in ("UPDATE needs_needevent SET status = 'met'", "DELETE FROM needs_needevent"):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM needs_need")
            assert cursor.rowcount == 0


def test_counts_say_what_each_filter_would_show(cast, acting, need):
    with acting(cast.counsellor):
        late = note(cast, need.person, "clothes")
        Need.objects.filter(pk=late.pk).update(due_on=today(cast) - timedelta(days=2))
        note(cast, need.person, "job_search")
        move(cast, note(cast, need.person, "tools"), "met")
        counts = count_pending(cast.counsellor, cast.bridge.pk, NeedFilter(), today(cast))
        assert (counts.total, counts.overdue) == (3, 1)
        assert counts.by_group == {"health": 1, "shelter": 1, "work": 1}
        assert counts.by_urgency == {"today": 2, "this_week": 1}
        for wanted in (
            NeedFilter(group="health"), NeedFilter(urgency="today"), NeedFilter(only_overdue=True),
            NeedFilter("shelter", "today", True), NeedFilter("work", "today"),
        ):  # fmt: skip
            found = list_pending(cast.counsellor, cast.bridge.pk, wanted, today(cast)).count()
            counts = count_pending(cast.counsellor, cast.bridge.pk, wanted, today(cast))
            assert found == (counts.overdue if wanted.only_overdue else counts.total), wanted


def test_an_export_leaves_an_event_with_its_number_of_rows(cast, acting, need):
    with acting(cast.coordinator):
        rows = export_pending(
            actor=cast.coordinator, office_id=cast.bridge.pk, wanted=NeedFilter(), today=today(cast), now=timezone.now()
        )
        assert [row.pk for row in rows] == [need.pk]
        assert Event.objects.get(verb="need.exported").detail == {"rows": 1}


def test_a_kind_that_left_the_catalogue_is_no_longer_offered_and_stays_readable(cast, acting, need, tmp_path):
    file = CONTENT / "needs" / "assessment.json"
    content = json.loads(file.read_text(encoding="utf-8"))
    content["needs"] = [kind for kind in content["needs"] if kind["code"] != "medicine"]
    smaller = tmp_path / "assessment.json"
    smaller.write_text(json.dumps(content), encoding="utf-8")
    load_need_catalogue(smaller)
    assert not NeedKind.objects.get(code="medicine").is_offered
    with acting(cast.counsellor), pytest.raises(InvalidNeed):
        note(cast, need.person, "medicine")
    assert need.kind.label


def test_the_list_of_an_office_is_read_from_its_index(cast, acting, need):
    with acting(cast.counsellor), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        found = list_pending(cast.counsellor, cast.bridge.pk, NeedFilter(group="health"), today(cast))
        plan = found.select_related(None).order_by("due_on", "id")[:21].explain()
    assert "pending_needs_of_office" in plan
    assert "Sort" not in plan
