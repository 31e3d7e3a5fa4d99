"""Small counts stay hidden, also from somebody who subtracts: an oracle tries every table that fits what is shown."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puente.engines.disclosure import THRESHOLD, merge_small, round_count, suppress

COUNTS = st.one_of(st.integers(0, 3), st.integers(0, 9))


def tables(rows, columns, counts=COUNTS):
    return st.lists(st.lists(counts, min_size=columns, max_size=columns), min_size=rows, max_size=rows)


def find_fitting(published, largest):
    """Yield every table of whole numbers that agrees with all that is published, the naive way."""
    rows, columns = len(published.cells), len(published.cells[0])
    ranges = [range(largest + 1) if cell is None else (cell,) for row in published.cells for cell in row]
    for flat in product(*ranges):
        table = [flat[i * columns : (i + 1) * columns] for i in range(rows)]
        sums = [sum(row) for row in table]
        downs = [sum(column) for column in zip(*table, strict=True)]
        pairs = [*zip(published.row_totals, sums, strict=True), *zip(published.column_totals, downs, strict=True)]
        if all(shown is None or shown == real for shown, real in [*pairs, (published.total, sum(sums))]):
            yield table


@settings(max_examples=60, deadline=None)
@given(tables(2, 2))
def test_no_small_cell_can_be_worked_out_from_what_is_shown(table):
    published = suppress(table, 3)
    fitting = list(find_fitting(published, max(sum(map(sum, table)), 2)))
    assert table in [[list(row) for row in found] for found in fitting]
    for i, row in enumerate(table):
        for j, count in enumerate(row):
            if count < 3:
                assert published.cells[i][j] is None
                assert len({found[i][j] for found in fitting}) > 1
        if sum(row) < 3:
            assert len({sum(found[i]) for found in fitting}) > 1


@settings(max_examples=25, deadline=None)
@given(tables(2, 3, st.integers(0, 4)))
def test_nor_in_a_wider_table(table):
    published = suppress(table, 2)
    fitting = list(find_fitting(published, max(min(sum(map(sum, table)), 9), 2)))
    for i, row in enumerate(table):
        for j, count in enumerate(row):
            if count < 2:
                assert len({found[i][j] for found in fitting}) > 1


SHAPES = st.tuples(st.integers(1, 8), st.integers(1, 5))


@settings(max_examples=200, deadline=None)
@given(SHAPES.flatmap(lambda shape: tables(*shape, st.integers(0, 60))))
def test_repeated_subtraction_gives_no_small_number_back(table):
    published = suppress(table, THRESHOLD)
    for (kind, i, j), value in subtract_all(published).items():
        real = {"cell": table[i][j], "row": sum(table[i]), "column": sum(row[j] for row in table)}
        assert value == real[kind]
        assert value >= THRESHOLD, (kind, i, j)


def subtract_all(published):
    """Return every hidden number that subtracting within rows and columns, again and again, gives back."""
    rows, columns = range(len(published.cells)), range(len(published.cells[0]))
    known = {("cell", i, j): published.cells[i][j] for i in rows for j in columns}
    known |= {("row", i, 0): published.row_totals[i] for i in rows}
    known |= {("column", 0, j): published.column_totals[j] for j in columns}
    known["total", 0, 0] = published.total
    lines = [([("cell", i, j) for j in columns], ("row", i, 0)) for i in rows]
    lines += [([("cell", i, j) for i in rows], ("column", 0, j)) for j in columns]
    lines += [([("row", i, 0) for i in rows], ("total", 0, 0)), ([("column", 0, j) for j in columns], ("total", 0, 0))]
    won = {}
    while True:
        step = {}
        for parts, whole in lines:
            missing = [name for name in [*parts, whole] if known[name] is None]
            if len(missing) == 1:
                name = missing[0]
                shown = sum(known[part] for part in parts if part != name)
                step[name] = shown if name == whole else known[whole] - shown
        if not step:
            return won
        known |= step
        won |= {name: value for name, value in step.items() if name[0] != "total"}


def test_a_table_of_large_numbers_is_published_whole():
    published = suppress([[10, 20], [30, 40]], THRESHOLD)
    assert published.cells == ((10, 20), (30, 40))
    assert published.row_totals == (30, 70)
    assert published.total == 100


def test_one_small_cell_takes_three_others_with_it_and_no_more():
    published = suppress([[2, 30, 40], [50, 60, 70], [80, 90, 100]], THRESHOLD)
    hidden = [cell for row in published.cells for cell in row].count(None)
    assert hidden == 4
    assert None not in (*published.row_totals, *published.column_totals, published.total)


def test_a_small_whole_shows_nothing():
    published = suppress([[1, 2], [0, 1]], THRESHOLD)
    assert published.total is None
    assert published.row_totals == (None, None)


@given(st.dictionaries(st.integers(0, 40), st.integers(0, 30), max_size=33))
def test_merged_lists_hold_no_small_number_and_add_up(counts):
    merged = merge_small(counts, THRESHOLD)
    total = sum(counts.values())
    if total < THRESHOLD:
        assert merged.kept == ()
        assert merged.total is None
        return
    shown = [count for _category, count in merged.kept] + ([] if merged.others is None else [merged.others])
    assert sum(shown) == total == merged.total
    assert all(count >= THRESHOLD for count in shown)
    assert all(counts[category] == count for category, count in merged.kept)


@given(st.dictionaries(st.integers(0, 40), st.integers(0, 30), min_size=2, max_size=33))
def test_the_others_hide_each_small_category_they_hold(counts):
    merged = merge_small(counts, THRESHOLD)
    kept = {category for category, _count in merged.kept}
    small = [count for category, count in counts.items() if category not in kept and count < THRESHOLD]
    if merged.others is not None:
        assert len(counts) - len(kept) >= 2 or not small
        # Each small one may be anything from nothing to all of the others.
        assert all(merged.others >= THRESHOLD > count for count in small)


@pytest.mark.parametrize("threshold", [3, 5, 10])
def test_the_smallest_kept_category_joins_others_that_are_too_few(threshold):
    merged = merge_small({"Mich.": 40, "Gto.": threshold, "Zac.": 1}, threshold)
    assert merged.kept == (("Mich.", 40),)
    assert merged.others == threshold + 1


@given(st.integers(0, 500), st.integers(0, 500))
def test_two_rounded_reports_differ_by_no_small_number(before, more):
    earlier, later = round_count(before, THRESHOLD), round_count(before + more, THRESHOLD)
    assert earlier is None or (earlier >= THRESHOLD and abs(earlier - before) <= THRESHOLD // 2)
    if earlier is not None and later is not None:
        assert (later - earlier) % THRESHOLD == 0
