"""Screening in an opened case: sealed, appended, read with reasons, overridden with a reason."""

from datetime import timedelta

import pytest
from django.utils import timezone

from puente.engines.screening import (
    AgeBasis,
    Answer,
    Effect,
    IndicatorSet,
    Level,
    Outcome,
    build_htcds_rows,
    pick_set,
)
from puente.people.models import Person
from puente.platform.policy import NotAllowed, Purpose
from puente.platform.row_security import acting_as
from puente.protection.models import CaseEntry
from puente.protection.screening_content import current_tool, factors, htcds_controls, list_versions, read_tool
from puente.protection.screening_wording import describe_wait
from puente.protection.screenings import ConsentGiver, FactorNote, Interpreter, Setting, Story
from puente.protection.selectors.screenings import (
    describe_case_facts,
    read_recorded_factors,
    read_screening,
    read_screenings,
    suggest_age_basis,
)
from puente.protection.services import (
    InvalidScreening,
    Reason,
    Service,
    answer_indicators,
    begin_screening,
    conclude_screening,
    correct_answer,
    create_case,
    open_case,
    record_factor,
    send_handover,
    tell_story,
)
from tests.protection.conftest import step_up

pytestmark = pytest.mark.django_db
YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN


def describe_setting(**changes):
    setting = {
        "asked": IndicatorSet.ADULT_LABOUR, "age_basis": AgeBasis.ADULT, "place": "sala 2", "language": "spanish",
        "interpreter": Interpreter.NONE, "is_private": True, "consent_by": ConsentGiver.PERSON,
        "counts_in_statistics": True,
    }  # fmt: skip
    return Setting(**(setting | changes))


CHILD = {
    "asked": IndicatorSet.CHILD_LABOUR, "age_basis": AgeBasis.CHILD, "consent_by": ConsentGiver.AUTHORITY,
}  # fmt: skip


@pytest.fixture
def officer(cast):
    actor = step_up(cast.protection)
    with acting_as(actor):
        yield actor


@pytest.fixture
def opened(cast, person, officer):
    now = timezone.now()
    case = create_case(actor=officer, person_id=person.pk, office_id=cast.bridge.pk, now=now)
    return open_case(actor=officer, case_id=case.pk, purpose=Purpose.PROTECTION, now=now)


@pytest.fixture
def screening_id(officer, opened):
    return begin(officer, opened)


def begin(officer, opened, **changes):
    return begin_screening(actor=officer, opened=opened, setting=describe_setting(**changes), now=timezone.now())


def answer(officer, opened, screening_id, **answers):
    answer_indicators(actor=officer, opened=opened, screening_id=screening_id, answers=answers, now=timezone.now())


def conclude(officer, opened, screening_id, outcome, reason=""):
    return conclude_screening(
        actor=officer, opened=opened, screening_id=screening_id, outcome=outcome, reason=reason, now=timezone.now()
    )


def test_a_screening_keeps_how_it_was_held_and_with_which_version(officer, opened, screening_id):
    screening = read_screening(opened, screening_id)
    assert screening.setting == describe_setting()
    assert (screening.version, screening.digest) == (current_tool().version, current_tool().digest)
    assert len(screening.digest) == 12
    assert screening.begun_by == officer.id
    assert len(screening.indicators) == 67
    assert screening.time_to_respond is None


def test_the_time_to_respond_counts_from_the_last_hand_over(cast, person, officer):
    sent = timezone.now() - timedelta(hours=3)
    for at in (sent - timedelta(days=400), sent):
        with acting_as(cast.reception):
            send_handover(
                actor=cast.reception, person_id=person.pk, office_id=cast.bridge.pk, service=Service.PROTECTION,
                reasons=[Reason.IN_DANGER], now=at,
            )  # fmt: skip
    case = create_case(actor=officer, person_id=person.pk, office_id=cast.bridge.pk, now=timezone.now())
    opened = open_case(actor=officer, case_id=case.pk, purpose=Purpose.PROTECTION, now=timezone.now())
    wait = read_screening(opened, begin(officer, opened)).time_to_respond
    assert timedelta(hours=3) <= wait < timedelta(hours=3, minutes=5)


