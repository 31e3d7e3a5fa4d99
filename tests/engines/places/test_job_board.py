"""The national job board of August 2018, all 36,795 offers, joined to their municipalities."""

import csv
import gzip
import os
from collections import Counter
from pathlib import Path

import pytest

import puente
from puente.engines.places import read_municipalities

PLACES = Path(puente.__file__).parent / "content" / "places"
BOARD = Path(os.environ.get("PUENTE_REALDATA", "absent")) / "labour" / "portal_del_empleo_201808.csv.gz"

pytestmark = [
    pytest.mark.realdata,
    pytest.mark.skipif(not BOARD.exists(), reason="needs the job board of 2018 under PUENTE_REALDATA"),
]

# Every name of the board that is not the official one, and the municipality it means, checked by hand.
ALIASES_OF_THE_BOARD = {
    ("Guanajuato", "Silao"): ("11037", 223),
    ("Quintana Roo", "Solidaridad"): ("23008", 157),
    ("Guanajuato", "San José Iturbide"): ("11032", 50),
    ("Oaxaca", "San Pedro Mixtepec -Dto. 22 -"): ("20318", 37),
    ("Oaxaca", "San Pedro Mixtepec -Dto. 26 -"): ("20319", 1),
    ("Chiapas", "Cintalapa"): ("07017", 5),
    ("México", "Acambay"): ("15001", 2),
    ("Veracruz", "Medellín"): ("30105", 1),
}


@pytest.fixture(scope="module")
def offers(places):
    with gzip.open(BOARD, "rt", encoding="utf-8", newline="") as file:
        named = Counter((row["state"], row["municipality"]) for row in csv.DictReader(file))
    return {name: (places.resolve_municipality(name[1], name[0]), count) for name, count in named.items()}


def test_at_least_995_of_1000_offers_find_their_municipality(offers):
    total = sum(count for _, count in offers.values())
    resolved = sum(count for found, count in offers.values() if found.kind == "resolved")
    assert total == 36_795
    assert resolved / total >= 0.995


def test_what_stays_open_is_a_homonym_and_nothing_else(offers):
    left = {name: found for name, (found, _) in offers.items() if found.kind != "resolved"}
    assert {name: (found.kind, found.candidates) for name, found in left.items()} == {
        ("México", "Atizapán"): ("ambiguous", ("15012", "15013")),
    }


def test_every_alias_of_the_board_means_what_was_checked_by_hand(offers):
    used = {name: (found.code, count) for name, (found, count) in offers.items() if found.alias_used}
    assert used == ALIASES_OF_THE_BOARD


def test_an_offer_joined_without_an_alias_bears_the_official_name(offers):
    official = {place.code: place.name for place in read_municipalities(PLACES / "municipalities.csv")}
    plain = str.maketrans("áéíóúüñÁÉÍÓÚÜÑ", "aeiouunAEIOUUN")
    for (_, name), (found, _) in offers.items():
        if found.code and not found.alias_used:
            assert official[found.code].translate(plain).lower() == name.translate(plain).lower()
