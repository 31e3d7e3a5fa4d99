"""What a shortlist promises, checked on random people and openings against the plain rules."""

from dataclasses import asdict, fields, replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puente.engines.matching import (
    Answers,
    Kind,
    OpeningTable,
    PersonProfile,
    Shortlist,
    Weights,
    index_openings,
    one_more,
    shortlist,
)
from tests.engines.matching import market, oracle

NOW = date(2026, 11, 23)
QUESTIONS = ["licences", "documents", "languages", "physical", "schedule", "schooling", "english", "age", "jobs"]
QUESTIONS += ["household_size", "max_hours", "wage_floor", "places", "home"]
SEEDS = st.integers(min_value=0, max_value=2**32 - 1)


class World:
    """One random market and one random person."""

    def __init__(self, seed: int, size: int = 60, **columns: object) -> None:
        self.rng = np.random.default_rng(seed)
        self.municipalities = market.make_municipalities(self.rng)
        self.similarity = market.make_similarity(self.rng)
        self.table = market.make_table(self.rng, size, self.municipalities, **columns)
        self.index = index_openings(self.table, self.municipalities, market.OCCUPATIONS)
        self.profile = market.make_profile(self.rng)
        self.weights = Weights()

    def rank(self, profile: PersonProfile | None = None, limit: int = 10, **options: object) -> Shortlist:
        return shortlist(
            profile or self.profile,
            self.index,
            self.similarity,
            now=NOW,
            limit=limit,
            weights=self.weights,
            **options,  # type: ignore[arg-type]
        )

    def for_oracle(self) -> oracle.Market:
        return oracle.Market(oracle.read_rows(self.table), self.municipalities, self.similarity, self.weights, NOW)


def ids(result: Shortlist) -> list[object]:
    return [entry.id for entry in result.entries]


@settings(max_examples=250, deadline=None)
@given(seed=SEEDS, size=st.integers(0, 120), limit=st.integers(1, 25), kinds=st.sets(st.sampled_from(Kind)))
def test_the_list_its_order_its_reasons_and_its_counts_are_those_of_the_plain_rules(
    seed: int, size: int, limit: int, kinds: set[Kind]
) -> None:
    world = World(seed, size)
    expected = oracle.make_list(world.profile, world.for_oracle(), limit, kinds)
    result = world.rank(limit=limit, kinds=kinds)
    assert [asdict(entry) for entry in result.entries] == [
        {
            **entry,
            "reasons": tuple(map(asdict, entry["reasons"])),
            "to_confirm": tuple(map(asdict, entry["to_confirm"])),
        }
        for entry in expected["entries"]
    ]
    assert result.open_count == len(expected["open"])
    assert {(hidden.rule, hidden.detail): (hidden.first, hidden.alone) for hidden in result.hidden} == (
        oracle.count_hidden(expected["hidden"])
    )


@settings(max_examples=120, deadline=None)
@given(seed=SEEDS, size=st.integers(0, 120), limit=st.integers(1, 12))
def test_one_more_says_what_really_happens_when_the_step_is_taken(seed: int, size: int, limit: int) -> None:
    world = World(seed, size)
    found = one_more(world.profile, world.index, world.similarity, now=NOW, limit=limit, weights=world.weights)
    expected = oracle.find_one_more(world.profile, world.for_oracle(), limit, set(Kind))
    assert {(step.rule, step.detail): (step.more, step.best, step.rank) for step in found} == expected
    assert [step.more for step in found] == sorted((step.more for step in found), reverse=True)


def test_no_rule_is_broken_in_a_million_random_pairs() -> None:
    people, openings = 500, 2000
    # An employer each, so that no opening is left out for being near-identical to another.
    world = World(11, openings, employer=np.arange(openings))
    rows = {row["id"]: row for row in oracle.read_rows(world.table)}
    considered = pairs = 0
    for _ in range(people):
        profile = market.make_profile(world.rng)
        listed = set(ids(world.rank(profile, limit=openings)))
        for name, row in rows.items():
            pairs += 1
            is_right = (
                oracle.is_open_today(row, NOW, set(Kind))
                and oracle.is_in_a_named_place(profile, row, world.municipalities)
                and not oracle.must_never_send(profile, row, world.municipalities)
                and not oracle.find_broken(profile, row)
            )
            considered += is_right
            assert (name in listed) == is_right
    assert pairs == 1_000_000
    assert considered > 10_000


