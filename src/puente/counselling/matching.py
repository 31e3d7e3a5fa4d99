"""From a work profile to the engine's answer: the one place where the codes of both meet."""

import csv
import hashlib
import hmac
from datetime import date
from functools import lru_cache

import numpy as np

from puente.counselling.facts import LIMITED_DEMANDS, SCHEDULE, ProfileFacts
from puente.engines.matching import (
    Answers,
    Kind,
    OccupationSimilarity,
    PastJob,
    PersonProfile,
    PlaceChoice,
    Shortlist,
    shortlist,
)
from puente.engines.occupations import SimilarityTable, read_neighbours, read_pairs, read_unit_groups
from puente.opportunities.requirements import SCHOOLING_LEVELS, codes_of, list_physical_demands, mask_of
from puente.opportunities.selectors.market import (
    Market,
    list_seats,
    municipality_positions,
    occupation_positions,
    state_position,
)
from puente.platform.paths import CONTENT

LISTED = 10
COURSES = (Kind.COURSE, Kind.SELF_EMPLOYMENT)


@lru_cache(maxsize=1)
def get_similarity() -> OccupationSimilarity:
    """Return how near each occupation is to each other one, in the order of `occupation_positions`."""
    folder = CONTENT / "occupations"
    table = SimilarityTable.build(
        read_unit_groups(folder / "sinco.csv"),
        read_pairs(folder / "sinco_isco.csv"),
        read_neighbours(folder / "neighbours.csv"),
    )
    order = [table.positions[code] for code in occupation_positions()]
    return OccupationSimilarity(table.matrix[order][:, order].astype(np.float32))


def build_person(facts: ProfileFacts, age: int | None) -> PersonProfile:
    """Return the engine's view of a person.

    Args:
        facts: with `never_send`.
        age: None where it is not surely known: an opening for which the law asks it is then marked to confirm.
    """
    never = [_find_place(code) for code in facts.never_send]
    return PersonProfile(
        jobs=tuple(
            PastJob(occupation_positions()[job.occupation], job.years, job.is_confirmed)
            for job in facts.jobs
            if job.occupation
        ),
        licences=_answer("licences", facts.licences),
        documents=_answer("documents", facts.documents),
        languages=_answer("languages", facts.languages),
        physical=_answer_body(facts.body_limits),
        schedule=_answer_week(facts.refused_schedule),
        schooling=SCHOOLING_LEVELS[facts.schooling] if facts.schooling else None,
        english=facts.english,
        age=age,
        household_size=facts.household_size,
        max_hours=facts.max_hours,
        wage_floor=facts.wage_floor,
        wage_give=facts.wage_give,
        places=tuple(_find_place(code) for code in facts.places),
        home=find_seat(facts.home_municipality) if facts.home_municipality else None,
        never_send_states=frozenset(place.state for place in never if place.state is not None),
        never_send_municipalities=frozenset(place.municipality for place in never if place.municipality is not None),
    )


def rank(
    person: PersonProfile, market: Market, *, now: date, kinds: tuple[Kind, ...] = tuple(Kind), key: bytes
) -> Shortlist:
    """Return the engine's shortlist of ten.

    key: of the person, so that the digest of the inputs cannot be tried out by somebody who guesses them.
    """
    digest_key = hmac.digest(key, b"shortlist inputs", hashlib.sha256)
    return shortlist(person, market.index, get_similarity(), now=now, limit=LISTED, kinds=kinds, digest_key=digest_key)


def find_seat(municipality: str) -> tuple[float, float]:
    """Return latitude and longitude of a municipality's seat; KeyError for a code that is none."""
    seats, position = list_seats(), municipality_positions()[municipality]
    return float(seats.latitude[position]), float(seats.longitude[position])


@lru_cache(maxsize=1)
def list_body_limits() -> tuple[dict[str, str], ...]:
    """Return the rows of content/labour/body_limits.csv that an opening can ask about."""
    with (CONTENT / "labour" / "body_limits.csv").open(newline="", encoding="utf-8") as handle:
        return tuple(row for row in csv.DictReader(handle) if row["code"] in LIMITED_DEMANDS)


def _find_place(code: str) -> PlaceChoice:
    if len(code) == 2:
        return PlaceChoice(state=state_position(code))
    return PlaceChoice(municipality=municipality_positions()[code])


def _answer(kind: str, codes: tuple[str, ...] | None) -> Answers:
    """Whoever was asked for their licences surely lacks those they did not name."""
    if codes is None:
        return Answers()
    # A language may be one that no opening asks for.
    yes = mask_of(kind, (code for code in codes if code in codes_of(kind)))
    return Answers(yes=yes, no=mask_of(kind, codes_of(kind)) & ~yes)


def _answer_body(limits: tuple[str, ...] | None) -> Answers:
    if limits is None:
        return Answers()
    asked = {LIMITED_DEMANDS[row["code"]] for row in list_body_limits()} & set(list_physical_demands())
    refused = {LIMITED_DEMANDS[code] for code in limits}
    return Answers(yes=mask_of("physical", asked - refused), no=mask_of("physical", refused))


def _answer_week(refused: tuple[str, ...] | None) -> Answers:
    if refused is None:
        return Answers()
    no = sum(1 << SCHEDULE.index(part) for part in refused)
    return Answers(yes=(1 << len(SCHEDULE)) - 1 & ~no, no=no)
