"""Asking the rules about a request, and keeping the answer. Below the workflow: its steps call this."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from loans.choices import RuleOutcome, Service
from loans.copyright import gather
from loans.copyright.counters import count
from loans.copyright.decide import decide
from loans.copyright.facts import Counters, Decision, RequestFacts
from loans.copyright.seed import DEFAULT, current_ruleset, parsed
from loans.models import CopyrightDecision, CopyrightRuleSet, Request, SupplyAttempt
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation


@dataclass(frozen=True)
class Asked:
    """An answer with what it was made of."""

    ruleset: CopyrightRuleSet
    facts: RequestFacts
    counters: Counters
    decision: Decision


def ask(request: Request) -> Asked:
    """What the rules say of a request, also of one not saved yet. Nothing is kept but the rules themselves."""
    jurisdiction = jurisdiction_of(request)
    row = current_ruleset(jurisdiction)
    rules, facts = parsed(row), gather.facts_of(request)
    counters = count(request, rules, jurisdiction=jurisdiction)
    return Asked(row, facts, counters, decide(facts, rules, counters))


@transaction.atomic
def decision_store(
    *, request: Request, actor: Actor, attempt: SupplyAttempt | None = None
) -> CopyrightDecision:
    """Ask the rules of the network's jurisdiction and store the answer with what it was made of.

    A new row each time: facts and counters change, and an old answer stays what it was. Raises RuleViolation
    (not_a_copy, no_copyright_rules).
    """
    if request.service != Service.COPY:
        raise RuleViolation("not_a_copy", _("Copyright rules are asked for copies only."))
    asked = ask(request)
    decision = asked.decision
    stored = CopyrightDecision.objects.create(
        request=request, attempt=attempt, ruleset=asked.ruleset, requesting_library_id=request.requesting_library_id,
        title_key=gather.title_key(request), year=timezone.localdate().year,
        inputs={"facts": asked.facts.as_json(), "part_key": gather.part_key(request),
                "issue_key": gather.issue_key(request), "code": decision.code, "wire_code": decision.wire_code},
        counters=asked.counters.as_json(), outcome=decision.outcome,
        reasons=[reason.as_json() for reason in decision.reasons], by_name=by_name(actor), **_fee(asked),
    )  # fmt: skip
    audit.record("loans.copyright.decided", actor=actor, target=request, data=_told(decision))
    return stored


def licence_fee(asked: Asked) -> tuple[Decimal, str] | None:
    """What one copy costs by the licence that is taken, with its currency; None where nothing is to be paid."""
    offer = asked.counters.licences[0] if asked.counters.licences else None
    if asked.decision.outcome != RuleOutcome.PAY or offer is None or not offer.fee:
        return None
    return Decimal(offer.fee), offer.currency


def _fee(asked: Asked) -> dict[str, Any]:
    fee = licence_fee(asked)
    return {"fee_amount": fee[0], "currency": fee[1]} if fee else {}


def latest_decision(request: Request) -> CopyrightDecision | None:
    return request.copyright_decisions.select_related("ruleset").order_by("-pk").first()


def stands_in_the_way(decision: CopyrightDecision | None) -> str:
    """Why a copy may not go on: undecided, blocked, or "" when nothing stands in its way."""
    if decision is None:
        return "copyright_undecided"
    if decision.outcome == RuleOutcome.BLOCK and not decision.overridden_by_name:
        return "copyright_blocked"
    return ""


def jurisdiction_of(request: Request) -> str:
    return request.network.jurisdiction if request.network else DEFAULT


def by_name(actor: Actor) -> str:
    return _("the portal") if actor.is_system else actor.user_name[:200]


def _told(decision: Decision) -> dict[str, str]:
    return {
        "outcome": decision.outcome,
        "rules": ", ".join(reason.rule for reason in decision.reasons) or "–",
        "version": f"{decision.jurisdiction}/{decision.version}",
    }
