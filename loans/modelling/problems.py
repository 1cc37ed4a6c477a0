"""What a draft lacks before it can be put live: each a sentence, and the place on the page where it is mended. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext as _

from loans.modelling.model import Model
from members.choices import Centre, Topology


@dataclass(frozen=True)
class Problem:
    text: str
    page: str  # "rules" or "places"
    anchor: str  # the id there


def problems_of(model: Model) -> list[Problem]:
    """In the order of the form. Empty: the draft can go live."""
    return [*_of_shape(model), *_of_guidance(model), *_of_centre(model), *_of_libraries(model)]


def _rules(text: str, field: str) -> Problem:
    return Problem(text, "rules", f"id_{field}")


def _of_shape(model: Model) -> list[Problem]:
    shape, hub = model.settings["topology"], model.settings["hub"]
    if shape == Topology.STAR:
        return (
            [] if hub else [_rules(_("A star without a hub: say which library stands in the middle."), "hub")]
        )
    if shape == Topology.RING:
        lacking = (
            [] if hub else [_rules(_("A ring without a mediator: say who sees that requests go on."), "hub")]
        )
        return lacking + _of_ring(model)
    return _of_tree(model) if shape == Topology.TREE else []


def _of_ring(model: Model) -> list[Problem]:
    if len(model.ring) < 2:  # one alone is no ring
        text = _("A ring without places: give at least two members that take part a place in it.")
        return [Problem(text, "places", "places")]
    counted = Counter(model.places[str(pk)]["ring"] for pk in model.members)
    found = []
    for number, _times in sorted((n, t) for n, t in counted.items() if n is not None and t > 1):
        twice = next(pk for pk in model.members if model.places[str(pk)]["ring"] == number)
        text = _("Place %(number)s of the ring is taken twice.") % {"number": number}
        found.append(Problem(text, "places", f"id_ring_{twice}"))
    return found


def _of_tree(model: Model) -> list[Problem]:
    parents = model.parents
    if parents and not any(parents.values()):
        text = _("A tree without branches: nobody stands below anybody yet.")
        return [Problem(text, "places", "places")]
    return [
        Problem(
            _("%(name)s stands above itself in the tree.") % {"name": model.name(pk)},
            "places",
            f"id_parent_{pk}",
        )
        for pk in looped(parents)
    ]


def looped(parents: dict[int, int | None]) -> list[int]:
    """Those that meet themselves on the way up, one of each circle."""
    found: list[int] = []
    seen: set[int] = set()
    for start in parents:
        chain: list[int] = []
        at: int | None = start
        while at is not None and at not in chain and at not in seen:
            chain.append(at)
            at = parents.get(at)
        if at in chain:
            found.append(start if start == at else (at or start))
        seen.update(chain)
    return found


def _of_guidance(model: Model) -> list[Problem]:
    rules = model.settings
    if rules["guided"] and not rules["coordinator_library"]:
        return [
            _rules(
                _("A guided network without a coordinator: say which library it is."), "coordinator_library"
            )
        ]
    return []


def _of_centre(model: Model) -> list[Problem]:
    supplies = model.settings["centre"] in (Centre.SUPPLIES_FIRST, Centre.SUPPLIES_LAST)
    if supplies and not model.settings["centre_library"]:
        return [_rules(_("A special centre that supplies has to be named."), "centre_library")]
    return []


def _of_libraries(model: Model) -> list[Problem]:
    """Named, but no longer with the network of libraries at all."""
    used = {"last_resort": True, "coordinator_library": model.settings["guided"]}
    used["hub"] = model.settings["topology"] in (Topology.STAR, Topology.RING)
    used["centre_library"] = model.settings["centre"] != Centre.NONE
    used["deputy_library"] = model.settings["guided"]
    found = []
    for field, counts in used.items():
        library = model.libraries.get(model.settings[field] or 0)
        if counts and model.settings[field] and (library is None or not library.is_active):
            name = library.name if library else _("A library that is no longer there")
            text = _("%(name)s does not take part at present, and cannot have this task.") % {"name": name}
            found.append(_rules(text, field))
    return found
