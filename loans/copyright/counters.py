"""Counting what was supplied before, from the decisions stored with it. A request still on its way counts too."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from loans.choices import LicenceKind, RequestStatus
from loans.copyright import gather
from loans.copyright.facts import Counters, Licence
from loans.copyright.identifiers import tidy_identifier
from loans.copyright.schema import RuleSet
from loans.models import CopyrightDecision, LicenceOffer, Request

# From the promise on a copy counts: two promised at once must not both be the fifth.
COUNTED = (
    RequestStatus.SCANNING, RequestStatus.FILE_RECEIVED, RequestStatus.RESEND_ASKED, RequestStatus.RELEASED,
    RequestStatus.DOWNLOADED, RequestStatus.PURGED,
)  # fmt: skip


def count(request: Request, ruleset: RuleSet, *, jurisdiction: str) -> Counters:
    """Each number by the windows of the rules; this request itself is left out."""
    today = timezone.now()
    of_title = CopyrightDecision.objects.filter(
        requesting_library_id=request.requesting_library_id, title_key=gather.title_key(request),
        request__status__in=COUNTED,
    ).exclude(request_id=request.pk)  # fmt: skip
    same_part = of_title.filter(inputs__part_key=gather.part_key(request))
    mine, others = _of_reader(request), _of_others(request)
    recent_year = today.year - ruleset.setting("title_year", "issue_years", 5) + 1
    return Counters(
        same_reader=_requests(same_part.filter(mine, at__gte=_back(today, ruleset.setting("same_reader", "days")))),
        related_readers=same_part.filter(others, at__gte=_back(today, ruleset.setting("related_readers", "days")))
        .values("request__patron_id", "request__patron_key").distinct().count(),
        title_year=_requests(of_title.filter(year=today.year, inputs__facts__year__gte=recent_year)),
        title_term=_requests(of_title),
        same_issue=_requests(of_title.filter(mine, inputs__issue_key=gather.issue_key(request))),
        licences=licences_for(request, jurisdiction),
    )  # fmt: skip


def _back(now: Any, days: int) -> Any:
    return now - timedelta(days=days)


def _requests(rows: QuerySet[CopyrightDecision]) -> int:
    return rows.values("request_id").distinct().count()


def _of_reader(request: Request) -> Q:
    """The same person, also where their name has been taken out of the history since."""
    mine = Q(request__patron_id=request.patron_id) if request.patron_id else Q(pk=None)
    return mine | Q(request__patron_key=request.patron_key) if request.patron_key else mine


def _of_others(request: Request) -> Q:
    return ~_of_reader(request)


def licences_for(request: Request, jurisdiction: str) -> tuple[Licence, ...]:
    """What is on offer today for one of the request's identifiers, its title or publisher."""
    today = timezone.localdate()
    part, citation = request.part, request.citation
    wanted = Q(kind=LicenceKind.TITLE, identifier__iexact=str(part.get("container") or request.title)[:200])
    for kind, value in ((LicenceKind.ISSN, request.identifiers.get("issn")),
                        (LicenceKind.ISBN, request.identifiers.get("isbn") or citation.get("isbn")),
                        (LicenceKind.PUBLISHER, citation.get("publisher"))):  # fmt: skip
        for one in value if isinstance(value, list) else [value]:
            if one:
                wanted |= Q(kind=kind, identifier__iexact=tidy_identifier(kind, str(one)))
    rows = LicenceOffer.objects.filter(wanted, jurisdiction=jurisdiction).filter(
        Q(valid_from=None) | Q(valid_from__lte=today), Q(valid_until=None) | Q(valid_until__gte=today)
    )
    return tuple(
        Licence(row.holder, row.terms, row.url, _fee(row), row.fee_currency if row.fee_amount else "")
        for row in rows
    )


def _fee(row: LicenceOffer) -> str:
    """As text, since counters are stored with the decision; "" where only the terms say what it costs."""
    return str(row.fee_amount) if row.fee_amount else ""
