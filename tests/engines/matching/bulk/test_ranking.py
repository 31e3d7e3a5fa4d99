from datetime import date

import numpy as np
import pytest

from puente.engines.matching import Kind, Weights, index_openings
from puente.engines.matching.bulk.layout import lay_out
from puente.engines.matching.bulk.pairs import find_open_pairs, find_terms
from puente.engines.matching.bulk.people import read_profile, select_rows
from puente.engines.matching.bulk.ranking import rank_people
from puente.engines.matching.preparation import prepare
from puente.engines.matching.scan import find_broken, is_considered, value_opening
from tests.engines.matching.bulk.people import make_people
from tests.engines.matching.market import OCCUPATIONS, make_municipalities, make_similarity, make_table

NOW = date(2026, 11, 23)


def make_market(seed: int, openings: int, people: int):
    rng = np.random.default_rng(seed)
    municipalities = make_municipalities(rng)
    index = index_openings(make_table(rng, openings, municipalities), municipalities, OCCUPATIONS)
    return index, make_similarity(rng), make_people(rng, people)


def rank_naively(profile, index, similarity, limit, price):
    """Every opening, one after the other, with the rules and the value of the single shortlist."""
    asked = prepare(profile, index, similarity, NOW, Weights(), tuple(Kind))
    found = []
    for row in range(len(index)):
        opening, remote = index.packed[row], row >= index.remote_start
        place = asked.packed_places[opening["place"]]
        first, second = find_broken.py_func(_Record(opening), asked.asker)
        if (
            is_considered.py_func(_Record(opening), _Record(place), asked.asker, remote)
            and not place["never"]
            and not first | second
        ):
            terms = value_opening.py_func(
                _Record(opening), _Record(place), int(asked.occupation[opening["sinco"]]), asked.asker, remote
            )
            found.append((-(sum(int(term) for term in terms) - int(price[row])), int(opening["id_rank"]), row))
    return [(row, -value) for value, _, row in sorted(found)[:limit]]


class _Record:
    """A packed row with its fields as attributes, as compiled code sees it."""

    def __init__(self, row):
        for name in row.dtype.names:
            setattr(self, name, row[name].item())


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("priced", [False, True])
def test_many_lists_are_the_lists_one_by_one(seed, priced):
    index, similarity, people = make_market(seed, 250, 60)
    price = np.random.default_rng(seed).integers(0, 400_000, len(index)) * priced
    layout = lay_out(index, similarity)
    ranked = rank_people(people, layout, now=NOW, limit=7, price=price)
    for person in range(len(people)):
        expected = rank_naively(read_profile(people, person, index.municipalities), index, similarity, 7, price)
        kept = ranked.row[person] >= 0
        assert list(zip(ranked.row[person][kept], ranked.value[person][kept], strict=True)) == expected


def test_neither_threads_nor_company_change_a_list():
    index, similarity, people = make_market(9, 400, 300)
    layout = lay_out(index, similarity)
    one = rank_people(people, layout, now=NOW, limit=5)
    two = rank_people(people, layout, now=NOW, limit=5, threads=2)
    alone = rank_people(select_rows(people, np.array([17])), layout, now=NOW, limit=5)
    assert np.array_equal(one.row, two.row)
    assert np.array_equal(one.value, two.value)
    assert np.array_equal(alone.row[0], one.row[17])


def test_a_place_never_to_send_to_is_in_no_list():
    index, similarity, people = make_market(5, 600, 400)
    ranked = rank_people(people, lay_out(index, similarity), now=NOW, limit=20)
    municipality = index.table.municipality
    for person in range(len(people)):
        rows = ranked.row[person][ranked.row[person] >= 0]
        never = people.never_municipality[person]
        assert not np.isin(municipality[rows], never[never >= 0]).any()
        assert not np.isin(index.table.state[rows], people.never_state[person][people.never_state[person] >= 0]).any()


def test_a_table_that_does_not_fit_is_refused_by_name():
    index, similarity, people = make_market(1, 50, 5)
    layout = lay_out(index, similarity)
    with pytest.raises(ValueError, match="limit"):
        rank_people(people, layout, now=NOW, limit=0)
    with pytest.raises(ValueError, match="price"):
        rank_people(people, layout, now=NOW, price=np.zeros(3, np.int32))
    broken = select_rows(people, np.arange(5))
    broken.home[:] = 99
    with pytest.raises(ValueError, match="home"):
        rank_people(broken, layout, now=NOW)


def test_the_terms_of_a_pair_add_up_to_its_value():
    index, similarity, people = make_market(3, 300, 80)
    layout = lay_out(index, similarity)
    ranked = rank_people(people, layout, now=NOW, limit=30)
    person, spot = np.nonzero(ranked.row >= 0)
    terms = find_terms(people, layout, person, ranked.row[person, spot].astype(np.int64))
    assert np.array_equal(terms.sum(axis=1), ranked.value[person, spot])


def test_a_pair_is_open_exactly_when_it_can_be_in_a_list():
    index, similarity, people = make_market(4, 200, 60)
    layout = lay_out(index, similarity)
    ranked = rank_people(people, layout, now=NOW, limit=len(index))
    listed = np.zeros((len(people), len(index)), bool)
    person, spot = np.nonzero(ranked.row >= 0)
    listed[person, ranked.row[person, spot]] = True
    everyone, every_row = np.divmod(np.arange(listed.size), len(index))
    assert np.array_equal(find_open_pairs(people, layout, everyone, every_row, now=NOW), listed.ravel())
