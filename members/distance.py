"""How far apart two libraries are; for "nearest first" in search and for routing."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

EARTH_KM = 6371
Point = tuple[float | None, float | None]  # latitude, longitude in degrees


def distance_km(here: Point, there: Point) -> int | None:
    """Great-circle distance (haversine) in whole kilometres; None where a coordinate is missing."""
    if here[0] is None or here[1] is None or there[0] is None or there[1] is None:
        return None
    lat1, lon1, lat2, lon2 = map(radians, (here[0], here[1], there[0], there[1]))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return round(2 * EARTH_KM * asin(min(1.0, sqrt(half))))
