"""Protected data leave the office by two people, once, within hours, and never as narrative."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from puente.audit.models import Event
from puente.platform.policy import NotAllowed
from puente.platform.row_security import acting_as
from puente.protection.case_file import FollowUpKind, FollowUpResult
from puente.protection.exporting import ExportReason, find_kind, list_kinds
from puente.protection.models import Case, CaseEntry, ProtectedExport
from puente.protection.services.exports import (
    FEWEST_CASES,
    VALIDITY,
    ExportDecided,
    ExportFacts,
    ExportGone,
    TooFewCases,
    ask_export,
    decide_export,
    produce_export,
)
from puente.protection.services.follow_ups import finish_follow_up, plan_follow_up
from tests.protection.cases import open_for

pytestmark = pytest.mark.django_db


def facts(**changes):
    today = timezone.localdate()
    kind = find_kind("case_figures")
    whole = ExportFacts(
        "case_figures", kind.fields, today - timedelta(days=30), today + timedelta(days=1), ExportReason.PARTNER,
        "Informe a la oficina central",
    )  # fmt: skip
    return replace(whole, **changes)


def ask(actor, cast, **changes):
    with acting_as(actor):
        return ask_export(actor=actor, office_id=cast.bridge.pk, facts=facts(**changes), now=timezone.now())


def decide(actor, export, *, approve=True):
    with acting_as(actor):
        return decide_export(actor=actor, export_id=export.pk, approve=approve, words="", now=timezone.now())


def produce(actor, export, now=None):
    with acting_as(actor):
        return produce_export(actor=actor, export_id=export.pk, now=now or timezone.now())


def test_two_people_take_it_out_once(cast, officer, supervisor, cases):
    export = ask(supervisor, cast)
    decide(officer, export)
    produced, rows = produce(supervisor, export)
    assert produced.rows == len(rows) == FEWEST_CASES
    assert rows[0]["state"] == "open"
    assert "encerraron" not in str(rows)
    assert "Xicale" not in str(rows)
    with pytest.raises(ExportGone):
        produce(supervisor, export)
    with acting_as(cast.administrator):
        verbs = set(Event.objects.filter(record_id=export.pk).values_list("verb", flat=True))
    assert verbs == {"export.asked", "export.approved", "export.produced"}


def test_nobody_approves_their_own_request(cast, officer, cases):
    export = ask(officer, cast)
    with pytest.raises(ExportDecided):
        decide(officer, export)
    with acting_as(officer):
        assert ProtectedExport.objects.update(is_approved=True, decided_by=officer.id) == 0


def test_only_who_asked_fetches_it(cast, officer, supervisor, colleague, cases):
    export = ask(supervisor, cast)
    decide(officer, export)
    for actor in (officer, colleague):
        with pytest.raises(ExportGone):
            produce(actor, export)


def test_it_is_gone_after_some_hours(cast, officer, supervisor, cases):
    export = ask(supervisor, cast)
    decide(officer, export)
    with pytest.raises(NotAllowed):
        produce(supervisor, export, timezone.now() + VALIDITY + timedelta(minutes=1))
    later = timezone.now() + VALIDITY + timedelta(minutes=1)
    with pytest.raises(ExportGone):
        produce(replace(supervisor, step_up_at=later), export, later)


def test_what_was_refused_is_never_produced(cast, officer, supervisor, cases):
    export = ask(supervisor, cast)
    decide(officer, export, approve=False)
    with pytest.raises(ExportGone):
        produce(supervisor, export)


def test_the_supervisor_reads_entries_for_an_approved_export_alone(cast, officer, supervisor, cases):
    with acting_as(supervisor):
        assert not CaseEntry.objects.exists()
    export = ask(supervisor, cast)
    with acting_as(supervisor):
        assert not CaseEntry.objects.exists()
    decide(officer, export)
    produce(supervisor, export)
    with acting_as(supervisor):
        assert not CaseEntry.objects.exists()


def test_so_few_cases_would_tell_who_they_are(cast, officer, cases):
    with pytest.raises(TooFewCases):
        ask(officer, cast, first_day=timezone.localdate() + timedelta(days=5), last_day=timezone.localdate())


def test_so_few_rows_would_tell_it_too_and_the_export_is_not_used_up(cast, officer, supervisor, cases):
    htcds = find_kind("htcds")
    export = ask(supervisor, cast, kind=htcds.code, fields=htcds.fields)
    decide(officer, export)
    with pytest.raises(TooFewCases):
        produce(supervisor, export)
    with acting_as(supervisor):
        export.refresh_from_db()
    assert export.produced_at is None


def test_a_standard_is_told_whole_or_not_at_all(cast, officer, cases):
    htcds = find_kind("htcds")
    with pytest.raises(ValueError, match="fields"):
        ask(officer, cast, kind=htcds.code, fields=htcds.fields[1:])


def test_fields_stand_in_the_order_of_the_kind(cast, officer, cases):
    assert ask(officer, cast, fields=("risk", "opened_in")).fields == ["opened_in", "risk"]


def test_the_period_is_read_by_the_clock_of_the_office(cast, officer, supervisor, cases):
    # 23:30 of the 3rd in Ciudad Juárez is the 4th by the clock of the database.
    late = datetime(2026, 3, 3, 23, 30, tzinfo=ZoneInfo(cast.bridge.time_zone))
    with acting_as(officer):
        for case in cases:
            opened, due = open_for(officer, case), {"due_on": late.date(), "words": "cita", "now": timezone.now()}
            planned = plan_follow_up(actor=officer, opened=opened, kind=FollowUpKind.REVIEW, **due)
            finish_follow_up(
                actor=officer, opened=opened, follow_up_id=planned, result=FollowUpResult.DONE, words="",
                now=timezone.now(),
            )  # fmt: skip
        Case.objects.filter(pk__in=[case.pk for case in cases]).update(opened_at=late)
    day = late.date()
    with pytest.raises(TooFewCases):
        ask(supervisor, cast, first_day=day + timedelta(days=1), last_day=day + timedelta(days=1))
    export = ask(supervisor, cast, first_day=day, last_day=day)
    decide(officer, export)
    _export, rows = produce(supervisor, export)
    assert [row["opened_in"] for row in rows] == ["2026-03"] * FEWEST_CASES
    assert {row["follow_ups_done"] for row in rows} == {"1"}


def test_only_fields_of_the_kind_are_asked_for(cast, officer, cases):
    for fields in ((), ("name",), ("state", "testimony")):
        with pytest.raises(ValueError, match="fields"):
            ask(officer, cast, fields=fields)


def test_nobody_else_asks_or_approves(cast, officer, cases):
    export = ask(officer, cast)
    for role in ("reception", "counsellor", "coordinator", "analyst", "administrator"):
        actor = replace(cast.actors[role], step_up_at=timezone.now())
        with pytest.raises(NotAllowed):
            ask(actor, cast)
        with pytest.raises(NotAllowed):
            decide(actor, export)
        with acting_as(actor):
            assert not ProtectedExport.objects.exists()
    with pytest.raises(NotAllowed):
        ask(cast.protection, cast)


def test_no_kind_of_export_has_a_field_of_who_or_where():
    forbidden = {"name", "birth", "address", "phone", "words", "reference", "municipality"}
    assert all(not forbidden & set(kind.fields) for kind in list_kinds())
