"""What each kind of rule asks. A rule answers None when it is met, or the reason why not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from loans.copyright.facts import Counters, Reason, RequestFacts
from loans.copyright.schema import Rule

Check = Callable[[Rule, RequestFacts, Counters], "Reason | None"]


def apply(rule: Rule, facts: RequestFacts, counters: Counters) -> Reason | None:
    return CHECKS[rule.kind](rule, facts, counters)


def _not_met(rule: Rule, **args: Any) -> Reason:
    return Reason(rule.code, rule.kind, rule.outcome, rule.source, args, own_default=rule.own_default,
                  to_confirm=rule.to_confirm)  # fmt: skip


def _unknown(rule: Rule, *missing: str) -> Reason | None:
    """A fact is missing: the rule's own answer to that, `allow` meaning that nobody is troubled with it."""
    if rule.unknown == "allow":
        return None
    return Reason(rule.code, rule.kind, rule.unknown, rule.source, {"missing": list(missing)}, unknown=True,
                  own_default=rule.own_default, to_confirm=rule.to_confirm)  # fmt: skip


def _purpose(rule: Rule, facts: RequestFacts, counters: Counters) -> Reason | None:
    if not facts.purpose:
        return _unknown(rule, "purpose")
    if facts.purpose in rule.settings["allowed"]:
        return None
    return _not_met(rule, purpose=facts.purpose)


def _single_copy(rule: Rule, facts: RequestFacts, counters: Counters) -> Reason | None:
    most = int(rule.settings["most"])
    return _not_met(rule, copies=facts.copies, most=most) if facts.copies > most else None


def _whole_work(rule: Rule, facts: RequestFacts, counters: Counters) -> Reason | None:
    """All of it, whether it is said so or the pages asked for are all the pages there are."""
    all_pages = bool(facts.pages and facts.pages_of_work and facts.pages >= facts.pages_of_work)
    return _not_met(rule) if facts.whole or all_pages else None


def _excluded_kind(rule: Rule, facts: RequestFacts, counters: Counters) -> Reason | None:
    return _not_met(rule, kind=facts.kind) if facts.kind in rule.settings["kinds"] else None


def _journal_only(rule: Rule, facts: RequestFacts, counters: Counters) -> Reason | None:
    """Of periodicals, only those kinds whose single articles the law frees."""
    if facts.genre != "article":
        return None
    if not facts.kind:
        return _unknown(rule, "kind")
    return None if facts.kind in rule.settings["kinds"] else _not_met(rule, kind=facts.kind)


def _source_cited(rule: Rule, facts: RequestFacts, counters: Counters) -> Reason | None:
    """The source must be nameable. A part has its container's title beside its own."""
    missing = [name for name in rule.settings["fields"] if not getattr(facts, name, None)]
    if facts.genre in ("article", "chapter") and not facts.container:
        missing.append("container")
    return _not_met(rule, missing=missing) if missing else None


def _share(rule: Rule, facts: RequestFacts, counters: Counters) -> Reason | None:
    """Of a book: so many per cent of the pages, or so many chapters. Articles are whole works of their own."""
    if facts.genre == "article" or facts.whole:
        return None
    percent, chapters = float(rule.settings["most_percent"]), int(rule.settings["most_chapters"])
    if chapters and facts.chapters is not None and facts.chapters <= chapters:
        return None
    if chapters and facts.genre == "chapter" and facts.chapters is None and not facts.pages:
        return _unknown(rule, "chapters")
    if not facts.pages or not facts.pages_of_work:
        return _unknown(rule, *[name for name in ("pages", "pages_of_work") if not getattr(facts, name)])
    asked = 100 * facts.pages / facts.pages_of_work
    return _not_met(rule, percent=round(asked, 1), most=percent) if asked > percent else None


def _same_reader(rule: Rule, facts: RequestFacts, counters: Counters) -> Reason | None:
    return _not_met(rule, days=rule.settings["days"]) if counters.same_reader else None


def _related_readers(rule: Rule, facts: RequestFacts, counters: Counters) -> Reason | None:
    """A class that orders the same part one by one makes many copies of it, not many single ones."""
    others, most = counters.related_readers, int(rule.settings["most"])
    return _not_met(rule, readers=others + 1, days=rule.settings["days"]) if others >= most else None


def _title_year(rule: Rule, facts: RequestFacts, counters: Counters) -> Reason | None:
    """Only issues younger than so many years are counted, per title, library and calendar year."""
    if facts.genre != "article":
        return None
    if facts.year is None:
        return _unknown(rule, "year")
    if facts.asked_on.year - facts.year >= int(rule.settings["issue_years"]):
        return None
    most = int(rule.settings["most"])
    return _not_met(rule, count=counters.title_year + 1, most=most) if counters.title_year >= most else None


def _title_term(rule: Rule, facts: RequestFacts, counters: Counters) -> Reason | None:
    if facts.genre == "article":
        return None
    most = int(rule.settings["most"])
    return _not_met(rule, count=counters.title_term + 1, most=most) if counters.title_term >= most else None


def _same_issue(rule: Rule, facts: RequestFacts, counters: Counters) -> Reason | None:
    """So many articles of one issue for one reader."""
    most = int(rule.settings["most"])
    if facts.genre != "article" or counters.same_issue < most:
        return None
    return _not_met(rule, count=counters.same_issue + 1, most=most)


def _licence(rule: Rule, facts: RequestFacts, counters: Counters) -> Reason | None:
    """Where a licence is on offer, it is taken instead of the exception."""
    if not counters.licences:
        return None
    offer = counters.licences[0]
    return _not_met(rule, holder=offer.holder, terms=offer.terms, url=offer.url)


CHECKS: dict[str, Check] = {
    "purpose": _purpose,
    "single_copy": _single_copy,
    "whole_work": _whole_work,
    "excluded_kind": _excluded_kind,
    "journal_only": _journal_only,
    "source_cited": _source_cited,
    "share": _share,
    "same_reader": _same_reader,
    "related_readers": _related_readers,
    "title_year": _title_year,
    "title_term": _title_term,
    "same_issue": _same_issue,
    "licence": _licence,
}
