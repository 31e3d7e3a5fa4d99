"""What the threat model and the ledger name must exist."""

import re
from pathlib import Path

from tests.ledger import find_tests

MODEL = Path("docs/threat-model.md")


def test_every_test_that_the_threat_model_names_exists():
    named = re.findall(r"`(tests/[^`]+::[^`]+)`", MODEL.read_text())
    assert len(named) > 40
    assert sorted(set(named) - find_tests()) == []


def test_every_adversary_has_what_they_can_achieve_and_a_control():
    for chapter in re.split(r"\n### ", MODEL.read_text())[1:]:
        title = chapter.splitlines()[0]
        assert "**Can achieve" in chapter, title
        assert "| control | test |" in chapter, title


def test_the_model_says_plainly_what_no_control_stops():
    text = " ".join(MODEL.read_text().split())
    for words in (
        "it guards against a forgotten filter",
        "There is no end-to-end encryption against the server",
        "Root on the running server",
        "the sensitivity flag of each person's row",
    ):
        assert words in text, words
