"""The openings behind the counts of hidden ones, checked against the plain rules."""

import numpy as np
import pytest
from hypothesis import given, settings

from puente.engines.matching import Rule, index_openings
from puente.engines.matching.hidden import list_hidden
from tests.engines.matching import market, oracle
from tests.engines.matching.test_shortlist import NOW, SEEDS, World


@settings(max_examples=120, deadline=None)
@given(seed=SEEDS)
def test_behind_every_count_stand_the_openings_it_counted_best_first(seed: int) -> None:
    world = World(seed, size=150)
    rules = world.for_oracle()
    median = oracle.find_median_wage(rules.rows)
    for hidden in world.rank().hidden:
        listed = list_hidden(
            world.profile, world.index, world.similarity, hidden.rule, hidden.detail, now=NOW, limit=200
        )
        expected = [row for row in rules.rows if _is_hidden_by(world, rules, row, (hidden.rule, hidden.detail))]
        expected.sort(key=lambda row: (-sum(oracle.value(world.profile, row, rules, median)), row["id"]))
        assert list(listed) == [row["id"] for row in expected]
        assert len(listed) == hidden.first


def _is_hidden_by(world: World, rules: oracle.Market, row: oracle.Row, broken: oracle.Broken) -> bool:
    return (
        oracle.is_open_today(row, NOW, set(oracle.Kind))
        and oracle.is_in_a_named_place(world.profile, row, world.municipalities)
        and not oracle.must_never_send(world.profile, row, world.municipalities)
        and oracle.find_broken(world.profile, row)[:1] == [broken]
    )


def test_a_list_of_nothing_is_refused() -> None:
    rng = np.random.default_rng(1)
    municipalities = market.make_municipalities(rng)
    index = index_openings(market.make_table(rng, 5, municipalities), municipalities, market.OCCUPATIONS)
    with pytest.raises(ValueError, match="limit"):
        list_hidden(market.make_profile(rng), index, market.make_similarity(rng), Rule.LICENCE, 0, now=NOW, limit=0)
