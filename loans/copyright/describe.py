"""A set of rules in words, for the help page and the librarian: what each rule asks, and what its answer means."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loans.choices import RuleOutcome
from loans.copyright.declarations import Declaration
from loans.copyright.explain import fact_label, kind_label, purpose_label
from loans.copyright.schema import OUTCOMES, Rule, RuleSet

Settings = Mapping[str, Any]
TONES = {"allow": "ok", "warn": "attention", "pay": "info", "block": "stop"}


@dataclass(frozen=True)
class Answer:
    label: str
    tone: str
    meaning: str


@dataclass(frozen=True)
class RuleLine:
    text: str
    source: str
    label: str
    tone: str
    own_default: bool
    to_confirm: bool


@dataclass(frozen=True)
class SetPage:
    name: str
    version: int
    note: str
    lawyer: str
    years: int
    rules: list[RuleLine]
    declaration: Declaration
    notice: str
    valid_from: date


def outcome_label(outcome: str) -> str:
    return str(RuleOutcome(outcome).label)


def meaning_of(outcome: str) -> str:
    """What an answer means for whoever has the request before them."""
    return {
        "allow": _("The copy may be made."),
        "warn": _("A librarian looks at the reason and decides."),
        "pay": _("The copy may be made under a licence or against a fee, not under the exception."),
        "block": _("The copy is not made, unless a manager decides otherwise and writes down why."),
    }[outcome]


def answers() -> list[Answer]:
    """The four answers, mildest first."""
    return [Answer(outcome_label(code), TONES[code], meaning_of(code)) for code in OUTCOMES]


def known_lines(facts: Mapping[str, Any], counters: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """What a stored decision was made of, for the page that explains it; nothing that was not known."""
    purpose = purpose_label(facts["purpose"]) if facts.get("purpose") else ""
    part = {name: facts.get(name) for name in ("year", "pages", "pages_of_work", "chapters")}
    counted = {
        _("This part, for the same reader before"): counters.get("same_reader"),
        _("This part, for other readers of the library"): counters.get("related_readers"),
        _("Copies from recent issues of the title this year"): counters.get("title_year"),
        _("Copies of this work ever"): counters.get("title_term"),
    }
    return [
        (_("What the copy is for"), purpose),
        (_("Kind of work"), kind_label(facts["kind"]) if facts.get("kind") else ""),
        *((fact_title(name), value) for name, value in part.items() if value),
        *((label, str(number)) for label, number in counted.items() if number is not None),
    ]


def page_of(found: RuleSet, language: str) -> SetPage:
    """Texts fall back to English for a language that a set does not speak."""

    def told(texts: Mapping[str, str]) -> str:
        return texts.get(language) or texts["en"]

    return SetPage(
        name=told(found.name), version=found.version, note=told(found.source_note), lawyer=told(found.lawyer_note),
        years=found.retention_years, rules=[_line(rule) for rule in found.rules],
        declaration=Declaration(language, found.declaration_version, told(found.declaration)),
        notice=told(found.notice), valid_from=found.valid_from,
    )  # fmt: skip


def sentence_for(rule: Rule) -> str:
    """What a rule asks, in the language in use."""
    return WORDS[rule.kind](rule.settings)


def fact_title(name: str) -> str:
    """A fact as the beginning of a line."""
    label = fact_label(name)
    return label[:1].upper() + label[1:]


def _line(rule: Rule) -> RuleLine:
    return RuleLine(
        text=sentence_for(rule), source=rule.source, label=outcome_label(rule.outcome),
        tone=TONES[rule.outcome], own_default=rule.own_default, to_confirm=rule.to_confirm,
    )  # fmt: skip


def _named(settings: Settings, key: str, label: Callable[[str], str]) -> dict[str, str]:
    return {key: ", ".join(label(name) for name in settings[key])}


def _single_copy(settings: Settings) -> str:
    return ngettext(
        "At most %(most)s copy of a part.", "At most %(most)s copies of a part.", int(settings["most"])
    ) % {"most": settings["most"]}


def _share(settings: Settings) -> str:
    if not settings["most_chapters"]:
        return _("At most %(percent)s %% of a work.") % {"percent": settings["most_percent"]}
    return ngettext(
        "At most %(percent)s %% of a work, or %(chapters)s chapter.",
        "At most %(percent)s %% of a work, or %(chapters)s chapters.",
        int(settings["most_chapters"]),
    ) % {"percent": settings["most_percent"], "chapters": settings["most_chapters"]}


def _same_reader(settings: Settings) -> str:
    return ngettext(
        "The same part not twice for the same reader within %(days)s day.",
        "The same part not twice for the same reader within %(days)s days.",
        int(settings["days"]),
    ) % {"days": settings["days"]}


def _related_readers(settings: Settings) -> str:
    return ngettext(
        "The same part for at most %(most)s reader of a library within %(days)s days.",
        "The same part for at most %(most)s readers of a library within %(days)s days.",
        int(settings["most"]),
    ) % {"most": settings["most"], "days": settings["days"]}


WORDS: dict[str, Callable[[Settings], str]] = {
    "purpose": lambda s: _("Only for: %(allowed)s.") % _named(s, "allowed", purpose_label),
    "single_copy": _single_copy,
    "whole_work": lambda s: _("A part, never the whole work."),
    "excluded_kind": lambda s: _("Nothing from: %(kinds)s.") % _named(s, "kinds", kind_label),
    "journal_only": lambda s: _("Single articles only from: %(kinds)s.") % _named(s, "kinds", kind_label),
    "source_cited": lambda s: _("The source can be cited in full."),
    "share": _share,
    "same_reader": _same_reader,
    "related_readers": _related_readers,
    "title_year": lambda s: (
        _(
            "Per title, library and calendar year at most %(most)s copies from the issues of the last %(years)s years."
        )
        % {"most": s["most"], "years": s["issue_years"]}
    ),
    "title_term": lambda s: _("Per work and library at most %(most)s copies ever.") % {"most": s["most"]},
    "same_issue": lambda s: (
        _("Articles of one issue for the same reader: at most %(most)s.") % {"most": s["most"]}
    ),
    "licence": lambda s: _("No licence is on offer for it."),
}
