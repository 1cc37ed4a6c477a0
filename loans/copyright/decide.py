"""The decision: every rule of a set is asked, and the strictest answer counts. Pure; copyright.decisions stores it."""

from __future__ import annotations

from loans.copyright import rules
from loans.copyright.facts import Counters, Decision, Reason, RequestFacts
from loans.copyright.schema import OUTCOMES, RuleSet


def decide(facts: RequestFacts, ruleset: RuleSet, counters: Counters) -> Decision:
    """May this copy be made? All rules are asked, so that the librarian sees every reason at once, strictest first."""
    answers = [rules.apply(rule, facts, counters) for rule in ruleset.rules]
    reasons = sorted(
        (r for r in answers if r is not None), key=lambda reason: -OUTCOMES.index(reason.outcome)
    )
    outcome = reasons[0].outcome if reasons else "allow"
    code = _code(facts, ruleset, outcome)
    return Decision(
        outcome=outcome, reasons=tuple(reasons), code=code, wire_code=ruleset.wire_codes.get(code, "Other"),
        fee=_fee(reasons, outcome), jurisdiction=ruleset.jurisdiction, version=ruleset.version,
    )  # fmt: skip


def _code(facts: RequestFacts, ruleset: RuleSet, outcome: str) -> str:
    """The code that goes with the request: by outcome, or by the age of the issue where the law counts that."""
    years = ruleset.setting("title_year", "issue_years")
    if outcome != "pay" and years:
        recent = (
            facts.genre == "article" and facts.year is not None and facts.asked_on.year - facts.year < years
        )
        return ruleset.codes.get("recent" if recent else "other", "")
    return ruleset.codes.get(outcome, ruleset.codes.get("allow", ""))


def _fee(reasons: list[Reason], outcome: str) -> str:
    if outcome != "pay":
        return ""
    return next((str(reason.args["terms"]) for reason in reasons if reason.args.get("terms")), "")
