"""What somebody wants, described in words and numbers: one shape for typed-in forms, OpenURLs and catalogue records.

No database. loans.openurl and the forms make it, loans.intake judges it, loans.services.requests stores it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from hashlib import sha256
from typing import Any

from loans.choices import Genre, Service

LONGEST = 1000  # characters of a title
SHORTER = 300  # of everything else
# What names the part of a larger work. Two requests with the same of these ask for the same.
PART_FIELDS = ("container", "chapter", "part_author", "volume", "issue", "pages")
NUMBERS = ("isbn", "issn", "doi", "pmid")

# What a library can't do without, and what helps it to find the thing; asked in this order, and only where missing.
NEEDED: Mapping[str, tuple[str, ...]] = {
    Genre.BOOK: ("title",),
    Genre.ARTICLE: ("title", "container", "year"),
    Genre.CHAPTER: ("title", "chapter"),
    Genre.THESIS: ("title", "author"),
    Genre.OTHER: ("title",),
}
HELPFUL: Mapping[str, tuple[str, ...]] = {
    Genre.BOOK: ("author", "publisher", "year", "isbn"),
    Genre.ARTICLE: ("author", "volume", "issue", "pages", "issn", "doi"),
    Genre.CHAPTER: ("pages", "part_author", "author", "year", "isbn"),
    Genre.THESIS: ("publisher", "year"),
    Genre.OTHER: ("author", "publisher", "year"),
}


@dataclass(frozen=True)
class Citation:
    """`title` is the article's own, else that of the whole work; `container` is the journal an article stands in."""

    genre: str = Genre.BOOK.value
    title: str = ""
    author: str = ""
    container: str = ""
    chapter: str = ""
    part_author: str = ""
    publisher: str = ""  # of a thesis: the university
    place: str = ""
    year: str = ""
    edition: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    isbn: str = ""  # 13 digits
    issn: str = ""  # with hyphen
    doi: str = ""  # lower case, without prefix
    pmid: str = ""
    source: str = ""  # who sent the link (rfr_id, sid)

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Citation:
        """From a stored draft or a form: what is unknown is left out, each value made clean and of sensible length."""
        known = {field.name for field in fields(cls)}
        clean = {name: tidy(value, longest(name)) for name, value in values.items() if name in known}
        if clean.get("genre") not in Genre.values:
            clean.pop("genre", None)
        return cls(**clean)

    def with_values(self, **values: Any) -> Citation:
        return replace(self, **{name: tidy(value, longest(name)) for name, value in values.items()})

    def as_json(self) -> dict[str, str]:
        """Only what is known."""
        return {name: value for name, value in asdict(self).items() if value}

    @property
    def service(self) -> str:
        """Parts are copied, whole works are lent."""
        parts = (Genre.ARTICLE, Genre.CHAPTER)
        return (Service.COPY if self.genre in parts else Service.LOAN).value

    @property
    def numbers(self) -> dict[str, str]:
        return {name: value for name in NUMBERS if (value := getattr(self, name))}

    @property
    def part(self) -> dict[str, str]:
        """As Request.part keeps it."""
        if self.service != Service.COPY:
            return {key: value for key in ("volume",) if (value := getattr(self, key))}
        names = {"part_author": "author"}
        kept = {names.get(name, name): value for name in PART_FIELDS if (value := getattr(self, name))}
        return kept | ({"year": self.year} if self.year and self.genre == Genre.ARTICLE else {})

    @property
    def part_key(self) -> str:
        """The same for the same part, however it was typed; "" for a whole work."""
        if not self.part:
            return ""
        words = [self.title] if self.genre == Genre.ARTICLE else []
        words += [getattr(self, name) for name in ("chapter", "volume", "issue", "pages")]
        return sha256("\x1f".join(map(folded, words)).encode()).hexdigest()

    @property
    def wanted(self) -> str:
        """A title for lists, whatever is known."""
        return self.title or self.container or next((f"{k.upper()} {v}" for k, v in self.numbers.items()), "")


def missing_fields(citation: Citation, genre: str = "") -> list[str]:
    """What the library needs and the citation does not say. A DOI or PubMed number stands for an article's details."""
    genre = genre or citation.genre
    needed = NEEDED.get(genre, ("title",))
    if genre == Genre.ARTICLE and (citation.doi or citation.pmid):
        needed = () if citation.wanted else ("title",)
    return [name for name in needed if not getattr(citation, name)]


def askable_fields(citation: Citation, genre: str = "") -> list[str]:
    """All a form asks: what is needed and what helps, as far as it is not known yet."""
    genre = genre or citation.genre
    names = (*NEEDED.get(genre, ()), *HELPFUL.get(genre, ()))
    return [name for name in names if not getattr(citation, name)]


def fields_of(genre: str) -> tuple[str, ...]:
    """Every field of a genre's form, in its order."""
    return (*NEEDED.get(genre, ()), *HELPFUL.get(genre, ()))


def longest(name: str) -> int:
    return LONGEST if name in ("title", "chapter", "container") else SHORTER


def tidy(value: Any, limit: int) -> str:
    """One line of text: no control or direction-changing characters, composed, blanks folded, cut at the limit."""
    text = "".join(
        " " if unicodedata.category(c) in ("Cc", "Cs") else c for c in str(value or "")[: limit * 4]
    )
    text = re.sub("[\u202a-\u202e\u2066-\u2069\ufeff]", "", text)
    return " ".join(unicodedata.normalize("NFC", text).split())[:limit]


def folded(text: str) -> str:
    return re.sub(r"\W+", " ", unicodedata.normalize("NFKC", text)).strip().casefold()
