"""Which requests an agreement would touch. Requests live above this app: loans says how to find them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from members.models import AgreementVersion
from members.selectors.agreements import parties_of


@dataclass(frozen=True)
class TouchedRequest:
    number: str
    title: str
    between: str
    state: str
    url: str


@dataclass(frozen=True)
class Touched:
    """How many open requests, and the first of them."""

    count: int
    shown: list[TouchedRequest]


Finder = Callable[[list[int], list[str], int], Touched]
_finders: list[Finder] = []


def finder_register(finder: Finder) -> None:
    """`finder(library ids, services, limit)`: open requests between two of the libraries. Set once, by loans."""
    _finders[:] = [finder]


def touched_by(version: AgreementVersion, *, limit: int = 10) -> Touched:
    if not _finders:
        return Touched(0, [])
    ids = list(parties_of(version.agreement).values_list("pk", flat=True))
    return _finders[0](ids, list(version.services), limit)
