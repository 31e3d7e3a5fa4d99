"""Exact shortlists for many people: the lists that `shortlist` would give one by one, in a pass per core.

Openings are visited run by run (one occupation in one state), the best occupations first; a run, and what is left of
one, is passed over when even its best could not enter the list any more. Nothing is approximate: the bound is the
largest sum of terms that the run's openings could reach for this person.

Threads: the kernel runs without the interpreter's lock on slices of people in a thread pool. numba's own `prange` is
not used: without `parallel=True` it runs serially and says nothing, and with it the first thread gets the first half of
the loop, which holds most of the work where states come by size.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from puente.engines.matching.bulk.columns import fix_constants, take_columns, take_tables
from puente.engines.matching.bulk.kernel import rank_slice
from puente.engines.matching.bulk.layout import BulkLayout
from puente.engines.matching.bulk.people import PeopleTable
from puente.engines.matching.openings import UNKNOWN

_SLICE = 4096


@dataclass(frozen=True, slots=True, eq=False)
class Rankings:
    """The best openings of many people: row (int32, people x limit) of the index, -1 where the list is shorter, and
    value (int32, alike) in millionths, less the price where prices were given."""

    row: NDArray[np.int32]
    value: NDArray[np.int32]


def rank_people(
    people: PeopleTable,
    layout: BulkLayout,
    *,
    now: date,
    limit: int = 20,
    threads: int = 1,
    price: NDArray[np.int32] | None = None,
    report: Callable[[int], None] | None = None,
) -> Rankings:
    """Return the best openings of each person, exactly: by value, then by id; only what is open to them.

    The values and rules are those of `shortlist` (all kinds of opening; near-identical ones are not thinned out).
    Arguments: the people; the layout of the openings; the day; how many to list; how many threads (the result does not
    depend on it); a price of each opening (int32 millionths of 0 or more, by row of the index) that is taken off its
    value; a function that hears how many people are done. Raises ValueError as `shortlist` does.
    """
    if limit < 1:
        raise ValueError("limit must be at least 1")
    if price is not None and (len(price) != len(layout.row) or (price < 0).any()):
        raise ValueError("price must have one row for each opening, of 0 or more")
    _check_references(people, layout)
    columns, tables, constants = (
        take_columns(people, layout),
        take_tables(people, layout, price),
        fix_constants(layout, now),
    )
    rows = np.full((len(people), limit), UNKNOWN, np.int32)
    values = np.zeros((len(people), limit), np.int32)
    first_job = people.job_sinco[:, 0] if people.job_sinco.shape[1] else np.zeros(len(people), np.int16)
    first_state = people.place_state[:, 0] if people.place_state.shape[1] else np.zeros(len(people), np.int16)
    # Neighbours in this order read the same openings, so these stay in the core's own cache.
    order = np.lexsort((first_job, first_state))

    def scan(begin: int) -> int:
        slice_of_people = order[begin : begin + _SLICE]
        rank_slice(layout.packed, columns, tables, constants, slice_of_people, rows, values)
        return len(slice_of_people)

    done = 0
    with ThreadPoolExecutor(threads) as pool:
        for count in pool.map(scan, range(0, len(order), _SLICE)):
            done += count
            if report is not None:
                report(done)
    return Rankings(rows, values)


def _check_references(people: PeopleTable, layout: BulkLayout) -> None:
    index = layout.index
    for name, column, bound in (
        ("a past job", people.job_sinco, index.occupations),
        ("place_state", people.place_state, index.states),
        ("never_state", people.never_state, index.states),
        ("home", people.home, len(index.municipalities.state)),
        ("place_municipality", people.place_municipality, len(index.municipalities.state)),
        ("never_municipality", people.never_municipality, len(index.municipalities.state)),
    ):
        if column.size and not UNKNOWN <= column.min() <= column.max() < bound:
            raise ValueError(f"{name} names one that does not exist: there are {bound}")
