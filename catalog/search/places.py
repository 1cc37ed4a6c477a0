"""Member libraries by distance from one of them, for "nearest first" on the search and record pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from members.distance import distance_km
from members.models import Library


@dataclass(frozen=True, slots=True)
class Place:
    pk: int
    name: str
    city: str
    km: int | None  # None: unknown, or nobody to measure from


class Places:
    """All libraries of the network, read once for a page; at most a few hundred."""

    def __init__(self, near_library_id: int | None) -> None:
        rows = list(Library.objects.values_list("pk", "name", "city", "latitude", "longitude"))
        here = next(((lat, lon) for pk, _, _, lat, lon in rows if pk == near_library_id), (None, None))
        self.near = near_library_id
        self._places = {
            pk: Place(pk, name, city, distance_km(here, (lat, lon))) for pk, name, city, lat, lon in rows
        }

    def name(self, pk: str | int) -> str:
        place = self._places.get(int(pk)) if str(pk).isdigit() else None
        return place.name if place else str(pk)

    def km(self, pk: str) -> int | None:
        place = self._places.get(int(pk)) if pk.isdigit() else None
        return place.km if place else None

    def get(self, pk: int) -> Place | None:
        return self._places.get(pk)

    def order(self, place: Place) -> tuple[bool, int, str]:
        """One's own library, then by distance, then by name."""
        return place.pk != self.near, place.km if place.km is not None else 99_999, place.name

    def nearest_first(self, pks: Iterable[int] | None = None) -> list[Place]:
        """Of these libraries, or of all."""
        found = (
            self._places.values() if pks is None else [self._places[pk] for pk in pks if pk in self._places]
        )
        return sorted(found, key=self.order)
