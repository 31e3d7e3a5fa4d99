import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from puente.engines.places import measure_distance, measure_distances
from puente.engines.places.distance import EARTH_RADIUS_KM

latitudes = st.floats(-90, 90)
longitudes = st.floats(-180, 180)

# Great-circle distances between city centres as printed by common atlases, in kilometres.
CITY_PAIRS = [
    ("Ciudad Juárez - Ciudad de México", (31.690, -106.424), (19.433, -99.133), 1536),
    ("Tijuana - Mérida", (32.525, -117.036), (20.967, -89.624), 3003),
    ("Ciudad Juárez - El Paso", (31.739, -106.487), (31.760, -106.487), 2.3),
    ("Paris - London", (48.8566, 2.3522), (51.5074, -0.1278), 344),
]


@pytest.mark.parametrize(("name", "start", "end", "kilometres"), CITY_PAIRS, ids=[p[0] for p in CITY_PAIRS])
def test_distance_agrees_with_the_atlas(name, start, end, kilometres):
    assert measure_distance(*start, *end) == pytest.approx(kilometres, rel=0.01, abs=0.1)


def test_a_quarter_and_a_half_of_the_globe():
    assert measure_distance(0, 0, 90, 0) == pytest.approx(math.pi * EARTH_RADIUS_KM / 2)
    assert measure_distance(0, 0, 0, 180) == pytest.approx(math.pi * EARTH_RADIUS_KM)


@given(latitudes, longitudes, latitudes, longitudes)
def test_distance_is_symmetric_and_never_beyond_half_the_globe(lat, lon, other_lat, other_lon):
    there = measure_distance(lat, lon, other_lat, other_lon)
    assert there == pytest.approx(measure_distance(other_lat, other_lon, lat, lon), abs=1e-6)
    assert 0 <= there <= math.pi * EARTH_RADIUS_KM + 1e-6


@given(latitudes, longitudes, st.lists(st.tuples(latitudes, longitudes), min_size=1, max_size=20))
def test_arrays_give_what_single_pairs_give(lat, lon, others):
    other_lats, other_lons = zip(*others, strict=True)
    expected = [measure_distance(lat, lon, *other) for other in others]
    assert measure_distances(lat, lon, other_lats, other_lons) == pytest.approx(expected, abs=1e-3)


def test_arrays_broadcast_to_a_matrix():
    lats, lons = np.array([31.7, 19.4, 14.9]), np.array([-106.4, -99.1, -92.3])
    matrix = measure_distances(lats[:, None], lons[:, None], lats, lons)
    assert matrix.shape == (3, 3)
    assert np.diag(matrix) == pytest.approx(0)


@pytest.mark.parametrize("point", [(90.1, 0), (0, 180.5), (-91, 0)])
def test_a_coordinate_off_the_globe_is_refused(point):
    with pytest.raises(ValueError, match="lies outside"):
        measure_distance(*point, 0, 0)
