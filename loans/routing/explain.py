"""A stored plan in the reader's words: why these libraries, in this order, and why not the others.

Reads the JSON of store.as_json, so that a plan of last year is told as it was made. Called by views and presenters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loans.routing.words import AVAILABLE, ENDS, LEFT, NOTES, STAGES


@dataclass(frozen=True)
class ExplainedFactor:
    label: str
    value: str  # in words and numbers: "12 km"
    points: int | None = None  # of 100; None for what decides before any score
    weight: int | None = None  # percent


@dataclass(frozen=True)
class ExplainedCandidate:
    position: int
    library_id: int
    name: str
    score: str
    factors: list[ExplainedFactor] = field(default_factory=list)
    groups: list[ExplainedFactor] = field(default_factory=list)

    @property
    def line(self) -> str:
        return ", ".join(factor.value for factor in (*self.groups, *self.factors) if factor.value)


@dataclass(frozen=True)
class ExplainedStage:
    number: int
    sentence: str
    via: list[str]
    candidates: list[ExplainedCandidate]


def explain(plan: Mapping[str, Any]) -> list[ExplainedStage]:
    """The stages of a stored plan, in order, as sentences with their tables."""
    told: list[ExplainedStage] = []
    position = 0
    for number, stage in enumerate(plan.get("stages", []), start=1):
        rows = []
        for row in stage["candidates"]:
            position += 1
            rows.append(_candidate(position, row, stage.get("weights", {})))
        told.append(ExplainedStage(number, _sentence(STAGES, stage), stage.get("via_names", []), rows))
    return told


def explain_left(plan: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(library, why it is not asked)."""
    return [(row["name"], _sentence(LEFT, {"kind": row["rule"], **row})) for row in plan.get("excluded", [])]


def explain_notes(plan: Mapping[str, Any]) -> list[str]:
    return [str(NOTES[code]) for code in plan.get("notes", []) if code in NOTES]


def explain_end(why: str) -> str:
    return str(ENDS.get(why, ENDS["all_tried"]))


def _sentence(sentences: Mapping[str, Any], row: Mapping[str, Any]) -> str:
    text = sentences.get(row.get("kind", ""))
    if text is None:
        return str(row.get("kind", ""))
    return str(text) % {str(key): value for key, value in row.get("args", {}).items()}


def _candidate(position: int, row: Mapping[str, Any], weights: Mapping[str, float]) -> ExplainedCandidate:
    facts, points = row.get("facts", {}), row.get("points", {})
    factors = [
        ExplainedFactor(label, value, round(100 * points[code]), round(100 * weights.get(code, 0)))
        for code, label, value in _factor_words(facts)
        if code in points
    ]
    return ExplainedCandidate(
        position, row["library"], row["name"], number_format(row["score"], 1), factors, _groups(facts)
    )


def _groups(facts: Mapping[str, Any]) -> list[ExplainedFactor]:
    """What decides before any score."""
    said = AVAILABLE.get(facts.get("availability", ""), AVAILABLE["unknown"])
    rows = [ExplainedFactor(_("Availability"), str(said))]
    if facts.get("same_cell"):
        rows.append(ExplainedFactor(_("Group"), _("of your own group")))
    if facts.get("agreement"):
        rows.append(ExplainedFactor(_("Agreement"), str(facts["agreement"])))
    rows.append(ExplainedFactor(_("Cost"), _cost(facts)))
    if facts.get("stands_for"):
        count = int(facts["stands_for"])
        text = ngettext("speaks for %(count)s library", "speaks for %(count)s libraries", count)
        rows.append(ExplainedFactor(_("Network"), text % {"count": count}))
    return rows


def _cost(facts: Mapping[str, Any]) -> str:
    cost = facts.get("cost")
    if cost is None:
        return _("price on request")
    if float(cost) == 0:
        return _("free of charge")
    return f"{facts.get('currency', '')} {number_format(cost, force_grouping=True)}".strip()


def _factor_words(facts: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(code, label, value in words) of each weighted factor."""
    km, opens = facts.get("km"), int(facts.get("open_supplies", 0))
    pair, net = float(facts.get("pair", 0)), float(facts.get("net", 0))
    distance = _("distance not known") if km is None else (
        _("%(km)s km") % {"km": number_format(km, force_grouping=True)}
    )  # fmt: skip
    waiting = ngettext("%(count)s open request", "%(count)s open requests", opens) % {"count": opens}
    given = _("balance with you %(pair)s, with the network %(net)s") % {
        "pair": _signed(pair), "net": _signed(net),
    }  # fmt: skip
    hours = _("answers in %(hours)s working hours") % {"hours": number_format(facts.get("hours", 0), 0)}
    percent = {"percent": round(100 * float(facts.get("fill", 0)))}
    alike = _("fills %(percent)s%% of requests for this kind of material")
    fills = (alike if facts.get("of_format") else _("fills %(percent)s%% of requests")) % percent
    return [
        ("fill", _("Success"), fills),
        ("reciprocity", _("Give and take"), given),
        ("load", _("Load"), waiting),
        ("speed", _("Speed"), hours),
        ("freshness", _("Freshness"), _told(facts.get("told_days"))),
        ("distance", _("Distance"), distance),
    ]


def _told(days: int | None) -> str:
    """How long ago the library told of its copy."""
    if days is None:
        return _("not known when it told of its copy")
    if days == 0:
        return _("told of its copy today")
    words = ngettext("told of its copy %(count)s day ago", "told of its copy %(count)s days ago", days)
    return words % {"count": number_format(days, force_grouping=True)}


def _signed(value: float) -> str:
    return ("+" if value > 0 else "") + number_format(round(value, 1), 1)
