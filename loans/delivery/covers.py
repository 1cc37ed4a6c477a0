"""What the reader gets of a copy, made when the supplier hands it over: the cover and all scans in one PDF.

Where the scans can't be bound (too large together, or an image no PDF holds as it is) the cover is a file beside them.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from loans.choices import FileCheck, FileKind
from loans.copyright.schema import RuleSet
from loans.copyright.seed import parsed
from loans.delivery import store
from loans.delivery.binding import bind
from loans.delivery.cover import CoverText, cover_pdf
from loans.delivery.picture import NotBindable
from loans.delivery.upload import scans_of
from loans.models import CopyrightDecision, Request, ScanFile, SupplyAttempt
from loans.services.addressing import ends_seen

COVER = "cover.pdf"


def copy_make(request: Request, attempt: SupplyAttempt, decision: CopyrightDecision) -> ScanFile:
    """Bind the copy, in the reader's language; one made before is replaced. Raises DiskFull."""
    language = request.patron.language if request.patron else "id"
    with translation.override(language):
        cover = cover_pdf(cover_text(request, attempt, parsed(decision.ruleset), language))
    here = ScanFile.objects.filter(attempt=attempt, superseded=False, purged_at=None)
    _forget_made([file for file in here if file.is_cover or file.is_bound])
    return _bound(request, attempt, cover, list(scans_of(attempt))) or _beside(attempt, cover)


def _forget_made(made: list[ScanFile]) -> None:
    """The rows go now, the bytes with the commit: should this step fail, the old ones are still there."""
    for old in made:
        transaction.on_commit(lambda stored=old.file.name or "": store.remove(stored))  # type: ignore[misc]
        old.delete()


def _bound(
    request: Request, attempt: SupplyAttempt, cover: bytes, scans: Sequence[ScanFile]
) -> ScanFile | None:
    if sum(file.size for file in scans) > settings.COPY_BIND_MAX_BYTES:
        return None
    with tempfile.TemporaryFile() as out:
        try:
            pages = bind(cover, [(file.kind, store.full_path(file.file.name or "")) for file in scans], out)
        except NotBindable:
            return None
        size = out.tell()
        place = store.new_place()
        out.seek(0)
        store.write_all(place, out, size)
        out.seek(0)
        digest = sha256()
        while block := out.read(store.BLOCK):
            digest.update(block)
    return ScanFile.objects.create(
        attempt=attempt, position=0, name=f"{request.number}.pdf", kind=FileKind.PDF, size=size, pages=pages,
        is_bound=True, sha256=digest.hexdigest(), check_state=FileCheck.OK, file=place,
    )  # fmt: skip


def _beside(attempt: SupplyAttempt, cover: bytes) -> ScanFile:
    return ScanFile.objects.create(
        attempt=attempt, position=0, name=COVER, kind=FileKind.PDF, size=len(cover), pages=1, is_cover=True,
        sha256=sha256(cover).hexdigest(), check_state=FileCheck.OK, file=store.put(cover),
    )  # fmt: skip


def cover_text(request: Request, attempt: SupplyAttempt, rules: RuleSet, language: str) -> CoverText:
    """The source as it is to be cited, who copied for whom, and the notice of the rules. The reader is not named."""
    home = request.requesting_library
    lender = ends_seen(request, attempt, home.pk).supplier or attempt.supplier  # it goes to the reader
    return CoverText(
        heading=_("Copy for a reader of %(library)s") % {"library": home.name},
        source=source_of(request),
        rows=[
            (_("Supplied by"), f"{lender.name}, {lender.city}"),
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
