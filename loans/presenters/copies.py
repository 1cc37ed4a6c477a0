"""Pages and sections about copies: the scans, the copyright decisions, the reader's link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from loans import texts
from loans.choices import AttemptStatus, DeliveryState, Service
from loans.copyright.decisions import latest_decision, stands_in_the_way
from loans.copyright.describe import TONES, known_lines, meaning_of, outcome_label, page_of
from loans.copyright.explain import sentence_of
from loans.copyright.facts import Reason
from loans.copyright.seed import parsed
from loans.delivery.covers import source_of
from loans.delivery.links import token_for
from loans.models import CopyrightDecision, Delivery, Request, ScanFile, SupplyAttempt
from loans.netsettings import FILES
from loans.selectors.copies import decisions_of, files_of_attempt, files_seen_by, may_decide
from loans.services.addressing import ends_seen
from loans.services.delivery import link_refusal, opens_for_reader
from members.permissions import Capability
from network_portal.core.actor import Actor


@dataclass(frozen=True)
class FileLine:
    name: str
    facts: str  # "3 pages, 2.1 MB"
    url: str  # "" where its content is not this person's to see
    remove_url: str = ""


@dataclass(frozen=True)
class DecisionLine:
    at: datetime
    by: str
    label: str
    tone: str
    rules: str  # name and version of the set
    reasons: list[tuple[str, Reason]]  # each with its sentence
    overridden_by: str
    override_reason: str
    meaning: str
    known: list[tuple[str, Any]]  # what it was made of: the facts, and what was counted before


@dataclass(frozen=True)
class ScanPage:
    request: Request
    attempt: SupplyAttempt
    source: str
    for_library: str
    files: list[FileLine]
    part_size: int
    most_mb: int
    most_files: int
    decision: DecisionLine | None
    in_the_way: str  # why the copy may not be handed over; "" when it may


@dataclass(frozen=True)
class CopyrightPage:
    request: Request
    source: str
    decisions: list[DecisionLine]
    may_decide: bool
    may_override: bool
    lawyer: str


@dataclass(frozen=True)
class LinkPage:
    delivery: Delivery
    title: str
    source: str
    open: bool
    views_left: int
    refused: str


def scan_page(request: Request, attempt: SupplyAttempt, actor: Actor) -> ScanPage:
    decision = latest_decision(request)
    return ScanPage(
        request=request, attempt=attempt, source=source_of(request),
        for_library=ends_seen(request, attempt, attempt.supplier_id).borrower.name,
        files=[_file_line(request, file, removable=True) for file in files_of_attempt(attempt)],
        part_size=settings.COPY_CHUNK, most_mb=settings.COPY_MAX_BYTES // 1024**2, most_files=FILES.now(),
        decision=_decision_line(decision) if decision else None, in_the_way=stands_in_the_way(decision),
    )  # fmt: skip


def _file_line(request: Request, file: ScanFile, *, removable: bool = False) -> FileLine:
    there = [request.number, file.pk]
    return FileLine(
        name=_file_name(file),
        facts=_("%(pages)s pp., %(size)s") % {"pages": file.pages or 1, "size": filesizeformat(file.size)},
        url=reverse("loans:copy_file", args=there),
        remove_url=reverse("loans:copy_remove", args=there) if removable else "",
    )


def _file_name(file: ScanFile) -> str:
    if file.is_bound:
        return _("The whole copy with its cover page, as the reader gets it")
    return _("Cover page") if file.is_cover else file.name


def copyright_page(request: Request, actor: Actor) -> CopyrightPage:
    decisions = list(decisions_of(request))
    blocked = stands_in_the_way(decisions[0] if decisions else None) == "copyright_blocked"
    tried: list[SupplyAttempt] = getattr(request, "shown_attempts", [])
    named = not tried or ends_seen(request, tried[-1], actor.library_id).hides is None
    told = page_of(parsed(decisions[0].ruleset), get_language() or "id") if decisions else None
    return CopyrightPage(
        request=request, source=source_of(request), decisions=[_decision_line(row, named=named) for row in decisions],
        may_decide=may_decide(actor, request), lawyer=told.lawyer if told else "",
        may_override=blocked and may_decide(actor, request) and actor.can(Capability.COPY_OVERRIDE),
    )  # fmt: skip


def _decision_line(row: CopyrightDecision, *, named: bool = True) -> DecisionLine:
    """Without names where the two libraries do not know each other: either's people may have decided."""
    reasons = [_reason(raw) for raw in row.reasons]
    return DecisionLine(
        at=row.at, by=row.by_name if named else "", label=outcome_label(row.outcome), tone=TONES[row.outcome],
        rules=_("%(name)s, version %(version)s") % {"name": _set_name(row), "version": row.ruleset.version},
        meaning=meaning_of(row.outcome), known=known_lines(row.inputs.get("facts", {}), row.counters),
        overridden_by=row.overridden_by_name if named or not row.overridden_by_name else _("the library"),
        reasons=[(sentence_of(reason), reason) for reason in reasons],
        override_reason=row.override_reason,
    )  # fmt: skip


