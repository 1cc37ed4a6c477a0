"""Copies offered before they are weeded: the first library to say "we take it" comes first, the owner decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.acquiring.choices import OFFERABLE, CheckState, Finding, LineState
from catalog.acquiring.services.keeping import promise_write
from catalog.models import OfferClaim, OfferLine, WeedingCheck, WeedingOffer, WeedingRow
from members.models import Library
from members.permissions import Capability, require
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import Conflict, RuleViolation

MOST_LINES = 5000
SHORTEST = timedelta(days=7)  # others need time to look
LONGEST = timedelta(days=365)
SAY_WEEDED = (LineState.WEEDED, LineState.KEPT)


@transaction.atomic
def offer_make(
    *,
    check: WeedingCheck,
    closes_on: date,
    note: str,
    actor: Actor,
    rows: Sequence[int] = (),
    finding: str = "",
) -> WeedingOffer:
    """Offer the editions of these rows, or of all with a finding; promised ones never.

    RuleViolation: not_done, closes, nothing, too_many. What the library offers already is left out.
    """
    require(actor, Capability.ACQUIRE)
    today = timezone.localdate()
    row = WeedingCheck.objects.select_for_update(of=("self",)).get(pk=check.pk)
    if row.state != CheckState.DONE:
        raise RuleViolation("not_done", _("The list has not been read yet."))
    if not today + SHORTEST <= closes_on <= today + LONGEST:
        raise RuleViolation("closes", _("Leave the others between a week and a year to answer."))
    chosen = WeedingRow.objects.filter(source=row, finding__in=OFFERABLE, edition__isnull=False)
    chosen = chosen.filter(pk__in=rows) if rows else chosen.filter(finding=finding)
    offered = OfferLine.objects.filter(
        offer__library_id=row.library_id, offer__closed_at=None, state=LineState.OPEN
    ).values("edition")
    editions = {
        edition: found == Finding.LAST_NETWORK
        for edition, found in chosen.exclude(edition__in=offered).values_list("edition", "finding")
    }
    if not editions:
        raise RuleViolation("nothing", _("Nothing new to offer was chosen."))
    if len(editions) > MOST_LINES:
        raise RuleViolation("too_many", _("An offer holds 5,000 titles at most. Choose fewer."))
    offer = WeedingOffer.objects.create(
        library_id=row.library_id, source=row, name=row.name, note=note[:500], closes_on=closes_on
    )
    OfferLine.objects.bulk_create(
        OfferLine(offer=offer, edition_id=edition, is_last=last) for edition, last in editions.items()
    )
    audit.record(
        "catalog.offer.made", actor=actor, target=offer,
        data={"titles": len(editions), "last": sum(editions.values()), "until": closes_on.isoformat()},
    )  # fmt: skip
    return offer


@transaction.atomic
def line_claim(*, line: OfferLine, actor: Actor) -> OfferClaim:
    """Say "we take it"; saying it twice is saying it once. Conflict (decided), RuleViolation (over, own)."""
    require(actor, Capability.ACQUIRE)
    row = _locked(line)
    if row.offer.library_id == actor.library_id:
        raise RuleViolation("own", _("This is your own offer."))
    if not Library.objects.filter(pk=actor.library_id or 0).exists():
        raise RuleViolation("no_library", _("Choose the library you work for first."))
    claim = OfferClaim.objects.filter(line=row, library_id=actor.library_id or 0).first()
    if claim is not None:
        return claim
    if row.state != LineState.OPEN:
        raise Conflict("decided", _("The library has decided about this copy already."))
    if not row.offer.takes_claims:
        raise RuleViolation("over", _("This offer is closed."))
    claim = OfferClaim.objects.create(line=row, library_id=actor.library_id or 0)
    audit.record("catalog.offer.claimed", actor=actor, target=row.offer, data={"title": row.edition.title})
    return claim


@transaction.atomic
def claim_withdraw(*, line: OfferLine, actor: Actor) -> None:
    """Take "we take it" back; the next library moves up. Conflict (decided) once the copy is given."""
    require(actor, Capability.ACQUIRE)
    row = _locked(line)
    claims = OfferClaim.objects.filter(line=row, library_id=actor.library_id or 0)
    if not claims.exists():
        return
    if row.state != LineState.OPEN:
        raise Conflict("decided", _("The library has decided about this copy already."))
    claims.delete()
    audit.record("catalog.offer.unclaimed", actor=actor, target=row.offer, data={"title": row.edition.title})


@transaction.atomic
def line_decide(*, line: OfferLine, state: str, actor: Actor, to: int | None = None) -> OfferLine:
    """The offering library gives a copy (to the first who asked, unless it names another), keeps or weeds it.

    A kept last copy becomes a promise. RuleViolation: state_unknown, nobody, not_claimed, still_open;
    Conflict (decided) if it was decided otherwise meanwhile.
    """
    require(actor, Capability.ACQUIRE)
    row = _locked(line)
    if row.state == state and (state != LineState.GIVEN or to in (None, row.given_to_id)):
        return row
    if row.state != LineState.OPEN:
        raise Conflict("decided", _("The library has decided about this copy already."))
    if state == LineState.GIVEN:
        row.given_to_id = _taker(row, to)
    elif state not in SAY_WEEDED:
        raise RuleViolation("state_unknown", _("Choose what becomes of the copy."))
    elif state == LineState.WEEDED and row.is_last and row.offer.takes_claims:
        raise RuleViolation("still_open", _("A last copy stays offered until the offer closes."))
    row.state, row.decided_at = state, timezone.now()
    row.save(update_fields=["state", "given_to", "decided_at"])
    if state == LineState.KEPT and row.is_last:
        promise_write(edition=row.edition, until=None, note="", actor=actor)
    audit.record(
        f"catalog.offer.{state}", actor=actor, target=row.offer,
        data={"title": row.edition.title, "to": str(row.given_to or "–")},
    )  # fmt: skip
    return row


@transaction.atomic
def line_reopen(*, line: OfferLine, actor: Actor) -> OfferLine:
    """Take a mistaken decision back while the offer is not closed. Conflict (closed) afterwards."""
    require(actor, Capability.ACQUIRE)
    row = _locked(line)
    if row.offer.closed_at is not None:
        raise Conflict("closed", _("This offer is closed."))
    if row.state != LineState.OPEN:
        row.state, row.given_to, row.decided_at = LineState.OPEN, None, None
        row.save(update_fields=["state", "given_to", "decided_at"])
        audit.record(
            "catalog.offer.reopened", actor=actor, target=row.offer, data={"title": row.edition.title}
        )
    return row


@transaction.atomic
def offer_close(*, offer: WeedingOffer, actor: Actor) -> WeedingOffer:
    """End an offer. RuleViolation (undecided) while a library waits for an answer, or a last copy for a decision."""
    require(actor, Capability.ACQUIRE)
    row = WeedingOffer.objects.select_for_update().get(pk=offer.pk)
    if row.closed_at is not None:
        return row
    open_lines = row.lines.filter(state=LineState.OPEN)
    if open_lines.filter(claims__isnull=False).exists() or open_lines.filter(is_last=True).exists():
        raise RuleViolation(
            "undecided", _("Decide first about last copies, and about those that another library wants.")
        )
    now = timezone.now()
    weeded = open_lines.update(state=LineState.WEEDED, decided_at=now)
    row.closed_at = now
    row.save(update_fields=["closed_at"])
    audit.record("catalog.offer.closed", actor=actor, target=row, data={"weeded": weeded})
    return row


def _locked(line: OfferLine) -> OfferLine:
    rows = OfferLine.objects.select_for_update(of=("self",)).select_related(
        "offer__library", "edition", "given_to"
    )
    return rows.get(pk=line.pk)


def _taker(row: OfferLine, to: int | None) -> int:
    claims = list(OfferClaim.objects.filter(line=row).order_by("pk").values_list("library", flat=True))
    if not claims:
        raise RuleViolation("nobody", _("No library has asked for this copy."))
    if to is not None and to not in claims:
        raise RuleViolation("not_claimed", _("This library has not asked for the copy."))
    return to or claims[0]