@settings(max_examples=150, deadline=None)
@given(seed=SEEDS)
def test_a_place_never_to_send_to_leaves_no_trace(seed: int) -> None:
    """The answer is the one that a board without those openings would give."""
    world = World(seed, 80)
    rows = oracle.read_rows(world.table)
    keep = np.array([not oracle.must_never_send(world.profile, row, world.municipalities) for row in rows])
    # The median wage of the board is public and not about the person: hold it fixed by naming a wage floor.
    profile = replace(world.profile, wage_floor=world.profile.wage_floor or 8000.0)
    unbound = replace(profile, never_send_states=frozenset(), never_send_municipalities=frozenset())
    kept = OpeningTable(**{column.name: getattr(world.table, column.name)[keep] for column in fields(world.table)})
    smaller = index_openings(kept, world.municipalities, market.OCCUPATIONS)
    there = shortlist(unbound, smaller, world.similarity, now=NOW)
    here = world.rank(profile)
    assert replace(here, inputs_digest="") == replace(there, inputs_digest="")


def test_the_places_never_to_send_to_are_not_printed_with_the_profile() -> None:
    profile = PersonProfile(never_send_municipalities=frozenset({417}), never_send_states=frozenset({31}))
    assert "never" not in repr(profile)
    assert "417" not in repr(profile)


def test_the_digest_of_the_inputs_needs_the_key() -> None:
    world = World(5)
    assert world.rank(digest_key=b"one").inputs_digest != world.rank(digest_key=b"two").inputs_digest


@settings(max_examples=150, deadline=None)
@given(seed=SEEDS, data=st.data())
def test_an_answer_that_is_missing_hides_nothing(seed: int, data: st.DataObject) -> None:
    world = World(seed, 80, employer=np.arange(80))
    name = data.draw(st.sampled_from(QUESTIONS))
    empty = next(column.default for column in fields(PersonProfile) if column.name == name)
    unasked = replace(world.profile, **{name: empty})
    assert set(ids(world.rank(limit=200))) <= set(ids(world.rank(unasked, limit=200)))


@settings(max_examples=100, deadline=None)
@given(seed=SEEDS)
def test_a_person_who_answered_nothing_sees_every_open_opening_marked_to_confirm(seed: int) -> None:
    world = World(seed, 80, employer=np.arange(80))
    result = world.rank(PersonProfile(), limit=200)
    assert not result.hidden
    assert set(ids(result)) == {
        row["id"] for row in oracle.read_rows(world.table) if oracle.is_open_today(row, NOW, set(Kind))
    }
    assert all(entry.to_confirm for entry in result.entries)


@settings(max_examples=150, deadline=None)
@given(seed=SEEDS, bit=st.integers(0, 3), name=st.sampled_from(["licences", "documents"]))
def test_one_licence_or_document_more_hides_nothing(seed: int, bit: int, name: str) -> None:
    world = World(seed, 80, employer=np.arange(80))
    answers: Answers = getattr(world.profile, name)
    more = replace(world.profile, **{name: Answers(answers.yes | 1 << bit, answers.no & ~(1 << bit))})
    before, after = world.rank(limit=200), world.rank(more, limit=200)
    assert set(ids(before)) <= set(ids(after))
    values = {entry.id: entry.value for entry in after.entries}
    assert all(values[entry.id] == entry.value for entry in before.entries)


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS)
def test_a_replay_gives_the_same_answer_whatever_the_order_of_the_rows(seed: int) -> None:
    world = World(seed, 100)
    order = world.rng.permutation(100)
    shuffled = OpeningTable(**{column.name: getattr(world.table, column.name)[order] for column in fields(world.table)})
    again = index_openings(shuffled, world.municipalities, market.OCCUPATIONS)
    assert world.rank() == world.rank()
    assert shortlist(world.profile, again, world.similarity, now=NOW) == world.rank()


def test_any_changed_input_changes_the_digest() -> None:
    world = World(3)
    before = world.rank().inputs_digest
    never = replace(world.profile, never_send_municipalities=world.profile.never_send_municipalities ^ {1})
    assert world.rank(replace(world.profile, age=44)).inputs_digest != before
    assert world.rank(never).inputs_digest != before
    assert world.rank(limit=9).inputs_digest != before
    assert world.rank(kinds=[Kind.VACANCY]).inputs_digest != before
    world.weights = Weights(wage=0.3)
    assert world.rank().inputs_digest != before


@pytest.mark.parametrize("forbidden", ["sex", "gender", "origin", "birth", "marital", "indigen", "deport", "return"])
def test_no_input_type_has_a_field_for_what_must_not_weigh(forbidden: str) -> None:
    names = {column.name for kind in (PersonProfile, OpeningTable, Weights) for column in fields(kind)}
    assert not [name for name in names if forbidden in name]
