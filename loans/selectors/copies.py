"""Reading copies: what the scanning, the checking library and the reader may see of them."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from loans.choices import AttemptStatus, RequestStatus, Service
from loans.models import CopyrightDecision, Request, ScanFile, SupplyAttempt
from members.permissions import Capability
from network_portal.core.actor import Actor

# While the borrowing library judges the scan; after that only the reader opens it.
TO_CHECK = (RequestStatus.FILE_RECEIVED, RequestStatus.RESEND_ASKED)


def access_scanning(actor: Actor, request: Request) -> SupplyAttempt:
    """The attempt this actor's library scans for now; 404 for everybody else, and once it is handed over."""
    attempt = (
        request.attempts.filter(status=AttemptStatus.SCANNING, supplier_id=actor.library_id)
        .select_related("supplier")
        .first()
    )
    if attempt is None or request.service != Service.COPY or not actor.can(Capability.SUPPLY_MANAGE):
        raise Http404
    return attempt


def access_file(actor: Actor, request: Request, pk: int) -> ScanFile:
    """A file for a look at the scan: its own library while it scans, the borrowing one while it checks; else 404."""
    file = files_seen_by(actor, request).filter(pk=pk).first()
    if file is None:
        raise Http404
    return file


def files_seen_by(actor: Actor, request: Request) -> QuerySet[ScanFile]:
    """The files whose content this actor may open now. A coordinator opens none."""
    rows = here_of(ScanFile.objects.filter(attempt__request=request))
    if checks_copy(actor, request):
        return rows.filter(attempt__status__in=(AttemptStatus.UPLOADED, AttemptStatus.SCANNING))
    if actor.can(Capability.SUPPLY_MANAGE):
        return rows.filter(attempt__supplier_id=actor.library_id, attempt__status=AttemptStatus.SCANNING)
    return rows.none()


def checks_copy(actor: Actor, request: Request) -> bool:
    mine = actor.library_id == request.requesting_library_id and actor.can(Capability.REQUEST_MANAGE)
    return mine and request.status in TO_CHECK


def files_of_attempt(attempt: SupplyAttempt) -> QuerySet[ScanFile]:
    """The scans that stand in the copy now, in order; what the portal made of them is left out."""
    return here_of(ScanFile.objects.filter(attempt=attempt, is_cover=False, is_bound=False))


def files_for_reader(attempt: SupplyAttempt) -> list[ScanFile]:
    """One PDF with its cover; where the scans could not be bound, the cover and each scan."""
    rows = list(here_of(ScanFile.objects.filter(attempt=attempt)))
    return [file for file in rows if file.is_bound] or rows


def here_of(rows: QuerySet[ScanFile]) -> QuerySet[ScanFile]:
    return rows.filter(superseded=False, purged_at=None).exclude(file="").order_by("position", "pk")


def decisions_of(request: Request) -> QuerySet[CopyrightDecision]:
    """Newest first."""
    return request.copyright_decisions.select_related("ruleset").order_by("-pk")


def may_decide(actor: Actor, request: Request) -> bool:
    """Ask the rules again: the library that answers for the copy, and whoever runs the network."""
    return actor.can(Capability.NETWORK_MANAGE) or (
        actor.library_id == request.requesting_library_id and actor.can(Capability.REQUEST_MANAGE)
    )
