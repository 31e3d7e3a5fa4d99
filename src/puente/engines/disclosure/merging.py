"""Putting the small categories of a list together, so that every published number is large enough."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

Category = TypeVar("Category", bound=Hashable)


@dataclass(frozen=True)
class Merged(Generic[Category]):
    """A list that may be published: the categories kept, largest first, and what all others hold together.

    `others` is None where nothing was merged. `total` is None where even the sum is small.
    """

    kept: tuple[tuple[Category, int], ...]
    others: int | None
    total: int | None


def merge_small(counts: Mapping[Category, int], threshold: int) -> Merged[Category]:
    """Return a list in which every number is at least the threshold and its parts add up to the total.

    The smallest kept categories join the others until those are large enough, so that the total gives no
    single small count back.

    Args:
        counts: category → count ≥ 0.
        threshold: counts below it are small, 2 or more.
    """
    total = sum(counts.values())
    if total < threshold:
        return Merged((), None, None)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))
    kept = [item for item in ordered if item[1] >= threshold]
    small = [count for _category, count in ordered if count < threshold]
    if not small:
        return Merged(tuple(kept), None, total)
    others = sum(small)
    while others < threshold:
        others += kept.pop()[1]
    return Merged(tuple(kept), others, total)