def _set_name(row: CopyrightDecision) -> str:
    names = row.ruleset.rules.get("name", {})
    return str(names.get(get_language() or "id") or row.ruleset.name)


def _reason(raw: dict[str, Any]) -> Reason:
    """A stored reason; fields that a later release adds have their defaults."""
    return Reason(
        rule=raw.get("rule", ""), kind=raw.get("kind", ""), outcome=raw.get("outcome", "warn"),
        source=raw.get("source", ""), args=raw.get("args", {}), unknown=bool(raw.get("unknown")),
        own_default=bool(raw.get("own_default")), to_confirm=bool(raw.get("to_confirm")),
    )  # fmt: skip


def link_page(delivery: Delivery) -> LinkPage:
    refused = link_refusal(delivery)
    return LinkPage(
        delivery=delivery, title=delivery.request.title, source=source_of(delivery.request), open=not refused,
        views_left=delivery.max_views - delivery.views, refused=refused,
    )  # fmt: skip


@dataclass(frozen=True)
class CopySection:
    """The part of the staff's page of a request that speaks of its copy."""

    files: list[FileLine]
    facts: list[tuple[str, Any]]
    decision: DecisionLine | None
    copyright_url: str
    scan_url: str = ""
    open_url: str = ""  # at the desk, for a reader without an account


def copy_section(request: Request, actor: Actor) -> CopySection | None:
    """None for a loan. A supplier and a coordinator learn that the copy was delivered, never what was read."""
    if request.service != Service.COPY:
        return None
    attempt = request.attempts.filter(status=AttemptStatus.SCANNING, supplier_id=actor.library_id).first()
    scans = attempt is not None and actor.can(Capability.SUPPLY_MANAGE)
    decision = latest_decision(request)
    return CopySection(
        files=[_file_line(request, file) for file in files_seen_by(actor, request)],
        facts=_delivered(request), decision=_decision_line(decision) if decision else None,
        copyright_url=reverse("loans:copy_copyright", args=[request.number]),
        scan_url=reverse("loans:copy_scan", args=[request.number]) if scans else "",
        open_url=reader_link(request) if opens_for_reader(request, actor) else "",
    )  # fmt: skip


def _delivered(request: Request) -> list[tuple[str, Any]]:
    """Where the delivery stands. An expired, a used-up and an untouched link look the same from outside."""
    delivery = request.deliveries.order_by("-pk").first()
    if delivery is None:
        return []
    private = (DeliveryState.AVAILABLE, DeliveryState.USED_UP, DeliveryState.EXPIRED)
    state = _("Delivered") if delivery.state in private else DeliveryState(delivery.state).label
    zone = request.requesting_library.time_zone
    return [
        (_("The copy"), state),
        (_("Delivered on"), texts.day(delivery.released_at, zone)),
        (_("Deleted on"), texts.day(delivery.purged_at, zone)),
    ]


def reader_link(request: Request) -> str:
    """The address of the reader's copy, while there is one to open; "" otherwise."""
    delivery = request.deliveries.filter(purged_at=None).order_by("-pk").first()
    if delivery is None or link_refusal(delivery):
        return ""
    return reverse("loans:copy_link", args=[token_for(delivery.attempt_id)])
