"""A reader completes what their library asked about, or agrees to a price; the request is then looked at anew."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from catalog.models import Edition
from loans.choices import Genre
from loans.citation import LONGEST, Citation
from loans.intake.resolve import resolve
from loans.models import Request
from loans.services.intake import look_again
from loans.services.requests import citation_of
from loans.workflow import engine
from network_portal.core.actor import Actor


@transaction.atomic
def request_fix(*, request: Request, citation: Citation, actor: Actor, version: int | None = None) -> Request:
    """Take the completed description over and send the request back to the library's checks and rules.

    Raises what engine.transition raises: Conflict (somebody was faster), PermissionDenied.
    """
    edition = request.edition or resolve(citation)
    values: dict[str, Any] = dict(citation.as_json())
    taken = engine.transition(request, "fix", actor, version=version, check=False, **values)
    _describe(taken, citation, edition)
    return look_again(taken, "fix", taken.version, None)


@transaction.atomic
def reader_step(
    *, request: Request, action: str, actor: Actor, version: int | None = None, note: str = ""
) -> Request:
    """A step that asks the reader for a yes, or a few words. Raises what engine.transition raises."""
    values: dict[str, Any] = {"note": note} if note else {}
    return engine.transition(request, action, actor, version=version, **values)


def _describe(request: Request, citation: Citation, edition: Edition | None) -> None:
    whole = edition is not None and citation.genre not in (Genre.ARTICLE, Genre.CHAPTER)
    request.edition = edition
    request.title = (edition.full_title if edition is not None and whole else citation.wanted)[:LONGEST]
    request.citation = {
        **(citation_of(edition) if edition is not None else {}),
        **({} if whole else citation.as_json()),
    }
    request.identifiers, request.part, request.part_key = citation.numbers, citation.part, citation.part_key
    request.save(update_fields=["edition", "title", "citation", "identifiers", "part", "part_key"])
