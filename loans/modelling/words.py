"""What a model means, in words: one sentence for each rule, made from its settings. Pages and the texts of pictures."""

from __future__ import annotations

from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loans.modelling.model import Model
from loans.routing.model import WEIGHTS
from members.choices import Centre, ClaimMode, HubMode, Topology

Row = tuple[str, str]  # heading, sentence


def sentences(model: Model) -> list[Row]:
    """Every rule that works under these settings, and none that does not."""
    rows = [(_("Shape"), _shape(model)), *_of_shape(model)]
    rows += [(_("Guidance"), _guidance(model)), *_parcels(model)]
    rows.append((_("Special centre"), _centre(model)))
    if model.settings["last_resort"]:
        text = _("%(name)s is asked when nobody else could help.") % {
            "name": model.name(model.settings["last_resort"])
        }
        rows.append((_("Library of last resort"), text))
    groups = {place["cell"] for place in model.places.values() if place["cell"]}
    if groups:
        rows.append((_("Groups"), _("Libraries of one group ask each other before all others.")))
    return [*rows, (_("Order"), _order(model)), (_("Give and take"), _give_and_take(model))]


def _shape(model: Model) -> str:
    shape = Topology(model.settings["topology"])
    return f"{shape.label}. {shape.meaning}"


def _of_shape(model: Model) -> list[Row]:
    rules, hub = model.settings, model.name(model.settings["hub"])
    if rules["topology"] == Topology.BUS:
        return [(_("Who gets a request"), _bus(rules))]
    if rules["topology"] == Topology.RING:
        rows = [
            (
                _("Mediator"),
                _("%(name)s hands a request on when somebody does not answer in time.") % {"name": hub},
            )
        ]
        return [*(rows if hub else []), (_("Begins"), _ring(model))]
    if rules["topology"] == Topology.STAR:
        text = _("Every request and every answer passes %(name)s, which hands it to the best placed library.")
        return [(_("Hub"), text % {"name": hub})] if hub else []
    if rules["topology"] == Topology.TREE:
        return [(_("Climbing"), _tree(rules)), (_("Retained"), _retained(rules))]
    return [(_("Requests for copies"), _copies(rules))]


def _bus(rules: dict[str, Any]) -> str:
    if rules["claim_mode"] == ClaimMode.OFFERS:
        text = ngettext(
            "For %(count)s working hour libraries say that they could; then the best placed of them gets the request.",
            "For %(count)s working hours libraries say that they could; then the best placed of them gets the request.",
            rules["offer_hours"],
        )
        return text % {"count": rules["offer_hours"]}
    return _("The first library that takes the request has it.")


def _ring(model: Model) -> str:
    size = len(model.ring)
    told = {"count": size}
    if model.settings["ring_turns"]:
        text = ngettext(
            "Each request enters the ring of %(count)s library one place further on, so that nobody is always first.",
            "Each request enters the ring of %(count)s libraries one place further on, so that nobody is always first.",
            size,
        )
    else:
        text = ngettext(
            "A request enters the ring of %(count)s library behind the one that asks.",
            "A request enters the ring of %(count)s libraries behind the one that asks.",
            size,
        )
    return text % told


def _tree(rules: dict[str, Any]) -> str:
    text = ngettext(
        "A request stays %(count)s working hour in a region, then climbs to the one above.",
        "A request stays %(count)s working hours in a region, then climbs to the one above.",
        rules["climb_hours"],
    )
    return text % {"count": rules["climb_hours"]}


def _retained(rules: dict[str, Any]) -> str:
    if not rules["retain_holders"]:
        return _("Every request may leave its region.")
    text = ngettext(
        "A region with %(count)s library that has the title keeps the request.",
        "A region with %(count)s libraries that have the title keeps the request.",
        rules["retain_holders"],
    )
    return text % {"count": rules["retain_holders"]}


def _copies(rules: dict[str, Any]) -> str:
    if rules["parallel"] > 1:
        return _(
            "A request for a copy is shown to two libraries at once; the first to take it makes the copy."
        )
    return _("A request for a copy is shown to one library at a time, as one for a loan is.")


def _guidance(model: Model) -> str:
    if not model.settings["guided"]:
        return _("Not guided. Members deal with one another directly.")
    deputy = model.name(model.settings["deputy_library"])
    lead = model.name(model.settings["coordinator_library"]) or _("a coordinator who is not named yet")
    if deputy:
        text = _(
            "Guided. Every request and every message passes %(name)s; %(deputy)s may decide when its time is up."
        )
        return text % {"name": lead, "deputy": deputy}
    return _("Guided. Every request and every message passes %(name)s.") % {"name": lead}


def _parcels(model: Model) -> list[Row]:
    """Who sees whom, and which way books go: only where somebody stands in the middle."""
    if not (model.settings["guided"] or model.settings["topology"] == Topology.STAR):
        return []
    text = (
        _("Books go by way of the library in the middle; neither side learns who the other is.")
        if model.settings["hub_mode"] == HubMode.OPAQUE
        else _("Books go straight from library to library, and both sides see each other.")
    )
    return [(_("Parcels"), text)]


def _centre(model: Model) -> str:
    centre, name = Centre(model.settings["centre"]), model.name(model.settings["centre_library"])
    if centre is Centre.NONE:
        return _("None. All members are alike.")
    told = {
        Centre.CATALOGUE: _("%(name)s keeps the joint catalogue; the order stays as it is."),
        Centre.CLEARING: _("%(name)s settles the accounts between the others; the order stays as it is."),
        Centre.SUPPLIES_FIRST: _("%(name)s is asked before all others."),
        Centre.SUPPLIES_LAST: _("%(name)s is asked when the others could not help."),
    }[centre]
    return told % {"name": name or _("A library that is not named yet")}


def _order(model: Model) -> str:
    weights = {**WEIGHTS, **{k: float(v) for k, v in model.settings["weights"].items() if k in WEIGHTS}}
    total = sum(weights.values())
    if not total:
        return _("On the shelf before lent out; then all that is weighed counts alike.")
    ranked = sorted(weights.items(), key=lambda item: -item[1])
    parts = [
        f"{factor_names()[code]} {number_format(100 * value / total, 0)} %" for code, value in ranked if value
    ]
    return _("On the shelf before lent out; then what is weighed: %(parts)s.") % {"parts": ", ".join(parts)}


def factor_names() -> dict[str, str]:
    return {
        "fill": _("Success"), "reciprocity": _("Give and take"), "load": _("Load"), "speed": _("Speed"),
        "freshness": _("Freshness"), "distance": _("Distance"),
    }  # fmt: skip


def _give_and_take(model: Model) -> str:
    text = ngettext(
        "What was supplied counts for half after %(count)s day; a copy counts as %(unit)s of a loan.",
        "What was supplied counts for half after %(count)s days; a copy counts as %(unit)s of a loan.",
        model.settings["decay_days"],
    )
    return text % {
        "count": model.settings["decay_days"],
        "unit": number_format(model.settings["copy_unit"], 2),
    }
