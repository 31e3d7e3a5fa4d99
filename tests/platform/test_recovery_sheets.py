import io
import json
from datetime import date

import pytest
from pypdf import PdfReader

from puente.platform.key_files import create_key_files
from puente.platform.keys import KeysUnavailable, Realm
from puente.platform.recovery_sheets import (
    LineWrong,
    print_sheet,
    read_letters,
    read_line,
    recover_keys,
    split_keys,
    write_letters,
    write_lines,
)
from puente.platform.secret_sharing import SharesWrong


@pytest.fixture
def files(tmp_path):
    found = {Realm.OFFICE: tmp_path / "keys.json", Realm.VAULT: tmp_path / "vault.json"}
    create_key_files(found[Realm.OFFICE], found[Realm.VAULT])
    return found


def test_three_sheets_bring_the_key_files_back(files, tmp_path):
    before = {realm: json.loads(file.read_text()) for realm, file in files.items()}
    shares = split_keys(files, shares=5, needed=3)
    for file in files.values():
        file.unlink()
    written = recover_keys([shares[4], shares[0], shares[2]], files)
    assert {realm: json.loads(file.read_text()) for realm, file in files.items()} == before
    assert all(file.stat().st_mode & 0o777 == 0o600 for file in written)


def test_two_sheets_write_nothing_and_no_file_is_overwritten(files):
    shares = split_keys(files, shares=5, needed=3)
    with pytest.raises(KeysUnavailable, match="Move it away first"):
        recover_keys(shares[:3], files)
    files[Realm.OFFICE].unlink()
    with pytest.raises(KeysUnavailable):
        recover_keys(shares[:3], files)
    assert not files[Realm.OFFICE].exists()
    with pytest.raises(SharesWrong, match="these are 2"):
        recover_keys(shares[:2], files)


def test_typed_lines_are_read_however_they_are_written(files):
    share = split_keys(files, shares=5, needed=3)[1]
    lines = write_lines(share)
    assert max(map(len, lines)) <= 54
    typed = [line.lower().replace("0", "o").replace("1", "l").replace(" ", "-") for line in lines]
    assert read_letters("".join(read_line(number, line) for number, line in enumerate(typed, 1))) == share
    assert read_letters(write_letters(share)) == share


def test_a_line_with_a_mistake_is_named_at_once(files):
    lines = write_lines(split_keys(files, shares=3, needed=2)[0])
    wrong = ("3" if lines[3][0] != "3" else "4") + lines[3][1:]
    with pytest.raises(LineWrong, match="Line 4"):
        read_line(4, wrong)
    # A right line in the wrong place is a mistake too.
    with pytest.raises(LineWrong, match="Line 4"):
        read_line(4, lines[4])
    with pytest.raises(SharesWrong, match="never U"):
        read_line(4, "UUUU")


def test_a_sheet_prints_every_line_and_no_key(files):
    share = split_keys(files, shares=5, needed=3)[2]
    pdf = PdfReader(io.BytesIO(print_sheet(share, made_on=date(2026, 11, 23), place="puente.example")))
    text = " ".join(page.extract_text() for page in pdf.pages)
    letters = "".join(text.split())
    assert len(pdf.pages) == 1
    for line in write_lines(share):
        assert "".join(line.split()) in letters
    for file in files.values():
        for key in json.loads(file.read_text())["keys"].values():
            assert key not in letters
