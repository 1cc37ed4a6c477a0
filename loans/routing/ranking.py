"""Which of the libraries that hold a title is asked first, and why. Pure: numbers in, order and sentences out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.choices import ItemStatus

# What is on the shelf comes first; what the library did not tell may be; what is out may come back.
AVAILABILITY = {ItemStatus.AVAILABLE: 3, ItemStatus.UNKNOWN: 2, ItemStatus.ON_LOAN: 1}
CLASS_WEIGHT = 100_000
# Each request that a library is already serving weighs as much as this many kilometres of road.
KM_PER_OPEN_REQUEST = 25
# A library without coordinates counts as if it stood on another island.
UNKNOWN_KM = 1_000


@dataclass(frozen=True)
class Factors:
    """What is known of a library when the order is made; stored with the attempt and shown."""

    availability: str  # catalog.choices.ItemStatus: the best copy, as last told
    km: int | None
    open_requests: int

    def as_json(self) -> dict[str, Any]:
        return {"availability": self.availability, "km": self.km, "open_requests": self.open_requests}


@dataclass(frozen=True)
class Candidate:
    library_id: int
    library_name: str
    factors: Factors
    score: int = 0
    call_number: str = ""
    location: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "library": self.library_id, "name": self.library_name, "score": self.score,
            "factors": self.factors.as_json(), "call_number": self.call_number, "location": self.location,
        }  # fmt: skip


def score(factors: Factors) -> int:
    """Higher is better: availability first, then distance and load together, in kilometres."""
    km = UNKNOWN_KM if factors.km is None else factors.km
    weight = AVAILABILITY.get(ItemStatus(factors.availability), 0)
    return weight * CLASS_WEIGHT - km - KM_PER_OPEN_REQUEST * factors.open_requests


def rank(candidates: Iterable[Candidate], *, seed: str) -> tuple[Candidate, ...]:
    """Best first. Equal ones are ordered by the request's number, so that no library is always the first of a tie."""
    return tuple(sorted(candidates, key=lambda c: (-c.score, _lot(seed, c.library_id), c.library_id)))


def _lot(seed: str, library_id: int) -> int:
    digest = hashlib.blake2b(f"{seed}:{library_id}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big")


def explain(stored: Mapping[str, Any]) -> str:
    """The stored rank as one line in the reader's language: "available, 12 km, 1 open request"."""
    factors = stored.get("factors") or {}
    if not factors:
        return ""
    count = int(factors.get("open_requests", 0))
    parts = [
        {
            ItemStatus.AVAILABLE.value: _("available"),
            ItemStatus.ON_LOAN.value: _("on loan"),
        }.get(factors.get("availability", ""), _("availability not known")),
        _("distance not known")
        if factors.get("km") is None
        else _("%(km)s km") % {"km": number_format(factors["km"], force_grouping=True)},
        ngettext("%(count)s open request", "%(count)s open requests", count) % {"count": count},
    ]
    return ", ".join(parts)
