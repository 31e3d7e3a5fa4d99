"""How long things are kept: what is due by the rules, and that it takes a second person to erase people."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puente.audit.models import Event
from puente.counselling.models import PhonePage
from puente.people.models import Person, SearchSession
from puente.people.opening import read_person
from puente.platform.policy import NotAllowed, Purpose
from puente.reception.models import ManifestLine
from puente.reception.selectors.manifests import get_manifest, list_lines, open_lines
from puente.rights.jobs import count_due
from puente.rights.models import Deadline, Erasure, Holiday, RetentionCount, RetentionItem, RetentionRule, RetentionRun
from puente.rights.selectors.retention import list_rules, subtract_months
from puente.rights.services.content import load_rights
from puente.rights.services.retention import (
    RunImpossible,
    add_holiday,
    carry_out_run,
    change_deadline,
    change_rule,
    count_all,
    drop_run,
    propose_run,
    remove_holiday,
)
from tests.counselling.conftest import NOW, register, write_profile
from tests.needs.people import receive
from tests.rights.conftest import ask

#: Hypothesis takes bounds without a zone.
EARLIEST, LATEST = (datetime(year, 1, 1, tzinfo=UTC).replace(tzinfo=None) for year in (2020, 2040))
LONG_AFTER = NOW + timedelta(days=3 * 365)


def due(cast, acting, code, now=LONG_AFTER):
    count_all(now=now)
    with acting(cast.administrator):
        rules = {one.rule.code: one for one in list_rules(cast.administrator, cast.bridge.pk)}
    return rules[code].count.due


def propose(cast, acting, code, actor=None, now=LONG_AFTER):
    actor = actor or cast.administrator
    with acting(actor):
        return propose_run(actor=actor, office_id=cast.bridge.pk, code=code, now=now)


def carry_out(cast, acting, run, actor=None, now=LONG_AFTER):
    actor = actor or cast.coordinator
    with acting(actor):
        return carry_out_run(actor=actor, run_id=run.pk, now=now)


def test_every_rule_comes_as_a_proposal_with_its_source(db):
    rules = {rule.code: rule for rule in RetentionRule.objects.all()}
    assert set(rules) == set(RetentionRule.Subject)
    assert not any(rule.is_checked for rule in rules.values())
    assert all(rule.source for rule in rules.values())
    assert (rules["received"].months, rules["counselled"].months, rules["children"].months) == (24, 60, None)


def test_nobody_is_due_while_the_office_still_serves_them(cast, martin, acting):
    assert due(cast, acting, "received", NOW) == 0
    assert due(cast, acting, "counselled", NOW) == 0


def test_who_was_only_received_is_due_two_years_after_the_last_contact(cast, acting):
    person = register(cast)
    at = subtract_months(LONG_AFTER, 24)
    assert due(cast, acting, "received", NOW + timedelta(days=700)) == 0
    assert due(cast, acting, "received") == 1
    with acting(cast.reception):
        Person.objects.filter(pk=person.pk).update(created_at=at + timedelta(minutes=1))
    assert due(cast, acting, "received") == 0


def test_counselling_starts_a_longer_term(cast, acting):
    person = register(cast)
    with acting(cast.counsellor):
        write_profile(cast.counsellor, person.pk)
    assert due(cast, acting, "received") == 0
    assert due(cast, acting, "counselled") == 0
    assert due(cast, acting, "counselled", NOW + timedelta(days=6 * 365)) == 1


def test_of_children_nothing_is_due_by_itself(cast, acting):
    with acting(cast.reception):
        receive(cast.reception, cast.bridge, birth_year=NOW.year - 9, accompaniment="minor_with_parent")
    assert due(cast, acting, "received", NOW + timedelta(days=8000)) == 0
    assert due(cast, acting, "children", NOW + timedelta(days=8000)) == 0


def test_a_running_request_keeps_a_person_out(cast, acting):
    person = register(cast)
    ask(cast, person.pk, "access")
    assert due(cast, acting, "received") == 0


def test_the_nightly_job_counts_and_erases_nothing(cast, acting):
    register(cast)
    count_due(timestamp=0)
    with acting(cast.administrator):
        assert RetentionCount.objects.filter(office=cast.bridge).count() == len(RetentionRule.Subject)
    with acting(cast.coordinator):
        assert not Erasure.objects.exists()


# Erasing in bulk


def test_what_one_person_proposes_a_second_one_carries_out(cast, acting):
    person = register(cast)
    run = propose(cast, acting, "received")
    assert (run.counted, run.state) == (1, "proposed")
    done = carry_out(cast, acting, run)
    assert (done.done, done.state) == (1, "carried_out")
    with acting(cast.coordinator):
        assert Person.objects.get(pk=person.pk).erased_at is not None
        assert Erasure.objects.get().reason == "retention"
        assert Event.objects.get(verb="retention.carried_out").detail == {"rule": "received", "number": 1}
    assert due(cast, acting, "received") == 0


def test_who_proposed_it_does_not_carry_it_out(cast, acting):
    register(cast)
    run = propose(cast, acting, "received", cast.coordinator)
    with pytest.raises(RunImpossible, match="second_person"):
        carry_out(cast, acting, run)


def test_the_administrator_proposes_and_erases_nobody(cast, acting):
    register(cast)
    run = propose(cast, acting, "received")
    with pytest.raises(NotAllowed):
        carry_out(cast, acting, run, cast.administrator)
    with acting(cast.administrator):
        assert not RetentionItem.objects.exists(), "whom it names the administrator does not read"


def test_whoever_came_back_since_it_was_proposed_is_left_alone(cast, acting):
    gone, back = register(cast), register(cast)
    run = propose(cast, acting, "received")
    assert run.counted == 2
    with acting(cast.counsellor):
        write_profile(cast.counsellor, back.pk)
    assert carry_out(cast, acting, run).done == 1
    with acting(cast.coordinator):
        assert Person.objects.get(pk=gone.pk).erased_at is not None
        assert Person.objects.get(pk=back.pk).erased_at is None


def test_nobody_is_added_to_a_proposal_later(cast, acting):
    register(cast)
    run = propose(cast, acting, "received")
    later = register(cast)
    assert carry_out(cast, acting, run).done == 1
    with acting(cast.coordinator):
        assert Person.objects.get(pk=later.pk).erased_at is None


def test_a_dropped_proposal_erases_nobody(cast, acting):
    register(cast)
    run = propose(cast, acting, "received")
    with acting(cast.administrator):
        assert drop_run(actor=cast.administrator, run_id=run.pk, now=LONG_AFTER).state == "dropped"
    with pytest.raises(RunImpossible, match="not_proposed"):
        carry_out(cast, acting, run)


@pytest.mark.parametrize(("code", "why"), [("children", "not_automatic"), ("lists", "nothing_due")])
def test_what_cannot_be_proposed_says_why(cast, acting, code, why):
    with pytest.raises(RunImpossible, match=why):
        propose(cast, acting, code)


def test_a_second_proposal_waits_for_the_first(cast, acting):
    register(cast)
    propose(cast, acting, "received")
    with pytest.raises(RunImpossible, match="proposed_already"):
        propose(cast, acting, "received")


def test_making_broad_keeps_the_file_and_is_not_due_again(cast, acting):
    person = register(cast)
    with acting(cast.administrator):
        change_rule(
            actor=cast.administrator, code="received", months=24, act="coarsen", source="Acuerdo 3/2026",
            is_checked=True, now=NOW,
        )  # fmt: skip
    carry_out(cast, acting, propose(cast, acting, "received"))
    with acting(cast.coordinator):
        after = Person.objects.get(pk=person.pk)
        assert (after.birth_year, after.home_municipality_id, after.erased_at) == (1990, None, None)
        assert read_person(after).identity.name.given == "Martín"
        assert not Erasure.objects.exists()
    assert due(cast, acting, "received") == 0


def test_rules_of_another_office_are_not_touched(cast, acting):
    register(cast)
    with acting(cast.administrator), pytest.raises(NotAllowed):
        propose_run(actor=cast.administrator, office_id=cast.tapachula.pk, code="received", now=LONG_AFTER)


# What speaks of nobody by itself


def test_lists_past_their_time_lose_their_names_and_keep_their_numbers(cast, martin, acting):
    run = propose(cast, acting, "lists")
    assert carry_out(cast, acting, run, cast.coordinator).done == 1
    with acting(cast.reception):
        manifest = get_manifest(cast.reception, martin.line.manifest_id)
        assert (manifest.total, bytes(manifest.wrapped_key)) == (2, b"")
        shown = open_lines(manifest, list(list_lines(cast.reception, manifest)))
        assert len(shown) == 2
        assert not any(word in str(line) for _row, line in shown for word in ("Ávalos", "Xicale"))
        assert not ManifestLine.objects.exclude(sealed=b"").exists()


def test_phone_pages_past_their_day_are_emptied(cast, martin, acting):
    carry_out(cast, acting, propose(cast, acting, "phone_pages"))
    with acting(cast.counsellor):
        assert bytes(PhonePage.objects.get(sheet=martin.sheet).sealed) == b""


def test_counts_of_searches_go_after_their_time(cast, acting):
    with acting(cast.reception):
        SearchSession.objects.create(
            actor_id=cast.reception.id, office=cast.bridge, purpose=Purpose.RECEPTION, started_at=NOW, last_at=NOW
        )
    assert carry_out(cast, acting, propose(cast, acting, "searches")).done == 1
    with acting(cast.coordinator):
        assert not SearchSession.objects.exists()


# Changing the rules


def test_a_changed_rule_is_kept_when_the_content_is_loaded_again(cast, acting):
    with acting(cast.administrator):
        change_rule(
            actor=cast.administrator, code="received", months=36, act="erase", source="Lineamientos, art. 12",
            is_checked=True, now=NOW,
        )  # fmt: skip
        load_rights()
        rule = RetentionRule.objects.get(pk="received")
        event = Event.objects.get(verb="retention.rule_changed")
    assert (rule.months, rule.is_checked, rule.changed_by) == (36, True, cast.administrator.id)
    assert event.detail == {"rule": "received", "before": [24, "erase", False], "after": [36, "erase", True]}


def test_a_changed_rule_drops_the_proposal_by_the_old_one(cast, acting):
    register(cast)
    run = propose(cast, acting, "received")
    with acting(cast.administrator):
        change_rule(
            actor=cast.administrator, code="received", months=60, act="erase", source="", is_checked=False, now=NOW
        )
        assert RetentionRun.objects.get(pk=run.pk).state == "dropped"


@pytest.mark.parametrize(
    ("code", "changes", "why"),
    [("lists", {"act": "coarsen"}, "only_people"), ("received", {"is_checked": True, "source": " "}, "no_source")],
)
def test_a_rule_that_makes_no_sense_is_refused(cast, acting, code, changes, why):
    values = {"months": 6, "act": "erase", "source": "Acuerdo", "is_checked": False} | changes
    with acting(cast.administrator), pytest.raises(RunImpossible, match=why):
        change_rule(actor=cast.administrator, code=code, now=NOW, **values)


@pytest.mark.parametrize("role", ["coordinator", "counsellor", "reception", "protection"])
def test_only_the_administrator_changes_rules(cast, acting, role):
    with acting(cast.actors[role]), pytest.raises(NotAllowed):
        change_rule(
            actor=cast.actors[role], code="received", months=1, act="erase", source="x", is_checked=True, now=NOW
        )


def test_terms_of_the_law_are_changed_with_their_source(cast, acting):
    with acting(cast.administrator):
        change_deadline(
            actor=cast.administrator, code="answer", working_days=15, source="DOF", is_checked=True, now=NOW
        )
    term = Deadline.objects.get(pk="answer")
    assert (term.working_days, term.is_checked, term.source) == (15, True, "DOF")


def test_a_removed_holiday_stays_removed_when_the_content_is_loaded_again(cast, acting):
    day = Holiday.objects.filter(is_removed=False).first().day
    with acting(cast.administrator):
        remove_holiday(actor=cast.administrator, day=day, now=NOW)
        load_rights()
        assert Holiday.objects.get(pk=day).is_removed
        add_holiday(actor=cast.administrator, day=day, label="Elección", now=NOW)
        assert not Holiday.objects.get(pk=day).is_removed


@given(st.datetimes(EARLIEST, LATEST, timezones=st.just(UTC)), st.integers(0, 600))
def test_months_are_taken_off_the_calendar(moment, months):
    before = subtract_months(moment, months)
    assert (moment.year * 12 + moment.month) - (before.year * 12 + before.month) == months
    assert before.day <= moment.day
    assert before.time() == moment.time()


def test_the_last_of_march_minus_a_month_is_the_last_of_february():
    assert subtract_months(datetime(2028, 3, 31, tzinfo=UTC), 1).date().isoformat() == "2028-02-29"
