"""Has this reader asked for the same before? The same edition and part, or the same words where no edition is known."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from loans.choices import WAITED_FOR, Outcome
from loans.citation import Citation, folded
from loans.models import Request

LATELY = timedelta(days=30)  # so soon after the end, asking again is worth a look


def open_duplicate(
    patron_id: int | None, key: str, edition_id: int | None, citation: Citation
) -> Request | None:
    """The unfinished request for the same, if there is one."""
    return _same(_asked_by(patron_id, key).filter(status__in=WAITED_FOR), edition_id, citation)


def recent_duplicate(request: Request, citation: Citation) -> Request | None:
    """A filled request of the same reader for the same, finished lately."""
    since = timezone.now() - LATELY
    mine = _asked_by(request.patron_id, request.patron_key)
    rows = mine.filter(outcome=Outcome.FILLED, closed_at__gte=since)
    return _same(rows.exclude(pk=request.pk), request.edition_id, citation)


def _asked_by(patron_id: int | None, key: str) -> QuerySet[Request]:
    """By the account; without one, by the key of the name that the desk wrote down."""
    return Request.objects.filter(patron_id=patron_id) if patron_id else Request.objects.filter(
        patron_id=None, patron_key=key or None
    )  # fmt: skip


def _same(rows: QuerySet[Request], edition_id: int | None, citation: Citation) -> Request | None:
    rows = rows.filter(part_key=citation.part_key).order_by("-id")
    if edition_id is not None:
        return rows.filter(edition_id=edition_id).first()
    wanted = folded(citation.wanted)
    return next((row for row in rows.filter(edition=None)[:200] if folded(row.title) == wanted), None)
