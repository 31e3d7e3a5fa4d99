from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal
from uuid import UUID

import numpy as np
import pytest

from puente.engines.matching import UNKNOWN, Kind, OccupationSimilarity, PersonProfile, Schedule, shortlist
from puente.opportunities import requirements
from puente.opportunities.models import Opening
from puente.opportunities.selectors import market
from puente.opportunities.services.employers import EmployerFacts, create_employer, judge_employer
from puente.opportunities.services.openings import OpeningFacts, create_opening, fill_places, set_open
from puente.platform.policy import NotAllowed
from tests.opportunities.boards import NOW, TODAY

pytestmark = pytest.mark.django_db
PLAIN = OpeningFacts(kind="vacancy", title="Vendedora", valid_from=TODAY, state_id="16")
RICH = OpeningFacts(
    kind="course", title="Curso de operador", valid_from=TODAY, valid_until=date(2026, 12, 31), municipality_id="08037",
    occupation_id="8331", wage_min=Decimal("9800.50"), wage_max=Decimal(12000), weekdays=0b1100001, starts_at=time(22),
    ends_at=time(6), hours_a_week=Decimal("40.5"), rotates=True, schooling=4, english=2, age_min=18,
    age_ground="Ley Federal del Trabajo, artículo 175", housing=True, household_places=4, places=5, is_remote=False,
    licences=["mx_driver", "forklift"], languages=["nahuatl"], documents=["curp"], physical=["heights", "driving"],
)  # fmt: skip


@pytest.fixture
def desk(cast, acting):
    with acting(cast.liaison):
        yield cast


def create(cast, facts):
    return create_opening(actor=cast.liaison, facts=facts, now=NOW)


def row_of(table, opening):
    at = list(table.id).index(opening.pk.hex)
    return {name: getattr(table, name)[at] for name in table.__slots__}


def test_every_column_says_what_the_opening_says(desk):
    employer = create_employer(actor=desk.liaison, facts=EmployerFacts("Herrería La Fragua"), now=NOW)
    opening = create(desk, replace(RICH, employer_id=employer.pk))
    fill_places(actor=desk.liaison, opening_id=opening.pk)
    row = row_of(market.load_opening_table(desk.liaison, NOW), opening)
    seats, codes = market.list_seats(), market.municipality_positions()
    assert UUID(row["id"]) == opening.pk
    assert (row["kind"], row["sinco"]) == (Kind.COURSE, market.occupation_positions()["8331"])
    assert (row["municipality"], row["state"]) == (codes["08037"], 7)
    assert seats.state[row["municipality"]] == row["state"]
    assert seats.latitude[row["municipality"]] == pytest.approx(31.7, abs=0.1)
    assert (row["wage"], row["hours"], row["schooling"], row["english"]) == (9800.5, 40.5, 4, 2)
    assert (row["minimum_age"], row["maximum_age"]) == (18, UNKNOWN)
    assert row["schedule"] == 1 << Schedule.SUNDAYS | 1 << Schedule.NIGHTS | 1 << Schedule.ROTATING
    assert (row["housing"], row["household_places"], row["places_left"], row["remote"]) == (True, 4, 4, False)
    assert row["valid_until"] == np.datetime64("2026-12-31")
    assert row["employer"] != UNKNOWN
    for kind in ("licences", "languages", "documents", "physical"):
        assert row[kind] == requirements.mask_of(kind, getattr(RICH, kind))


def test_what_is_not_known_stays_unknown(desk):
    opening = create(desk, PLAIN)
    row = row_of(market.load_opening_table(desk.liaison, NOW), opening)
    unknown = ("employer", "sinco", "municipality", "minimum_age", "maximum_age", "household_places")
    assert {row[name] for name in unknown} == {UNKNOWN}
    assert np.isnan(row["wage"])
    assert np.isnan(row["hours"])
    assert np.isnat(row["valid_until"])
    assert row["state"] == 15


def test_only_what_a_person_could_take_today_is_on_the_market(desk):
    employer = create_employer(actor=desk.liaison, facts=EmployerFacts("Trampas"), now=NOW)
    open_one = create(desk, PLAIN)
    last_day = create(desk, replace(PLAIN, valid_until=TODAY))
    create(desk, replace(PLAIN, valid_from=TODAY - timedelta(9), valid_until=TODAY - timedelta(1)))
    create(desk, replace(PLAIN, valid_from=TODAY + timedelta(1)))
    create(desk, replace(PLAIN, employer_id=employer.pk))
    closed = create(desk, PLAIN)
    set_open(actor=desk.liaison, opening_id=closed.pk, is_open=False, now=NOW)
    judge_employer(actor=desk.liaison, employer_id=employer.pk, trust="avoid", text="No pagan.", now=NOW)
    table = market.load_opening_table(desk.liaison, NOW)
    assert set(table.id) == {open_one.pk.hex, last_day.pk.hex}


def test_an_empty_market_is_a_table_without_rows(desk):
    table = market.load_opening_table(desk.liaison, NOW)
    assert len(table) == 0


def test_the_market_is_read_again_only_when_something_changed(desk, django_assert_num_queries):
    opening = create(desk, PLAIN)
    first = market.get_market(desk.counsellor, NOW)
    with django_assert_num_queries(1):
        assert market.get_market(desk.counsellor, NOW) is first
    set_open(actor=desk.liaison, opening_id=opening.pk, is_open=False, now=NOW)
    assert len(market.get_market(desk.counsellor, NOW).table) == len(first.table) - 1
    assert market.get_market(desk.counsellor, NOW + timedelta(days=1)) is not first


def test_trust_in_an_employer_changes_the_stamp_too(desk):
    employer = create_employer(actor=desk.liaison, facts=EmployerFacts("Trampas"), now=NOW)
    before = market.read_stamp()
    judge_employer(actor=desk.liaison, employer_id=employer.pk, trust="avoid", text="No pagan.", now=NOW)
    assert market.read_stamp() != before


def test_who_may_not_see_openings_gets_no_market(desk):
    with pytest.raises(NotAllowed):
        market.get_market(desk.reception, NOW)


def test_the_engine_takes_the_market_as_it_is(desk):
    opening = create(desk, RICH)
    found = market.get_market(desk.counsellor, NOW)
    similarity = OccupationSimilarity(np.eye(len(market.occupation_positions()), dtype=np.float32))
    listed = shortlist(PersonProfile(), found.index, similarity, now=TODAY)
    assert [UUID(entry.id) for entry in listed.entries] == [opening.pk]
    assert Opening.objects.filter(pk=UUID(listed.entries[0].id)).exists()