def test_nothing_of_a_screening_stands_in_clear(officer, opened, screening_id):
    answer(officer, opened, screening_id, DR01=YES)
    conclude(officer, opened, screening_id, Outcome.FLAG)
    rows = list(CaseEntry.objects.filter(case_id=opened.case.pk))
    assert len(rows) == 3
    for row in rows:
        for word in (b"screening", b"DR01", b"sala 2", b"flag"):
            assert word not in bytes(row.sealed)


@pytest.mark.parametrize("purpose", [Purpose.REFERRAL, Purpose.FOLLOW_UP])
def test_a_screening_is_testimony_and_opens_for_protection_alone(officer, opened, screening_id, purpose):
    other = open_case(actor=officer, case_id=opened.case.pk, purpose=purpose, now=timezone.now())
    assert read_screenings(other) == []
    with pytest.raises(NotAllowed):
        begin(officer, other)


def test_answers_are_kept_one_by_one_and_the_earlier_ones_stay(officer, opened, screening_id):
    answer(officer, opened, screening_id, DR01=YES, DR02=UNKNOWN)
    answer(officer, opened, screening_id, DR02=NO, DR01=YES)
    screening = read_screening(opened, screening_id)
    assert screening.answers == {"DR01": YES, "DR02": NO}
    assert [given.answer for given in screening.histories["DR02"]] == [UNKNOWN, NO]
    assert len(screening.histories["DR01"]) == 1


def test_saying_the_same_again_writes_nothing(officer, opened, screening_id):
    answer(officer, opened, screening_id, DR01=YES)
    before = CaseEntry.objects.count()
    answer(officer, opened, screening_id, DR01=YES)
    answer(officer, opened, screening_id)
    assert CaseEntry.objects.count() == before


def test_an_indicator_of_another_set_is_refused(officer, opened):
    screening_id = begin(officer, opened, **CHILD)
    with pytest.raises(InvalidScreening):
        answer(officer, opened, screening_id, RV08=YES)


def test_a_child_is_read_without_means_and_the_act_counts(officer, opened):
    screening_id = begin(officer, opened, **CHILD)
    answer(officer, opened, screening_id, EX01=YES, EX06=YES)
    assert read_screening(opened, screening_id).read().outcome is Outcome.PRESUMED_VICTIM
    tell_story(actor=officer, opened=opened, screening_id=screening_id, story=Story(act=NO), now=timezone.now())
    assert read_screening(opened, screening_id).read().outcome is Outcome.EXPLOITED


def test_for_an_adult_only_the_adult_consents(officer, opened):
    with pytest.raises(InvalidScreening) as refused:
        begin(officer, opened, consent_by=ConsentGiver.GUARDIAN)
    assert refused.value.part == "consent_by"


def test_the_questions_must_fit_the_age(officer, opened):
    for age_basis, asked in (
        (AgeBasis.IN_DOUBT, IndicatorSet.ADULT_LABOUR),
        (AgeBasis.ADULT, IndicatorSet.CHILD_SEXUAL),
    ):
        with pytest.raises(InvalidScreening) as refused:
            begin(officer, opened, age_basis=age_basis, asked=asked)
        assert refused.value.part == "age_basis"
    assert read_screenings(opened) == []


def test_the_officer_agrees_with_the_tool_or_says_why_not(officer, opened, screening_id):
    with pytest.raises(InvalidScreening) as refused:
        conclude(officer, opened, screening_id, Outcome.NO_INDICATOR)
    assert refused.value.part == "outcome"
    answer(officer, opened, screening_id, EX01=YES, EX02=YES)
    with pytest.raises(InvalidScreening) as refused:
        conclude(officer, opened, screening_id, Outcome.PRESUMED_VICTIM, "  ")
    assert refused.value.part == "reason"
    conclude(officer, opened, screening_id, Outcome.PRESUMED_VICTIM, "tiene miedo de decir más")
    conclusion = read_screening(opened, screening_id).conclusion
    assert (conclusion.tool, conclusion.officer) == (Outcome.EXPLOITED, Outcome.PRESUMED_VICTIM)
    assert conclusion.is_override
    assert conclusion.reason == "tiene miedo de decir más"
    assert conclusion.by == officer.id


