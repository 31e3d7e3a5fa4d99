from pathlib import Path

import pytest

import puente
from puente.engines.places import PlaceIndex, read_aliases, read_municipalities, read_states, read_towns

PLACES = Path(puente.__file__).parent / "content" / "places"


@pytest.fixture(scope="session")
def places() -> PlaceIndex:
    return PlaceIndex.build(
        read_states(PLACES / "states.csv"),
        read_municipalities(PLACES / "municipalities.csv"),
        read_aliases(PLACES / "place_aliases.csv"),
        read_towns(PLACES / "towns.csv"),
    )
