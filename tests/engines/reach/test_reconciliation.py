"""What became of each booked spot, read from a log that is evidence and not truth."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from benchmarks.campaign.logs import ZONE, draw_log, score
from puente.engines.reach.audit import audit_plan
from puente.engines.reach.instance import Booking
from puente.engines.reach.planner.planning import plan_campaign
from puente.engines.reach.planner.stages import Effort
from puente.engines.reach.reconciliation.make_goods import propose_make_goods
from puente.engines.reach.reconciliation.matching import reconcile
from puente.engines.reach.reconciliation.records import Aired, Booked, Status, read_clock, to_instants
from tests.engines.reach.markets import make_town

DAY = date(2026, 6, 1)


def at(clock: str, day: date = DAY) -> datetime:
    return to_instants([read_clock(day, clock)], ZONE)[0]


def booked(clock: str, material: str = "courage", minutes: int = 0, name: str = "") -> Booked:
    return Booked(name or clock, "radio", at(clock), material, 30, minutes)


def aired(clock: str, material: str | None = "courage", seconds: int | None = 30) -> Aired:
    return Aired(f"log {clock}", "radio", at(clock), material, seconds)


def statuses(own: list[Booked], lines: list[Aired], *, covered: bool = True) -> list[str]:
    return [f.status for f in reconcile(own, lines, {("radio", DAY)} if covered else set(), ZONE)]


@pytest.mark.parametrize(
    ("line", "status"),
    [
        (aired("12:03"), Status.AIRED),
        (aired("13:20"), Status.MOVED),
        (aired("12:02", "question"), Status.WRONG_MATERIAL),
        (aired("12:02", None), Status.AIRED),
        (aired("12:02", seconds=18), Status.TRUNCATED),
        (aired("12:02", seconds=None), Status.AIRED),
    ],
)
def test_one_line_against_one_booking(line, status):
    assert statuses([booked("12:00")], [line]) == [status]


def test_without_a_log_nothing_is_missed():
    assert statuses([booked("12:00")], [], covered=False) == [Status.NO_LOG]
    assert statuses([booked("12:00")], []) == [Status.MISSED]


def test_a_second_airing_beside_the_booked_one_is_a_duplicate_and_a_stranger_unbooked():
    assert statuses([booked("12:00")], [aired("12:01"), aired("12:07")]) == [Status.AIRED, Status.DUPLICATE]
    assert statuses([booked("12:00")], [aired("12:01"), aired("18:00")]) == [Status.AIRED, Status.UNBOOKED]


def test_a_spot_anywhere_in_its_programme_is_on_time():
    assert statuses([booked("12:00", minutes=90)], [aired("13:25")]) == [Status.AIRED]
    assert statuses([booked("12:00", minutes=30)], [aired("13:25")]) == [Status.MOVED]


def test_a_clock_that_is_off_all_day_moves_nothing():
    own = [booked(f"{hour}:00") for hour in range(8, 16)]
    late = [aired(f"{hour}:43") for hour in range(8, 16) if hour != 11]
    found = statuses(own, late)
    assert found == [Status.AIRED] * 3 + [Status.MISSED] + [Status.AIRED] * 4


def test_what_airs_after_midnight_belongs_to_the_evening_before():
    own = [booked("23:50"), booked("25:10", "question")]
    assert statuses(own, [aired("24:05"), aired("25:12", "question")]) == [Status.AIRED, Status.AIRED]


def test_a_spot_that_slips_over_the_end_of_the_broadcast_day_is_moved_not_missed():
    own = [booked("27:30")]
    findings = reconcile(own, [aired("29:00")], {("radio", DAY), ("radio", DAY + timedelta(1))}, ZONE)
    assert [finding.status for finding in findings] == [Status.MOVED]
    assert findings[0].minutes == pytest.approx(90)


def test_the_hour_that_happens_twice_is_told_apart_by_the_order_of_the_log():
    night = date(2026, 10, 31)  # the clock goes from 2 back to 1 on 1 November
    clock = [read_clock(night, text) for text in ("25:10", "25:50", "25:20", "26:30")]
    instants = to_instants(clock, ZONE)
    assert instants == sorted(instants)
    assert [moment.strftime("%H:%M") for moment in instants] == ["07:10", "07:50", "08:20", "09:30"]


def test_an_hour_that_is_left_out_in_spring_still_has_an_instant():
    night = date(2026, 3, 7)
    assert to_instants([read_clock(night, "26:30")], ZONE)[0].tzinfo == UTC


@pytest.mark.parametrize("text", ["7.30", "30:00", "12:60", "", "noon", "1:2:3:4"])
def test_a_clock_that_cannot_be_read_is_refused(text):
    with pytest.raises(ValueError, match="not a time of day"):
        read_clock(DAY, text)


@pytest.mark.parametrize("seed", range(3))
def test_a_drawn_log_with_drift_set_back_hour_and_midnight_is_read_right(seed):
    log = draw_log(seed)
    findings = reconcile(log.booked, log.aired, log.covered, ZONE)
    precision, recall = score(log, findings, by_row=False)
    assert precision >= 0.97
    assert recall >= 0.97
    found = {finding.booked: finding.status for finding in findings if finding.booked}
    no_log = {name for name, status in log.truth.items() if status == Status.NO_LOG}
    assert {name for name, status in found.items() if status == Status.NO_LOG} == no_log
    assert [finding.booked for finding in findings[: len(log.booked)]] == [own.id for own in log.booked]


def test_make_goods_replace_what_was_lost_on_the_outlet_that_lost_it():
    town = make_town()
    plan = plan_campaign(town, Effort(gap=1e-3, seconds=20)).bookings
    lost = tuple(replace(b, spots=1) for b in plan if b.day < 4)[:6]
    today = date(2027, 2, 6)
    proposal = propose_make_goods(town, plan, lost, today)
    outlets = {town.outlet_of[b.programme] for b in lost}
    assert proposal.bookings
    assert {town.outlet_of[b.programme] for b in proposal.bookings} <= outlets
    assert all(town.date_of(b.day) > today for b in proposal.bookings)
    assert proposal.recovered > 0
    assert proposal.lost > 0
    for outlet in outlets:
        owed = sum(b.spots * town.programmes[b.programme].price for b in lost if not b.free and same(town, b, outlet))
        asked = [b for b in proposal.bookings if not b.free and same(town, b, outlet)]
        assert sum(b.spots * town.programmes[b.programme].price for b in asked) <= owed


def test_make_goods_leave_standing_what_aired():
    town = make_town()
    plan = plan_campaign(town, Effort(gap=1e-3, seconds=20)).bookings
    proposal = propose_make_goods(town, plan, plan[:1], date(2027, 2, 3))
    kept = {(b.programme, b.day, b.free): b.spots for b in proposal.plan.bookings}
    assert all(kept[b.programme, b.day, b.free] >= b.spots for b in plan[1:])
    stricter = replace(town, budget=10**9)
    assert [b.rule for b in audit_plan(stricter, [*plan[1:], *proposal.bookings]).broken if "per" in b.rule] == []


def test_more_cannot_be_lost_than_was_booked():
    town = make_town()
    with pytest.raises(ValueError, match="than was booked"):
        propose_make_goods(town, [Booking(0, 0, 1)], [Booking(0, 0, 2)], DAY)


def same(town, booking, outlet) -> bool:
    return town.outlet_of[booking.programme] == outlet
