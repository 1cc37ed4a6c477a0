"""One model of a network, live, drafted or former: its rules, its members' places and their libraries by id.

Plain values; selectors read them, every other module of this room looks at them alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from members.models import Library, Network
from members.network_rules import Places, Settings, with_settings


@dataclass(frozen=True)
class Model:
    network: Network
    settings: Settings
    places: Places
    libraries: Mapping[int, Library]  # the members, and those that the rules name
    today: date

    def name(self, library_id: int | None) -> str:
        library = self.libraries.get(library_id or 0)
        return library.name if library else ""

    @property
    def members(self) -> list[int]:
        """By name, those that left the network meanwhile left out."""
        found = [int(key) for key in self.places if int(key) in self.libraries]
        return sorted(found, key=lambda pk: (self.libraries[pk].name, pk))

    def takes_part(self, library_id: int) -> bool:
        place, library = self.places.get(str(library_id)), self.libraries.get(library_id)
        if place is None or library is None or not library.is_active or not place["active"]:
            return False
        return place["paused"] is None or place["paused"] < self.today.isoformat()

    @property
    def ring(self) -> list[int]:
        """Who stands in the ring and takes part, in its order."""
        placed = [
            (self.places[str(pk)]["ring"], pk)
            for pk in self.members
            if self.places[str(pk)]["ring"] is not None and self.takes_part(pk)
        ]
        return [pk for _number, pk in sorted(placed)]

    @property
    def parents(self) -> dict[int, int | None]:
        inside = set(self.members)
        above = {pk: self.places[str(pk)]["parent"] for pk in self.members}
        return {pk: parent if parent in inside else None for pk, parent in above.items()}

    @property
    def twin(self) -> Network:
        """The network as routing reads it, under these rules; never saved."""
        return with_settings(self.network, self.settings)
