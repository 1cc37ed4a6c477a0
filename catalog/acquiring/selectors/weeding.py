"""Reading weeding checks (of the own library) and offers (of the whole network, for its staff)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count, Min, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone

from catalog.acquiring.choices import Finding, LineState
from catalog.models import Edition, OfferClaim, OfferLine, WeedingCheck, WeedingOffer, WeedingRow
from network_portal.core.actor import Actor
from network_portal.core.models import JobRun

SOON = timedelta(days=7)


def checks_of(actor: Actor) -> QuerySet[WeedingCheck]:
    return (
        WeedingCheck.objects.filter(library_id=actor.library_id or 0)
        .select_related("library")
        .defer("packed")
    )


def rows_of_check(check: WeedingCheck, finding: str = "") -> QuerySet[WeedingRow]:
    rows = WeedingRow.objects.filter(source=check).select_related("edition").defer("edition__display")
    if finding in Finding.values:
        rows = rows.filter(finding=finding)
    return rows.order_by("position")


def findings_of(check: WeedingCheck) -> list[tuple[Finding, int]]:
    """Those that came up, the gravest first."""
    return [(one, check.counts[one.value]) for one in Finding if check.counts.get(one.value)]


def job_of(check: WeedingCheck) -> JobRun | None:
    return JobRun.objects.filter(pk=check.job_id or 0).first()


def offers_shown(actor: Actor, *, whose: str = "", last: bool = False) -> QuerySet[WeedingOffer]:
    """Open offers of the network, those that close first in front; of the own library the closed ones too."""
    rows = WeedingOffer.objects.select_related("library")
    if whose == "own":
        rows = rows.filter(library_id=actor.library_id or 0)
    else:
        rows = rows.filter(closed_at=None)
    if last:
        rows = rows.filter(pk__in=last_untaken().values("offer"))
    counted = rows.annotate(
        titles=Count("lines"), lasts=Count("lines", filter=Q(lines__is_last=True)),
        undecided=Count("lines", filter=Q(lines__state=LineState.OPEN)),
    )  # fmt: skip
    return counted.order_by("closed_at", "closes_on", "pk")


def offers_all() -> QuerySet[WeedingOffer]:
    return WeedingOffer.objects.select_related("library")


def offers_own(actor: Actor) -> QuerySet[WeedingOffer]:
    return offers_all().filter(library_id=actor.library_id or 0)


def lines_of(offer: WeedingOffer, actor: Actor, *, show: str = "", words: str = "") -> QuerySet[OfferLine]:
    """With their claims in order. `show`: last, claimed, untaken, mine."""
    claims = OfferClaim.objects.select_related("library").order_by("pk")
    rows = (
        OfferLine.objects.filter(offer=offer).select_related("edition", "given_to").defer("edition__display")
    )
    for word in words.split():
        rows = rows.filter(Q(edition__title__icontains=word) | Q(edition__author__icontains=word))
    if show == "last":
        rows = rows.filter(is_last=True)
    elif show in ("claimed", "untaken"):
        some = OfferClaim.objects.filter(line=OuterRef("pk")).order_by().values("line")[:1]
        rows = rows.annotate(some=Subquery(some)).filter(some__isnull=show == "untaken")
    elif show == "mine":
        rows = rows.filter(claims__library=actor.library_id or 0)
    rows = rows.prefetch_related(Prefetch("claims", queryset=claims))
    return rows.order_by("-is_last", "edition__title", "pk")


def lines_all() -> QuerySet[OfferLine]:
    return OfferLine.objects.select_related("offer")


def lines_own(actor: Actor) -> QuerySet[OfferLine]:
    return lines_all().filter(offer__library_id=actor.library_id or 0)


def offer_figures(offer: WeedingOffer) -> dict[str, int]:
    return offer.lines.aggregate(
        titles=Count("pk", distinct=True), last=Count("pk", distinct=True, filter=Q(is_last=True)),
        undecided=Count("pk", distinct=True, filter=Q(state=LineState.OPEN)),
        claimed=Count("pk", distinct=True, filter=Q(claims__isnull=False)),
    )  # fmt: skip


def last_untaken() -> QuerySet[OfferLine]:
    """Last copies in open offers that nobody took, and whose offer closes within a week or has closed."""
    until = timezone.localdate() + SOON
    rows = OfferLine.objects.filter(is_last=True, state=LineState.OPEN, offer__closed_at=None)
    return rows.filter(offer__closes_on__lte=until, claims__isnull=True)


def last_about_to_go() -> tuple[int, datetime | None]:
    """For the coordinator's overview: how many, and since when they are offered."""
    found = last_untaken().aggregate(n=Count("pk"), since=Min("offer__created_at"))
    return found["n"], found["since"]


def decisions_waiting(actor: Actor) -> int:
    """Lines of the own library's offers that somebody wants, or whose offer has run out."""
    own = OfferLine.objects.filter(
        offer__library_id=actor.library_id or 0, offer__closed_at=None, state=LineState.OPEN
    )
    asked = Q(claims__isnull=False) | Q(offer__closes_on__lt=timezone.localdate())
    return own.filter(asked).distinct().count()


def offered_line(edition: Edition, library_id: int | None = None) -> OfferLine | None:
    """An open offer of this edition, of the library named or of any."""
    rows = OfferLine.objects.filter(edition=edition, state=LineState.OPEN, offer__closed_at=None)
    rows = rows.filter(offer__library_id=library_id) if library_id else rows
    return rows.select_related("offer__library").order_by("pk").first()


def first_claim(claim: OfferClaim) -> OfferClaim | None:
    """Who asked for the same copy before."""
    earlier = OfferClaim.objects.filter(line=claim.line_id, pk__lt=claim.pk).select_related("library")
    return earlier.order_by("pk").first()
