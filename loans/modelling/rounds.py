"""A proposal for a ring: everybody who takes part, the nearest next, beginning with the mediator. Pure."""

from __future__ import annotations

from dataclasses import replace

from loans.modelling.model import Model
from members.distance import distance_km

FAR = 99_999


def round_the_ring(model: Model) -> Model:
    """The same model with places in the ring; who takes no part has none."""
    left = [pk for pk in model.members if model.takes_part(pk)]
    hub = model.settings["hub"]
    at = hub if hub in left else next(iter(left), None)
    order: list[int] = []
    while at is not None:
        order.append(at)
        left.remove(at)
        here = at
        at = min(left, key=lambda pk: (_km(model, here, pk), model.name(pk)), default=None)
    number = {pk: place for place, pk in enumerate(order, start=1)}
    places = {key: place | {"ring": number.get(int(key))} for key, place in model.places.items()}
    return replace(model, places=places)


def _km(model: Model, one: int, other: int) -> int:
    here, there = model.libraries[one], model.libraries[other]
    far = distance_km((here.latitude, here.longitude), (there.latitude, there.longitude))
    return FAR if far is None else far
