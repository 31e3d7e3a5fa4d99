import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from puente.engines.occupations import Neighbours, SimilarityTable, UnitGroup, occupation_similarity

CODES = st.integers(1000, 9999).map(str)
SETS = st.frozensets(st.sampled_from(["7111", "7112", "7113", "7114"]))


@given(CODES, CODES, SETS, SETS, st.floats(0, 1))
def test_similarity_is_symmetric_and_between_0_and_1(
    a: str, b: str, isco_a: frozenset[str], isco_b: frozenset[str], near: float
) -> None:
    similarity = occupation_similarity(a, b, isco_a, isco_b, near)
    assert 0 <= similarity <= 1
    assert similarity == occupation_similarity(b, a, isco_b, isco_a, near)
    assert similarity >= occupation_similarity(a, b)


def test_nearness_grows_down_the_hierarchy() -> None:
    other, division, main_group, subgroup, same = (
        occupation_similarity("7121", code) for code in ("5121", "7321", "7131", "7122", "7121")
    )
    assert 0 == other < division < main_group < subgroup < same == 1


def test_shared_isco_groups_bring_nearer() -> None:
    apart = occupation_similarity("2637", "2638")
    assert occupation_similarity("2637", "2638", frozenset(["7127"]), frozenset(["7127"])) > apart


def test_neighbours_raise_and_never_lower() -> None:
    assert occupation_similarity("7121", "9221", neighbours=0.8) == 0.8
    assert occupation_similarity("7121", "7122", neighbours=0.1) == occupation_similarity("7121", "7122")


def test_the_table_holds_every_pair_of_the_formula() -> None:
    groups = [UnitGroup(code, "título") for code in ("7122", "9221", "7121")]
    table = SimilarityTable.build(groups, [("7121", "7112"), ("7122", "7112")], [Neighbours("9221", "7121", 0.8)])
    assert table.codes == ("7121", "7122", "9221")
    shared = frozenset(["7112"])
    assert table.get_similarity("7122", "7121") == occupation_similarity("7121", "7122", shared, shared)
    assert table.get_similarity("7121", "9221") == 0.8
    assert table.get_similarity("7122", "9221") == 0


def test_the_shipped_table_is_dense_symmetric_and_read_only(similarities: SimilarityTable) -> None:
    assert similarities.matrix.shape == (490, 490)
    assert np.array_equal(similarities.matrix, similarities.matrix.T)
    assert np.array_equal(np.diag(similarities.matrix), np.ones(490))
    assert similarities.matrix.min() >= 0
    assert similarities.matrix.max() == 1
    with pytest.raises(ValueError):
        similarities.matrix[0, 0] = 0


def test_a_bricklayer_is_nearer_to_a_tiler_than_to_a_waiter(similarities: SimilarityTable) -> None:
    assert similarities.get_similarity("7121", "7132") > similarities.get_similarity("7121", "5116")


def test_the_nearest_are_listed_best_first_without_the_code_itself(similarities: SimilarityTable) -> None:
    nearest = similarities.list_nearest("5111", limit=6)
    assert len(nearest) == 6
    assert "5111" not in dict(nearest)
    assert [similarity for _, similarity in nearest] == sorted((s for _, s in nearest), reverse=True)
    assert "5114" in dict(nearest)


def test_unknown_codes_are_refused() -> None:
    groups = [UnitGroup("7121", "Albañiles")]
    with pytest.raises(ValueError, match="the pair 0001"):
        SimilarityTable.build(groups, [("0001", "7112")])
    with pytest.raises(ValueError, match="the neighbours 7121 – 0001"):
        SimilarityTable.build(groups, [], [Neighbours("7121", "0001", 0.5)])
