"""The facts of a request and the keys by which copies are counted, from its citation. Pure over the loaded request."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Any

from django.utils import timezone

from loans.copyright.facts import RequestFacts
from loans.models import Request

# Catalogue formats that the rules call otherwise.
KINDS = {"serial": "journal", "article": "journal", "score": "score", "computer": "software", "book": "book"}
RANGE = re.compile(r"(\d{1,5})(?:\s*[-–—]\s*(\d{1,5}))?")
PAGES = re.compile(r"(\d{1,5})\s*(?:hlm|hal|p|pp|pages|halaman|S)\b", re.IGNORECASE)


def facts_of(request: Request) -> RequestFacts:
    """What is asked for, as far as the request tells. Without a part it is the whole work, but for an article."""
    part, citation = request.part, request.citation
    chapter = _text(part.get("chapter"))
    return RequestFacts(
        asked_on=timezone.localdate(request.created_at or None),
        genre=request.genre, kind=_kind(request), purpose=request.purpose, copies=request.copies,
        title=chapter or request.title, author=_text(part.get("author") or citation.get("author")),
        container=_text(part.get("container")) or (request.title if chapter else ""),
        issue=_text(part.get("issue")), year=_year(part.get("year") or citation.get("year")),
        pages=pages_asked(part), pages_of_work=_pages_of_work(request),
        chapters=1 if chapter else None, whole=_whole(request),
    )  # fmt: skip


def _whole(request: Request) -> bool:
    named = any(request.part.get(key) for key in ("pages", "pages_count", "chapter", "container"))
    return request.genre != "article" and not named


def _kind(request: Request) -> str:
    known = KINDS.get(_text(request.citation.get("format")), "")
    return "journal" if request.genre == "article" and known in ("", "book") else known


def pages_asked(part: dict[str, Any]) -> int | None:
    """A number given, else counted from the ranges: "12-25, 40" are 15."""
    if isinstance(given := part.get("pages_count"), int) and given > 0:
        return given
    counted = 0
    for first, last in RANGE.findall(_text(part.get("pages"))):
        counted += max(int(last or first) - int(first), 0) + 1
    return counted or None


def _pages_of_work(request: Request) -> int | None:
    """From the catalogue's description ("xii, 240 hlm"), where it has one."""
    extent = _text(request.edition.display.get("extent")) if request.edition else ""
    found = [int(number) for number in PAGES.findall(extent)]
    return max(found) if found else None


def title_key(request: Request) -> str:
    """One title, whatever record it was asked from: by ISSN or ISBN, else by the title of the work it stands in."""
    issn = _first(request.identifiers.get("issn"))
    if issn:
        return _hash("issn", issn)
    container = _text(request.part.get("container"))
    isbn = _first(request.identifiers.get("isbn") or request.citation.get("isbn"))
    if isbn and request.genre != "article":
        return _hash("isbn", isbn)
    return _hash("title", container or request.title)


def part_key(request: Request) -> str:
    """One part of a title: its chapter or article and pages; the whole work where none is named."""
    part = request.part
    named = [_text(part.get(key)) for key in ("volume", "issue", "chapter", "pages")]
    return _hash(title_key(request), request.title if request.genre == "article" else "", *named)


def issue_key(request: Request) -> str:
    part = request.part
    return _hash(title_key(request), *(_text(part.get(key)) for key in ("year", "volume", "issue")))


def _hash(*words: str) -> str:
    return sha256(
        "\x1f".join(re.sub(r"\W+", " ", word).strip().casefold() for word in words).encode()
    ).hexdigest()


def _first(value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    return re.sub(r"[^0-9Xx]", "", _text(value)).upper()


def _text(value: Any) -> str:
    return str(value).strip() if value not in (None, "") else ""


def _year(value: Any) -> int | None:
    found = re.search(r"\d{4}", _text(value))
    return int(found.group()) if found else None
