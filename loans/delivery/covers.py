"""The cover page of a copy as a file beside its scans, made when the supplier hands the copy over."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from loans.choices import FileCheck, FileKind
from loans.copyright.schema import RuleSet
from loans.copyright.seed import parsed
from loans.delivery import store
from loans.delivery.cover import CoverText, cover_pdf
from loans.models import CopyrightDecision, Request, ScanFile, SupplyAttempt

COVER = "cover.pdf"


def cover_make(request: Request, attempt: SupplyAttempt, decision: CopyrightDecision) -> ScanFile:
    """Write the page in the reader's language; one made before is replaced."""
    language = request.patron.language if request.patron else "id"
    with translation.override(language):
        content = cover_pdf(cover_text(request, attempt, parsed(decision.ruleset), language))
    for old in ScanFile.objects.filter(attempt=attempt, is_cover=True):
        store.remove(old.file.name or "")
        old.delete()
    return ScanFile.objects.create(
        attempt=attempt, position=0, name=COVER, kind=FileKind.PDF, size=len(content), pages=1, is_cover=True,
        sha256=sha256(content).hexdigest(), check_state=FileCheck.OK, file=store.put(content),
    )  # fmt: skip


def cover_text(request: Request, attempt: SupplyAttempt, rules: RuleSet, language: str) -> CoverText:
    """The source as it is to be cited, who copied for whom, and the notice of the rules. The reader is not named."""
    home = request.requesting_library
    return CoverText(
        heading=_("Copy for a reader of %(library)s") % {"library": home.name},
        source=source_of(request),
        rows=[
            (_("Supplied by"), f"{attempt.supplier.name}, {attempt.supplier.city}"),
            (_("Request"), request.number),
            (_("Made on"), date_format(timezone.localdate(), "j F Y")),
        ],
        notice=rules.notice.get(language) or rules.notice["en"],
    )


def source_of(request: Request) -> str:
    """Author: title. In: container, volume (issue), year, pages."""
    part, citation = request.part, request.citation
    author = _text(part.get("author") or citation.get("author"))
    own = _text(part.get("chapter")) or request.title
    container = _text(part.get("container")) or (request.title if part.get("chapter") else "")
    volume, issue = _text(part.get("volume")), _text(part.get("issue"))
    numbered = f"{volume} ({issue})" if volume and issue else volume or issue
    pages = _("pp. %(pages)s") % {"pages": part["pages"]} if part.get("pages") else ""
    year = _text(part.get("year") or citation.get("year"))
    place = ", ".join(filter(None, (container, numbered, _text(citation.get("publisher")), year, pages)))
    head = f"{author}: {own}" if author else own
    if not place:
        return f"{head}."
    return (
        _("%(head)s. In: %(place)s.") % {"head": head, "place": place} if container else f"{head}. {place}."
    )


def _text(value: Any) -> str:
    return str(value).strip() if value not in (None, "") else ""
