import json
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puente.rights.ledger import LedgerBroken, append_lines, digest_person, make_line, read_ledger

AT = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)


def write(file, number):
    """Write a ledger of so many lines, and return them."""
    lines = []
    for _ in range(number):
        lines.append(make_line(lines[-1] if lines else None, uuid4(), "request", AT))
    append_lines(file, lines)
    return lines


def test_what_was_written_is_read_again(ledger):
    lines = write(ledger, 5)
    assert read_ledger(ledger) == lines
    append_lines(ledger, [make_line(lines[-1], uuid4(), "retention", AT)])
    assert [line.number for line in read_ledger(ledger)] == [1, 2, 3, 4, 5, 6]


def test_there_is_no_ledger_before_anybody_was_erased(ledger):
    assert read_ledger(ledger) == []


def test_a_ledger_names_nobody_and_only_its_owner_reads_it(ledger):
    person = uuid4()
    append_lines(ledger, [make_line(None, person, "request", AT)])
    assert str(person) not in ledger.read_text()
    assert person.hex not in ledger.read_text()
    assert digest_person(person) in ledger.read_text()
    assert ledger.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("number", [1, 3, 5])
@pytest.mark.parametrize("name", ["person_digest", "at", "reason", "previous", "digest", "number"])
def test_a_changed_line_is_refused_and_named(ledger, number, name):
    write(ledger, 5)
    rows = [json.loads(text) for text in ledger.read_text().splitlines()]
    before = rows[number - 1][name]
    rows[number - 1][name] = before + 1 if isinstance(before, int) else "f" + before[1:] + "0"
    ledger.write_text("".join(json.dumps(row) + "\n" for row in rows))
    with pytest.raises(LedgerBroken, match=rf"Line {number} of erasures\.jsonl"):
        read_ledger(ledger)


def test_a_flipped_bit_is_refused_wherever_it_is(ledger):
    write(ledger, 3)
    whole = ledger.read_bytes()
    for at in range(0, len(whole) - 1, 7):
        damaged = bytearray(whole)
        damaged[at] ^= 1
        ledger.write_bytes(damaged)
        with pytest.raises(LedgerBroken):
            assert read_ledger(ledger) == []


@pytest.mark.parametrize("kind", ["taken out", "swapped", "doubled"])
def test_a_line_that_is_missing_or_moved_is_named(ledger, kind):
    write(ledger, 4)
    rows = ledger.read_text().splitlines()
    rows = {
        "taken out": [rows[0], *rows[2:]],
        "swapped": [rows[0], rows[2], rows[1], rows[3]],
        "doubled": [rows[0], rows[1], rows[1], *rows[2:]],
    }[kind]
    ledger.write_text("\n".join(rows) + "\n")
    with pytest.raises(LedgerBroken, match=f"Line {3 if kind == 'doubled' else 2} "):
        read_ledger(ledger)


def test_a_line_torn_by_a_power_cut_does_not_count_and_the_next_one_stands_in_its_place(ledger):
    lines = write(ledger, 2)
    with ledger.open("a") as handle:
        handle.write('{"number": 3, "at": "2026')
    assert read_ledger(ledger) == lines
    append_lines(ledger, [make_line(lines[-1], uuid4(), "request", AT)])
    assert len(read_ledger(ledger)) == 3


@given(st.uuids(), st.uuids())
def test_two_people_never_share_a_line(one, other):
    assert (digest_person(one) == digest_person(other)) == (one == other)
    assert len(digest_person(UUID(int=0))) == 64
