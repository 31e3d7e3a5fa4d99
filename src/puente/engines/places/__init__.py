"""Places of Mexico: looking up names without guessing, and distances between them."""

from puente.engines.places.distance import measure_distance, measure_distances
from puente.engines.places.resolve import PlaceIndex, Resolution
from puente.engines.places.tables import (
    Alias,
    Municipality,
    State,
    Town,
    read_aliases,
    read_municipalities,
    read_states,
    read_towns,
)

__all__ = [
    "Alias",
    "Municipality",
    "PlaceIndex",
    "Resolution",
    "State",
    "Town",
    "measure_distance",
    "measure_distances",
    "read_aliases",
    "read_municipalities",
    "read_states",
    "read_towns",
]
