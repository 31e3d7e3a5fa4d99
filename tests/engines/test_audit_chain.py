"""What is done to a chain is found, and the first bad row named."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puente.engines.audit_chain import (
    FIELDS,
    GENESIS,
    Finding,
    Head,
    Kind,
    LinkedEvent,
    hash_event,
    verify_chain,
    verify_chains,
    write_text,
)

CHAIN = "0190aaaa-0000-7000-8000-000000000001"
OTHER = "0190aaaa-0000-7000-8000-000000000002"
texts = st.one_of(st.none(), st.text(max_size=12))
values = st.lists(texts, min_size=len(FIELDS), max_size=len(FIELDS)).map(tuple)


def build(length: int, chain: str = CHAIN) -> list[LinkedEvent]:
    rows, previous = [], GENESIS
    for seq in range(1, length + 1):
        event_id = f"event-{seq}"
        fields = (event_id, f"17950000{seq:02}.000000", "person.opened", "actor", chain, "person", *[f"p{seq}"] * 2,
                  "reception", "2", "{}")  # fmt: skip
        made = hash_event(previous, chain, fields)
        rows.append(LinkedEvent(chain, seq, event_id, previous, made, fields))
        previous = made
    return rows


def judge(rows: list[LinkedEvent], heads: list[Head] | None = None) -> Finding | None:
    return verify_chain(CHAIN, iter(rows), heads or []).finding


def renumber(rows: list[LinkedEvent]) -> list[LinkedEvent]:
    return [row._replace(seq=seq) for seq, row in enumerate(rows, start=1)]


def relink(rows: list[LinkedEvent]) -> list[LinkedEvent]:
    """Make all hashes anew, as somebody can who owns the database."""
    previous, made = GENESIS, []
    for row in rows:
        assert row.values is not None
        made.append(row._replace(previous=previous, hash=hash_event(previous, row.chain, row.values)))
        previous = made[-1].hash
    return made


def test_an_untouched_chain_holds_and_ends_in_its_last_hash():
    rows = build(9)
    report = verify_chain(CHAIN, iter(rows))
    assert report.finding is None
    assert (report.rows, report.head) == (9, Head(CHAIN, 9, rows[-1].hash))


@given(values, values)
def test_different_events_never_have_the_same_text(first, second):
    assert (write_text(CHAIN, first) == write_text(CHAIN, second)) == (first == second)


@pytest.mark.parametrize("row", [0, 4, 8])
@pytest.mark.parametrize("field", range(len(FIELDS)))
def test_a_change_in_any_field_of_any_row_is_found(row, field):
    rows = build(9)
    fields = list(rows[row].values)
    fields[field] = (fields[field] or "") + "x"
    rows[row] = rows[row]._replace(values=tuple(fields))
    assert judge(rows) == Finding(Kind.CHANGED, CHAIN, row + 1, f"event-{row + 1}")


@pytest.mark.parametrize("row", [0, 4, 8])
@pytest.mark.parametrize("column", ["previous", "hash"])
def test_a_changed_hash_is_found(row, column):
    rows = build(9)
    rows[row] = rows[row]._replace(**{column: sha256(b"other").digest()})
    assert judge(rows) == Finding(Kind.CHANGED, CHAIN, row + 1, f"event-{row + 1}")


@pytest.mark.parametrize("row", [0, 4, 7])
def test_a_deleted_row_is_found_with_or_without_its_link(row):
    rows = build(9)
    without_event = [*rows[:row], rows[row]._replace(values=None), *rows[row + 1 :]]
    assert judge(without_event) == Finding(Kind.DELETED, CHAIN, row + 1, f"event-{row + 1}")
    without_both = [*rows[:row], *rows[row + 1 :]]
    assert judge(without_both) == Finding(Kind.DELETED, CHAIN, row + 1)
    renumbered = judge(renumber(without_both))
    assert renumbered is not None
    assert (renumbered.kind, renumbered.seq) == (Kind.DELETED, row + 1)


@pytest.mark.parametrize("row", [0, 4, 8])
@pytest.mark.parametrize("follows", [True, False])
def test_an_inserted_row_is_found_even_with_a_hash_that_fits(row, follows):
    rows = build(9)
    previous = (rows[row - 1].hash if row else GENESIS) if follows else sha256(b"other").digest()
    fields = ("event-x", *rows[row].values[1:])
    false_row = LinkedEvent(CHAIN, 0, "event-x", previous, hash_event(previous, CHAIN, fields), fields)
    assert judge(renumber([*rows[:row], false_row, *rows[row:]])) == Finding(Kind.INSERTED, CHAIN, row + 1, "event-x")


def test_a_row_inserted_at_a_place_that_is_taken_is_found():
    rows = build(5)
    assert judge([*rows[:3], rows[2]._replace(event_id="event-x"), *rows[3:]]) == Finding(
        Kind.INSERTED, CHAIN, 3, "event-x"
    )


@pytest.mark.parametrize(("first", "second"), [(0, 1), (3, 4), (2, 7), (0, 8)])
def test_rows_that_changed_places_are_found(first, second):
    rows = build(9)
    rows[first], rows[second] = rows[second], rows[first]
    found = judge(renumber(rows))
    assert found is not None
    assert (found.kind, found.seq) == (Kind.REORDERED, first + 1)


def test_events_that_changed_links_are_found():
    rows = build(9)
    rows[3], rows[6] = (
        rows[3]._replace(event_id="event-7", values=rows[6].values),
        rows[6]._replace(event_id="event-4", values=rows[3].values),
    )
    found = judge(rows)
    assert found == Finding(Kind.REORDERED, CHAIN, 4, "event-7")


@pytest.mark.parametrize("row", [0, 4, 8])
def test_a_row_with_another_number_is_found(row):
    rows = build(9)
    moved = rows[row]._replace(seq=1000)
    found = judge([*rows[:row], *rows[row + 1 :], moved])
    assert found is not None
    assert found.kind == Kind.REORDERED
    assert found.seq == row + 1


def test_the_end_is_missed_only_by_a_head_taken_before():
    rows = build(9)
    head = Head(CHAIN, 9, rows[-1].hash)
    assert judge(rows[:6]) is None
    assert judge(rows[:6], [head]) == Finding(Kind.TRUNCATED, CHAIN, 7)
    assert [report.finding for report in verify_chains([], heads=[head])] == [Finding(Kind.TRUNCATED, CHAIN, 1)]


def test_rewritten_hashes_are_found_between_two_heads():
    rows = build(9)
    heads = [Head(CHAIN, 3, rows[2].hash), Head(CHAIN, 8, rows[7].hash)]
    fields = list(rows[5].values)
    fields[2] = "person.registered"
    rows[5] = rows[5]._replace(values=tuple(fields))
    rewritten = relink(rows)
    assert judge(rewritten) is None
    assert judge(rewritten, heads) == Finding(Kind.REWRITTEN, CHAIN, 4, None, 8)


def test_a_chain_given_to_another_office_is_found():
    stolen = [row._replace(chain=OTHER) for row in build(3)]
    (report,) = verify_chains(stolen)
    assert report.finding == Finding(Kind.CHANGED, OTHER, 1, "event-1")


def test_an_event_in_no_chain_was_inserted():
    (report,) = verify_chains(build(3), unlinked=[(CHAIN, "event-x")])
    assert report.finding == Finding(Kind.INSERTED, CHAIN, None, "event-x")


def test_each_chain_is_judged_by_itself():
    broken = build(4)
    broken[1] = broken[1]._replace(values=None)
    reports = verify_chains([*broken, *build(4, OTHER)])
    assert [(report.chain, report.finding is None) for report in reports] == [(CHAIN, False), (OTHER, True)]


@given(st.data())
def test_whatever_is_altered_is_found_no_later_than_the_row(data):
    rows = build(8)
    place = data.draw(st.integers(0, 7))
    row = rows[place]
    column = data.draw(st.sampled_from(["event_id", "previous", "hash", "values"]))
    other: object = data.draw(st.text() if column == "event_id" else st.binary(min_size=1) if column != "values"
                              else values)  # fmt: skip
    if other == getattr(row, column):
        return
    rows[place] = row._replace(**{column: other})
    found = judge(rows)
    assert found is not None
    assert found.seq == place + 1
