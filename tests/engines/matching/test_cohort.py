from datetime import date

import numpy as np
import pytest

from puente.engines.matching import Rule, index_openings, shortlist
from puente.engines.matching.bulk.layout import lay_out
from puente.engines.matching.bulk.people import read_profile
from puente.engines.matching.bulk.ranking import rank_people
from puente.engines.matching.cohort import make_problem, match_cohort
from puente.engines.matching.why_not import find_broken_rules, find_opened, flip_answer
from tests.engines.matching.allocation.oracle import find_bound, is_allowed
from tests.engines.matching.bulk.people import make_people
from tests.engines.matching.market import OCCUPATIONS, make_municipalities, make_similarity, make_table

NOW = date(2026, 11, 23)


def make_market(seed, openings=150, people=300):
    rng = np.random.default_rng(seed)
    municipalities = make_municipalities(rng)
    index = index_openings(make_table(rng, openings, municipalities), municipalities, OCCUPATIONS)
    return lay_out(index, make_similarity(rng)), make_people(rng, people)


@pytest.mark.parametrize("employer_limit", [None, 15])
def test_a_cohort_is_certified_against_every_pair_not_against_its_lists(employer_limit):
    layout, people = make_market(1)
    result = match_cohort(people, layout, now=NOW, listed=3, gap=1e-3, employer_limit=employer_limit)
    # The same certificate worked out over lists that leave nobody out.
    every = make_problem(rank_people(people, layout, now=NOW, limit=len(layout.index)), layout, employer_limit)
    bound = find_bound(every, result.allocation.price, result.allocation.employer_price)
    assert result.certificate.bound == bound
    assert result.certificate.value == result.allocation.certificate.value
    assert is_allowed(every, result.allocation.assigned)
    assert result.certificate.gap <= 1e-3
    assert every.opening.size > result.problem.opening.size


def test_an_opening_that_is_hidden_has_the_rules_it_breaks():
    layout, people = make_market(2)
    index, told = layout.index, set()
    for person in range(40):
        profile = read_profile(people, person, index.municipalities)
        listed = {entry.id for entry in shortlist(profile, index, layout.similarity, now=NOW, limit=200).entries}
        for identifier in index.table.id[:60]:
            broken = find_broken_rules(profile, index, layout.similarity, identifier, now=NOW)
            if identifier in listed:
                assert broken == ()
            elif broken:
                told |= {rule.rule for rule in broken}
    assert len(told) >= 8


def test_nothing_is_said_of_a_place_never_to_send_to_nor_of_an_opening_that_is_not_there():
    layout, people = make_market(3)
    index = layout.index
    for person in np.flatnonzero((people.never_municipality >= 0).any(axis=1)):
        never = people.never_municipality[person]
        rows = np.flatnonzero(np.isin(index.table.municipality, never[never >= 0]))
        profile = read_profile(people, int(person), index.municipalities)
        for row in rows:
            assert find_broken_rules(profile, index, layout.similarity, index.table.id[row], now=NOW) is None
    assert find_broken_rules(profile, index, layout.similarity, "nowhere", now=NOW) is None


def test_one_licence_more_opens_what_lists_with_it_show():
    layout, people = make_market(4)
    opened = find_opened(people, layout, Rule.LICENCE, 1, now=NOW)
    lacking = (people.licences_no >> 1) & 1 == 1
    before = rank_people(people, layout, now=NOW, limit=1)
    after = rank_people(flip_answer(people, Rule.LICENCE, 1), layout, now=NOW, limit=1)
    better = (after.value[:, 0] > before.value[:, 0]) | ((before.row[:, 0] < 0) & (after.row[:, 0] >= 0))
    assert opened.lacking == lacking.sum()
    assert opened.better_off == better.sum() > 0
    assert not better[~lacking].any()
    assert opened.mean_gain > 0
    with pytest.raises(ValueError, match="one step"):
        flip_answer(people, Rule.WAGE, 0)