def test_after_the_reading_answers_are_corrected_with_a_reason_and_read_again(officer, opened, screening_id):
    answer(officer, opened, screening_id, EX01=YES, EX02=YES)
    conclude(officer, opened, screening_id, Outcome.EXPLOITED)
    with pytest.raises(InvalidScreening):
        answer(officer, opened, screening_id, CD01=YES)
    correction = {
        "actor": officer, "opened": opened, "screening_id": screening_id, "indicator": "EX02", "answer": NO,
        "now": timezone.now(),
    }  # fmt: skip
    with pytest.raises(InvalidScreening):
        correct_answer(**correction, reason=" ")
    correct_answer(**correction, reason="entendí mal")
    screening = read_screening(opened, screening_id)
    assert screening.is_outdated
    assert [(given.answer, given.reason) for given in screening.histories["EX02"]] == [(YES, ""), (NO, "entendí mal")]
    assert screening.conclusion.answers["EX02"] is YES
    conclude(officer, opened, screening_id, Outcome.FLAG)
    screening = read_screening(opened, screening_id)
    assert not screening.is_outdated
    assert [conclusion.tool for conclusion in screening.conclusions] == [Outcome.EXPLOITED, Outcome.FLAG]


def test_the_story_takes_only_what_the_standard_lists(officer, opened, screening_id):
    for picked in ({"vic_TypeOfExploitation": ("Magic",)}, {"prs_First_Name": ("Ana",)}):
        with pytest.raises(InvalidScreening):
            tell_story(
                actor=officer, opened=opened, screening_id=screening_id, story=Story(picked=picked), now=timezone.now()
            )


def test_the_latest_screening_stands_first(officer, opened, screening_id):
    second = begin(officer, opened, asked=pick_set(is_child=False, is_sexual=True))
    assert [screening.id for screening in read_screenings(opened)] == [second, screening_id]


def test_a_screening_of_another_case_is_not_there(officer, opened, person, screening_id):
    with pytest.raises(NotAllowed):
        read_screening(opened, person.pk)
    with pytest.raises(NotAllowed):
        answer(officer, opened, person.pk, DR01=YES)


def test_a_supervisor_in_charge_reads_and_writes_nothing(cast, officer, opened, screening_id):
    supervisor = step_up(cast.supervisor)
    with acting_as(supervisor), pytest.raises(NotAllowed):
        answer(supervisor, opened, screening_id, DR01=YES)


def test_the_age_follows_from_the_birth_date(cast, officer, opened):
    assert suggest_age_basis(opened, timezone.localdate()) is AgeBasis.ADULT
    opened.case.person.birth_year = timezone.localdate().year - 10
    assert suggest_age_basis(opened, timezone.localdate()) is AgeBasis.CHILD
    opened.case.person.birth_year = None
    assert suggest_age_basis(opened, timezone.localdate()) is AgeBasis.IN_DOUBT


def test_iom_s_standard_is_told_of_who_agreed_once_it_was_read(officer, opened, screening_id):
    answer(officer, opened, screening_id, EX01=YES, CD01=YES, CD02=YES, DR01=NO)
    assert describe_case_facts(opened) is None
    conclude(officer, opened, screening_id, Outcome.PRESUMED_VICTIM, "varias señales")
    story = Story(act=YES, legal_forms=("forced_labour",), picked={"vic_TypeOfExploitation": ("ForcedLabour",)})
    tell_story(actor=officer, opened=opened, screening_id=screening_id, story=story, now=timezone.now())
    silent = begin(officer, opened, counts_in_statistics=False)
    answer(officer, opened, silent, CD14=YES)
    conclude(officer, opened, silent, Outcome.FLAG)
    (row,) = build_htcds_rows([describe_case_facts(opened)], htcds_controls())
    assert row["vic_TraffickingStatus"] == "PossibleVictimOfTrafficking"
    assert row["vic_Methods_of_Control"] == "DebtBondage;ExcessiveWorkingHours;WithholdsDocuments"
    assert row["vic_TypeOfExploitation"] == "ForcedLabour"
    assert row["prs_Gender"] == "Feminine"
    assert row["cas_Status"] == "Active"
    assert row["cas_IncomingReferralDate"] == timezone.now().date().replace(day=1).isoformat()
    assert "Xicale" not in str(row)


