"""Great-circle distance between places, one pair at a time or as arrays."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

# Mean radius R1 of the Earth, IUGG (Moritz 2000), in kilometres.
EARTH_RADIUS_KM = 6371.0088


def measure_distance(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Return the great-circle distance in kilometres between two points given in decimal degrees.

    Haversine formula (Sinnott 1984), which stays exact for points that lie close together. Raises
    `ValueError` for a latitude outside ±90 or a longitude outside ±180.
    """
    for value, limit in ((latitude, 90), (other_latitude, 90), (longitude, 180), (other_longitude, 180)):
        if not -limit <= value <= limit:
            raise ValueError(f"A coordinate of {value} degrees lies outside ±{limit}.")
    phi, other_phi = math.radians(latitude), math.radians(other_latitude)
    half_phi = (other_phi - phi) / 2
    half_lambda = math.radians(other_longitude - longitude) / 2
    h = math.sin(half_phi) ** 2 + math.cos(phi) * math.cos(other_phi) * math.sin(half_lambda) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(h)))


def measure_distances(
    latitudes: ArrayLike, longitudes: ArrayLike, other_latitudes: ArrayLike, other_longitudes: ArrayLike
) -> NDArray[np.float64]:
    """Return great-circle distances in kilometres; the four arrays in decimal degrees broadcast together.

    One point against n places gives shape (n,); shapes (m, 1) against (n,) give the matrix (m, n).
    """
    phi, other_phi = (np.radians(np.asarray(a, dtype=np.float64)) for a in (latitudes, other_latitudes))
    lambda_, other_lambda = (np.radians(np.asarray(a, dtype=np.float64)) for a in (longitudes, other_longitudes))
    h = np.sin((other_phi - phi) / 2) ** 2 + np.cos(phi) * np.cos(other_phi) * np.sin((other_lambda - lambda_) / 2) ** 2
    distances: NDArray[np.float64] = 2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(1.0, np.sqrt(h)))
    return distances
