"""What differs between two models of a network, in words: for drafts, versions, and what changed meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from loans.modelling.model import Model
from loans.modelling.words import factor_names
from members.choices import Centre, ClaimMode, HubMode, Topology
from members.forms_network import NetworkForm
from members.network_rules import LIBRARIES, changed_places, changed_settings

CHOICES: dict[str, Any] = {
    "topology": Topology, "centre": Centre, "claim_mode": ClaimMode, "hub_mode": HubMode,
}  # fmt: skip


@dataclass(frozen=True)
class Difference:
    what: str
    before: str
    after: str


def differences(before: Model, after: Model) -> list[Difference]:
    """Rules in the order of the form, then places by name."""
    found = [
        Difference(label_of(name), _value(before, name), _value(after, name))
        for name in changed_settings(before.settings, after.settings)
    ]
    libraries = {**before.libraries, **after.libraries}
    for key in changed_places(before.places, after.places):
        library = libraries.get(int(key))
        name = library.name if library else _("A library that is no longer there")
        found.append(Difference(name, _place(before, key, after), _place(after, key, before)))
    return found


def label_of(name: str) -> str:
    labels: dict[str, Any] = dict(NetworkForm.Meta.labels)
    fields = NetworkForm.base_fields
    if name == "weights":
        return _("What counts in the order")
    return str(labels.get(name) or (fields[name].label if name in fields else name))


def _value(model: Model, name: str) -> str:
    value = model.settings.get(name)
    if name in CHOICES and value in CHOICES[name].values:
        return str(CHOICES[name](value).label)
    if name in LIBRARIES:
        return model.name(value) or _("nobody")
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if name == "weights":
        words = factor_names()
        return (
            ", ".join(
                f"{words[k]} {number_format(100 * v, 0)}" for k, v in (value or {}).items() if k in words
            )
            or "–"
        )
    return number_format(value, use_l10n=True) if isinstance(value, int | float) else str(value)


def _place(model: Model, key: str, other: Model) -> str:
    """Only what differs of the place."""
    mine, theirs = model.places.get(key), other.places.get(key)
    if mine is None:
        return _("not a member")
    told = []
    differs = (lambda part: True) if theirs is None else (lambda part: mine[part] != theirs[part])
    if differs("ring"):
        told.append(
            _("place %(number)s in the ring") % {"number": mine["ring"]}
            if mine["ring"]
            else _("no place in the ring")
        )
    if differs("parent"):
        above = model.name(mine["parent"])
        told.append(_("below %(name)s") % {"name": above} if above else _("at the top"))
    if differs("cell"):
        told.append(_("group %(name)s") % {"name": mine["cell"]} if mine["cell"] else _("no group"))
    if differs("active"):
        told.append(_("takes part") if mine["active"] else _("takes no part"))
    if differs("paused"):
        told.append(_("pauses until %(day)s") % {"day": mine["paused"]} if mine["paused"] else _("no pause"))
    return ", ".join(told)
