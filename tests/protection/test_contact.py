"""The gate of outgoing messages: what the instructions do not name does not go out."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from puente.platform.row_security import acting_as
from puente.protection.contact import TIMED, Channel, ContactInstructions, Wording
from puente.protection.services import is_reserved, may_contact
from puente.protection.services.plans import save_contact
from tests.protection.cases import open_for
from tests.protection.conftest import step_up

MONDAY = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)
INSTRUCTIONS = ContactInstructions(
    channels=frozenset({Channel.CALL, Channel.PAPER}), review_on=date(2026, 12, 31), days=frozenset({0, 3}),
    begins=time(10), ends=time(12), number="656 200 1010", say="Llamo de la farmacia",
)  # fmt: skip
instructions = st.builds(
    ContactInstructions,
    channels=st.frozensets(st.sampled_from(list(Channel))),
    review_on=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    days=st.frozensets(st.integers(0, 6)),
    begins=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    ends=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    number=st.text(max_size=20),
    neutral_only=st.booleans(),
    say=st.text(max_size=40),
)
moments = st.datetimes(timezones=st.just(UTC))


@pytest.mark.parametrize(
    ("at", "channel", "wording", "allowed"),
    [
        (MONDAY, Channel.CALL, Wording.NEUTRAL, True),
        (MONDAY + timedelta(hours=2), Channel.CALL, Wording.NEUTRAL, False),
        (MONDAY + timedelta(days=1), Channel.CALL, Wording.NEUTRAL, False),
        (MONDAY, Channel.CALL, Wording.OPEN, False),
        (MONDAY, Channel.MESSAGE, Wording.NEUTRAL, False),
        (MONDAY + timedelta(days=1, hours=9), Channel.PAPER, Wording.NEUTRAL, True),
        (MONDAY + timedelta(days=60), Channel.PAPER, Wording.NEUTRAL, False),
    ],
)
def test_only_what_was_agreed_goes_out_on_the_days_and_hours_agreed(at, channel, wording, allowed):
    assert INSTRUCTIONS.allow(channel, wording, at) is allowed


@given(agreed=instructions, channel=st.sampled_from(list(Channel)), wording=st.sampled_from(list(Wording)), at=moments)
def test_nothing_goes_out_that_is_not_agreed_in_every_respect(agreed, channel, wording, at):
    if agreed.allow(channel, wording, at):
        assert channel in agreed.channels
        assert wording is Wording.NEUTRAL or not agreed.neutral_only
        assert at.date() <= agreed.review_on
        assert channel not in TIMED or (at.weekday() in agreed.days and agreed.begins <= at.time() <= agreed.ends)


@given(agreed=instructions)
def test_instructions_survive_their_seal(agreed):
    assert ContactInstructions.from_json(agreed.to_json()) == agreed


@pytest.mark.django_db
class TestGate:
    def ask(self, actor, person, channel=Channel.PAPER, wording=Wording.NEUTRAL, now=None):
        with acting_as(actor):
            return may_contact(
                actor=actor, person_id=person.pk, channel=channel, wording=wording, now=now or timezone.now()
            )

    def agree(self, officer, case, *channels, **others):
        with acting_as(officer):
            save_contact(
                actor=officer, opened=open_for(officer, case), now=timezone.now(),
                instructions=ContactInstructions(
                    frozenset(channels), review_on=timezone.localdate() + timedelta(days=30), **others
                ),
            )  # fmt: skip

    def test_whoever_is_not_reserved_is_ruled_by_their_own_phones(self, cast, person):
        assert self.ask(cast.counsellor, person, Channel.CALL, Wording.OPEN)

    def test_nothing_goes_out_about_a_reserved_person_before_something_is_agreed(self, officer, person, case):
        assert not any(self.ask(officer, person, channel) for channel in Channel)

    def test_what_is_agreed_may_go_out_and_nothing_else(self, officer, person, case):
        self.agree(officer, case, Channel.PAPER)
        assert self.ask(officer, person, Channel.PAPER)
        assert not self.ask(officer, person, Channel.PAPER, Wording.OPEN)
        assert not self.ask(officer, person, Channel.EMPLOYER)

    def test_the_last_instructions_hold(self, officer, person, case):
        self.agree(officer, case, Channel.PAPER)
        self.agree(officer, case, Channel.CALL)
        assert not self.ask(officer, person, Channel.PAPER)

    def test_the_clock_of_the_office_counts(self, officer, person, case):
        self.agree(officer, case, Channel.CALL, begins=time(10), ends=time(12))
        today = timezone.now()
        # Ciudad Juárez lies seven hours behind in November, six in summer: 17:30 is 10:30 or 11:30 there.
        assert self.ask(officer, person, Channel.CALL, now=today.replace(hour=17, minute=30))
        assert not self.ask(officer, person, Channel.CALL, now=today.replace(hour=11, minute=0))

    def test_everybody_else_gets_the_same_no_as_for_nobody(self, cast, officer, colleague, person, case):
        self.agree(officer, case, *Channel, neutral_only=False)
        for actor in (cast.reception, cast.counsellor, cast.coordinator, step_up(cast.supervisor), colleague):
            assert not self.ask(actor, person, Channel.PAPER), actor.name
            with acting_as(actor):
                assert is_reserved(actor=actor, person_id=person.pk)

    def test_the_officer_without_a_step_up_gets_a_no(self, cast, officer, person, case):
        self.agree(officer, case, Channel.PAPER)
        assert not self.ask(cast.protection, person, Channel.PAPER)
