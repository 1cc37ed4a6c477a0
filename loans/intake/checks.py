"""Looks at a new request: what a librarian ought to see before it goes out. Nothing here refuses anything."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TypeAlias

from django.utils import timezone

from loans.choices import Genre, Level, RuleOutcome, Service
from loans.citation import Citation, missing_fields
from loans.copyright import decisions
from loans.intake.duplicates import recent_duplicate
from loans.intake.findings import Finding
from loans.models import Request
from loans.selectors.offers import own_copies, places_of, supplying_libraries

USUAL_DAYS = 7  # what readers are told a loan takes
Check: TypeAlias = Callable[[Request, Citation], Finding | None]


def run_checks(request: Request) -> list[Finding]:
    """Every finding about an unsent request, the gravest first. Bounded queries."""
    citation = citation_of_request(request)
    return [finding for check in CHECKS if (finding := check(request, citation)) is not None]


def citation_of_request(request: Request) -> Citation:
    """The citation as it was stored with the request."""
    part = dict(request.part)
    part["part_author"] = part.pop("author", "")
    return Citation.of({**request.citation, **request.identifiers, **part, "genre": request.genre})


def _incomplete(request: Request, citation: Citation) -> Finding | None:
    if request.service == Service.LOAN and request.edition_id is not None:
        return None  # the record says it all, also where it was a part that was wanted first
    missing = missing_fields(citation)
    whole = request.genre not in (Genre.ARTICLE, Genre.CHAPTER) and not (citation.pages or citation.chapter)
    if request.service == Service.COPY and whole and "pages" not in missing:
        missing = [*missing, "pages"]  # nobody copies a whole book
    return Finding("incomplete", {"fields": ", ".join(missing)}) if missing else None


def _duplicate(request: Request, citation: Citation) -> Finding | None:
    earlier = recent_duplicate(request, citation)
    return Finding("duplicate", {"number": earlier.number}) if earlier is not None else None


def _own_copy(request: Request, citation: Citation) -> Finding | None:
    copies = own_copies(request.edition_id, request.requesting_library_id)
    return Finding("own_copy", {"places": "; ".join(places_of(copies))}) if copies else None


def _not_in_catalogue(request: Request, citation: Citation) -> Finding | None:
    return Finding("not_in_catalogue") if request.edition_id is None else None


def _no_lender(request: Request, citation: Citation) -> Finding | None:
    if request.edition_id is None:
        return None
    found = supplying_libraries(request.edition_id, request.requesting_library_id, request.service)
    return None if found else Finding("no_lender")


def _fast(request: Request, citation: Citation) -> Finding | None:
    return Finding("fast") if request.level != Level.NORMAL else None


def _soon(request: Request, citation: Citation) -> Finding | None:
    if request.needed_by is None or request.needed_by > timezone.localdate() + timedelta(days=USUAL_DAYS):
        return None
    return Finding("soon", {"day": request.needed_by.isoformat()})


def _note(request: Request, citation: Citation) -> Finding | None:
    return Finding("note") if request.patron_note else None


def _copyright(request: Request, citation: Citation) -> Finding | None:
    """Whatever the rules do not simply allow is looked at by a person before any library is asked."""
    if request.service != Service.COPY:
        return None
    outcome = decisions.ask(request).decision.outcome
    return None if outcome == RuleOutcome.ALLOW else Finding("copyright", {"outcome": outcome})


CHECKS: tuple[Check, ...] = (
    _incomplete, _duplicate, _own_copy, _copyright, _not_in_catalogue, _no_lender, _fast, _soon, _note,
)  # fmt: skip