def test_who_does_not_agree_is_not_told_of(officer, opened):
    screening_id = begin(officer, opened, counts_in_statistics=False)
    answer(officer, opened, screening_id, EX01=YES)
    conclude(officer, opened, screening_id, Outcome.FLAG)
    assert describe_case_facts(opened) is None


def record(officer, opened, replaces=None, **changes):
    note = {
        "level": Level.HOUSEHOLD, "factor": "family_violence", "effect": Effect.RISK, "evidence": "la golpean",
        "action": "",
    }  # fmt: skip
    return record_factor(
        actor=officer, opened=opened, note=FactorNote(**(note | changes)), replaces=replaces, now=timezone.now()
    )


def test_factors_are_recorded_and_corrected_with_their_history(officer, opened):
    first = record(officer, opened)
    other = record(officer, opened, level=Level.INDIVIDUAL, factor="una tía la apoya", effect=Effect.PROTECTIVE)
    second = record(officer, opened, replaces=first, action="albergue")
    standing = {recorded.id: recorded for recorded in read_recorded_factors(opened)}
    assert set(standing) == {other, second}
    assert standing[second].note.action == "albergue"
    assert [before.note.action for before in standing[second].earlier] == [""]
    with pytest.raises(NotAllowed):
        record(officer, opened, replaces=first)
    third = record(officer, opened, replaces=second, evidence="ya no viven juntos")
    (corrected,) = (recorded for recorded in read_recorded_factors(opened) if recorded.id == third)
    assert [before.id for before in corrected.earlier] == [first, second]


@pytest.mark.parametrize(
    ("changes", "part"),
    [({"factor": " "}, "factor"), ({"evidence": ""}, "evidence"), ({"level": Level.COMMUNITY}, "factor")],
)
def test_a_factor_needs_its_name_its_level_and_what_was_seen(officer, opened, changes, part):
    with pytest.raises(InvalidScreening) as refused:
        record(officer, opened, **changes)
    assert refused.value.part == part
    assert read_recorded_factors(opened) == []


def test_the_shipped_lists_can_be_read():
    assert list_versions()[-1] == "2026.1"
    tool = read_tool("2026.1")
    assert tool.is_verified(IndicatorSet.ADULT_LABOUR)
    assert tool.is_verified(IndicatorSet.CHILD_LABOUR)
    assert not tool.is_verified(IndicatorSet.ADULT_SEXUAL)
    assert not tool.is_verified(IndicatorSet.CHILD_SEXUAL)
    assert tool.find(IndicatorSet.CHILD_LABOUR, "EX08") is None
    assert factors()["age"].level is Level.INDIVIDUAL


@pytest.mark.parametrize(
    ("wait", "words"),
    [(timedelta(minutes=1), "1 minuto"), (timedelta(minutes=89), "89 minutos"), (timedelta(minutes=90), "2 horas"),
     (timedelta(hours=47), "47 horas"), (timedelta(days=3), "3 días")],
)  # fmt: skip
def test_the_time_to_respond_is_said_in_the_unit_that_fits(wait, words, settings):
    from django.utils import translation

    with translation.override("es"):
        assert describe_wait(wait) == words


def test_the_person_stays_reserved_whatever_is_written(cast, officer, opened, screening_id, person):
    answer(officer, opened, screening_id, DR01=YES)
    with acting_as(cast.reception):
        assert not Person.objects.filter(pk=person.pk).exists()
