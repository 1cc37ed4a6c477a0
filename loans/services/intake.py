"""What a library's checks, prices and rules make of a request: when it is new, and when it is among the new ones again.

loans.services.requests asks for a new one; the engine, through hooks.CHECK, after the steps that the table names.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from loans.choices import RequestOrigin, RequestStatus
from loans.intake.checks import run_checks
from loans.intake.findings import Finding
from loans.intake.mediation import mediation_decide
from loans.intake.prices import price_for_reader
from loans.models import Request
from loans.workflow import engine
from loans.workflow.steps import ACTIONS
from network_portal.core.actor import Actor
from network_portal.core.mail import mail_withdraw

# What a librarian has said about a finding is not asked again …
SETTLES = {
    "complete_metadata": "incomplete", "not_duplicate": "duplicate", "not_local": "own_copy",
    "clear_copyright": "copyright",
}  # fmt: skip
# … until the wish itself is another one.
ANEW = ("submit", "fix", "convert", "reopen")


def look_again(request: Request, action: str, version: int, send_after: datetime | None) -> Request:
    """After `action`, whose event has `version`: what the portal does now is taken back together with it."""
    if action == "convert" or request.cost_approved_at is None:
        # What is asked for has changed, or is known only now: so may its price, as long as nobody has agreed to one.
        set_price(request, None)
        request.save(update_fields=["quoted_amount", "currency", "cost_approved_at"])
    return intake_run(request, settled=settled_of(request), after=version, send_after=send_after)


def settled_of(request: Request) -> set[str]:
    """The findings that a librarian has answered since the wish was last written down."""
    done = request.events.filter(undone_by=None).order_by("-version").values_list("action", flat=True)
    settled: set[str] = set()
    for action in done:
        if action in ANEW:
            break
        settled.add(SETTLES.get(action, ""))
    return settled - {""}


def intake_run(
    request: Request,
    *,
    settled: Collection[str] = (),
    after: int | None = None,
    send_after: datetime | None = None,
) -> Request:
    """Look at a new or corrected request: it stays with staff, with what was found, or goes out by rule.

    A price that the reader has not agreed to is asked first, whatever else there is to look at.
    """
    portal = Actor.system(channel="rule")
    if (
        request.quoted_amount
        and request.cost_approved_at is None
        and request.status == RequestStatus.SUBMITTED
    ):
        return engine.transition(
            request, "ask_cost", portal, after=after, send_after=send_after, amount=request.quoted_amount
        )
    findings = [finding for finding in run_checks(request) if finding.code not in settled]
    mediation = mediation_decide(request, findings)
    kept = findings if mediation.auto else _together(findings, mediation.why)
    request.checks = [finding.as_json() for finding in kept]
    request.unmediated = mediation.auto and request.source != RequestOrigin.STAFF
    request.save(update_fields=["checks", "unmediated"])
    if mediation.auto:
        # Nobody has to approve it: the mail that asks for that never goes out.
        mail_withdraw(
            target=request, since_key=f"loan_to_approve:{request.pk}:{request.version}:", actor=portal
        )
        return engine.transition(request, "approve", portal, after=after, send_after=send_after)
    step = next((finding.step for finding in findings if finding.step in ACTIONS), "")
    return engine.transition(request, step, portal, after=after, send_after=send_after) if step else request


def set_price(request: Request, agreed: Decimal | None) -> None:
    """What it would cost the reader, from the terms of today; agreed to, where the page showed so much or more."""
    price = price_for_reader(request)
    if price is None:
        return
    request.quoted_amount, request.currency = price.amount, price.currency
    if agreed is not None and agreed >= price.amount:
        request.cost_approved_at = timezone.now()


def _together(findings: list[Finding], more: tuple[Finding, ...]) -> list[Finding]:
    return [*findings, *(finding for finding in more if finding not in findings)]
