"""The picture as a list: each library with its number, task, place and with whom it deals. For who does not see it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from loans.modelling.graph import graph_of, role_words, roles_of
from loans.modelling.model import Model
from members.choices import Topology


@dataclass(frozen=True)
class Row:
    number: int
    code: str
    name: str
    city: str
    tasks: str
    place: str
    rests: bool


def listing(model: Model) -> list[Row]:
    """In the order and with the numbers of the picture."""
    roles, words, members = roles_of(model), role_words(), set(model.members)
    rows = []
    for number, pk in enumerate(graph_of(model).nodes, start=1):
        library = model.libraries[pk]
        tasks = [words[code] for code in roles.get(pk, [])]
        if pk not in members:
            tasks.append(_("not a member"))
        rests = pk in members and not model.takes_part(pk)
        place = _place(model, pk) if pk in members else ""
        rows.append(
            Row(number, library.short_code, library.name, library.city, ", ".join(tasks), place, rests)
        )
    return rows


def _place(model: Model, pk: int) -> str:
    place, shape = model.places[str(pk)], model.settings["topology"]
    told = []
    if shape == Topology.RING:
        ring = model.ring
        if pk in ring:
            after = ring[(ring.index(pk) + 1) % len(ring)]
            told.append(_("hands on to %(name)s") % {"name": model.name(after)})
        else:
            told.append(_("no place in the ring"))
    if shape == Topology.TREE:
        above = model.parents.get(pk)
        told.append(_("below %(name)s") % {"name": model.name(above)} if above else _("at the top"))
    if place["cell"]:
        told.append(_("group %(name)s") % {"name": place["cell"]})
    return ", ".join(told)
