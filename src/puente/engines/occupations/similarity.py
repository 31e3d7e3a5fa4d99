"""How near two occupations are, from what is known about them without skill data.

No open table of skills by SINCO group exists, so nearness is read from three sources: where the two stand in the
hierarchy of SINCO 2019 (groups are formed by task and knowledge), how many ISCO-08 unit groups they share (the same
work, parted by SINCO for schooling or workplace), and a small table of moves that are common in practice, which the
office edits.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from puente.engines.occupations.catalogue import Neighbours, UnitGroup

# the share of the way to "the same" that a shared division, main group and subgroup stand for
HIERARCHY = (0.0, 0.15, 0.35, 0.6)
SAME_ISCO = 0.6


def occupation_similarity(
    sinco_a: str,
    sinco_b: str,
    isco_a: frozenset[str] = frozenset(),
    isco_b: frozenset[str] = frozenset(),
    neighbours: float = 0.0,
) -> float:
    """Return the similarity (0 to 1) of two SINCO unit groups.

        s = max(n, 1 - (1 - h) * (1 - 0.6 * j)),   and 1 for a group and itself

    h is 0, 0.15, 0.35 or 0.6 when the two codes share no digit, the division, the main group or the subgroup; the
    steps grow because a subgroup is far narrower than a division (3 unit groups on average against 54). j is the
    Jaccard index of their sets of ISCO-08 codes. The two join as independent evidence ("noisy or"): each can only
    bring occupations nearer, and neither alone reaches 1. n is the editable figure for neighbours in practice, 0 where
    there is none; it can raise a similarity and never lower it. The constants are proposals, not estimates: with
    observed moves between occupations they should be fitted.

    Args:
        sinco_a: a code of four digits.
        sinco_b: a code of four digits.
        isco_a: the ISCO-08 unit groups of the first.
        isco_b: the ISCO-08 unit groups of the second.
        neighbours: the figure of the table of neighbours, 0 to 1.
    """
    if sinco_a == sinco_b:
        return 1.0
    shared_digits = next(place for place, (a, b) in enumerate(zip(sinco_a + "<", sinco_b + ">", strict=True)) if a != b)
    hierarchy = HIERARCHY[shared_digits]
    either = isco_a | isco_b
    jaccard = len(isco_a & isco_b) / len(either) if either else 0.0
    return max(neighbours, 1 - (1 - hierarchy) * (1 - SAME_ISCO * jaccard))


@dataclass(frozen=True, slots=True)
class SimilarityTable:
    """Every pair at once.

    Attributes:
        codes: the SINCO codes, sorted.
        positions: the row and column of each code.
        matrix: similarities, shape (codes, codes), symmetric, ones on the diagonal; read-only.
    """

    codes: tuple[str, ...]
    positions: Mapping[str, int]
    matrix: NDArray[np.float64]

    @classmethod
    def build(
        cls,
        groups: Iterable[UnitGroup],
        pairs: Iterable[tuple[str, str]],
        neighbours: Iterable[Neighbours] = (),
    ) -> "SimilarityTable":
        """Tabulate `occupation_similarity` for all pairs of groups.

        Args:
            groups: the unit groups.
            pairs: SINCO – ISCO-08 pairs, many to many.
            neighbours: moves that are common in practice, in either order.

        Raises:
            ValueError: a pair or a row of neighbours names a code that is no unit group.
        """
        codes = tuple(sorted({group.code for group in groups}))
        positions = {code: position for position, code in enumerate(codes)}
        isco = _collect_isco(positions, pairs)
        near = _collect_neighbours(positions, neighbours)
        matrix = np.eye(len(codes))
        for row, a in enumerate(codes):
            for column in range(row):
                b = codes[column]
                similarity = occupation_similarity(a, b, isco[a], isco[b], near.get(frozenset((a, b)), 0.0))
                matrix[row, column] = matrix[column, row] = similarity
        matrix.flags.writeable = False
        return cls(codes, positions, matrix)

    def get_similarity(self, sinco_a: str, sinco_b: str) -> float:
        """Return the similarity of two codes (0 to 1); KeyError for a code that is no unit group."""
        return float(self.matrix[self.positions[sinco_a], self.positions[sinco_b]])

    def list_nearest(self, sinco: str, limit: int = 10) -> Sequence[tuple[str, float]]:
        """Return the other codes nearest to one, with their similarity, best first."""
        row = self.matrix[self.positions[sinco]]
        order = [position for position in np.argsort(-row, kind="stable") if self.codes[position] != sinco]
        return [(self.codes[position], float(row[position])) for position in order[:limit]]


def _collect_isco(positions: Mapping[str, int], pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    collected: dict[str, set[str]] = {code: set() for code in positions}
    for sinco, isco in pairs:
        if sinco not in collected:
            raise ValueError(f"the pair {sinco} – {isco} names a code that is no unit group")
        collected[sinco].add(isco)
    return {code: frozenset(isco) for code, isco in collected.items()}


def _collect_neighbours(positions: Mapping[str, int], neighbours: Iterable[Neighbours]) -> dict[frozenset[str], float]:
    collected: dict[frozenset[str], float] = {}
    for row in neighbours:
        for code in (row.sinco_a, row.sinco_b):
            if code not in positions:
                raise ValueError(f"the neighbours {row.sinco_a} – {row.sinco_b} name a code that is no unit group")
        collected[frozenset((row.sinco_a, row.sinco_b))] = row.similarity
    return collected
