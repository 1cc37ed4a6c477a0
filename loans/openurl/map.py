"""Keys of OpenURL into a citation: the metadata formats journal, book, dissertation and dc, and those of version 0.1.

Registered as info:ofi/fmt:kev:mtx:… in the registry of Z39.88-2004.
"""

from __future__ import annotations

import re

from loans.choices import Genre
from loans.citation import Citation
from loans.intake.numbers import doi_of, isbn_of, issn_of, pmid_of
from loans.openurl.parse import OpenURL

FORMAT = "info:ofi/fmt:kev:mtx:"
_YEAR = re.compile(r"(?<![0-9])(1[4-9][0-9]{2}|20[0-9]{2})(?![0-9])")
# rft.genre of the formats journal and book, and genre of version 0.1.
GENRES = {
    "article": Genre.ARTICLE, "preprint": Genre.ARTICLE, "proceeding": Genre.ARTICLE, "bookitem": Genre.CHAPTER,
    "book": Genre.BOOK, "conference": Genre.BOOK, "report": Genre.BOOK, "document": Genre.OTHER,
    "journal": Genre.OTHER, "issue": Genre.OTHER, "dissertation": Genre.THESIS,
}  # fmt: skip
DC_TYPES = {"text": Genre.BOOK, "book": Genre.BOOK, "article": Genre.ARTICLE, "thesis": Genre.THESIS,
            "dissertation": Genre.THESIS}  # fmt: skip


def to_citation(link: OpenURL) -> Citation:
    """What the link says; what it does not say stays empty."""
    form = _format(link)
    genre = _genre(link, form)
    values = {**_titles(link, genre), **_place_in_it(link), **_numbers(link), **_imprint(link)}
    return Citation.of(values | {"genre": genre, "author": _author(link), "source": _sender(link)})


def _format(link: OpenURL) -> str:
    named = next(iter(link.about.get("rft_val_fmt", ())), "").lower()
    return named.removeprefix(FORMAT) if named.startswith(FORMAT) else ""


def _genre(link: OpenURL, form: str) -> str:
    """As named; where the name is missing or "unknown", as the other keys betray."""
    if form == "dissertation":
        return Genre.THESIS.value
    if form == "dc":
        kind = link.first("type").lower().rsplit("/", 1)[-1]
        return DC_TYPES.get(kind, Genre.ARTICLE if _any_number(link, "doi") else Genre.BOOK).value
    named = GENRES.get(link.first("genre").lower())
    if named is Genre.ARTICLE and form == "book":
        return Genre.CHAPTER.value
    if named is not None:
        return named.value
    if link.first("atitle"):
        in_book = form == "book" or (link.first("isbn") and not link.first("issn", "eissn", "jtitle"))
        return (Genre.CHAPTER if in_book else Genre.ARTICLE).value
    if form == "journal" or link.first("jtitle", "issn", "eissn"):
        return (Genre.ARTICLE if link.first("spage", "pages", "doi") or _ids(link) else Genre.OTHER).value
    return (
        Genre.ARTICLE if _any_number(link, "doi", "pmid") and not link.first("isbn") else Genre.BOOK
    ).value


def _titles(link: OpenURL, genre: str) -> dict[str, str]:
    whole = link.first("btitle", "jtitle", "title", "stitle")
    if genre == Genre.ARTICLE:
        container = (
            link.first("jtitle", "title", "stitle")
            if link.first("atitle")
            else link.first("jtitle", "stitle")
        )
        return {
            "title": link.first("atitle") or ("" if container else link.first("title")),
            "container": container,
        }
    if genre == Genre.CHAPTER:
        return {"title": whole, "chapter": link.first("atitle")}
    return {"title": whole or link.first("atitle")}


def _place_in_it(link: OpenURL) -> dict[str, str]:
    first, last = link.first("spage"), link.first("epage")
    pages = link.first("pages") or (f"{first}-{last}" if first and last and first != last else first)
    return {
        "volume": link.first("volume"),
        "issue": link.first("issue", "part"),
        "pages": pages or link.first("artnum"),
    }


def _imprint(link: OpenURL) -> dict[str, str]:
    """The university of a thesis stands where the publisher of a book does."""
    date = _YEAR.search(link.first("date", "year"))
    return {
        "publisher": link.first("pub", "publisher", "inst"), "place": link.first("place", "cc"),
        "edition": link.first("edition"), "year": date.group() if date else "",
    }  # fmt: skip


def _author(link: OpenURL) -> str:
    """One name as written, else put together from its parts; a body where no person is named."""
    whole = link.first("au", "creator")
    if whole:
        return whole
    last = link.first("aulast")
    first = link.first("aufirst") or " ".join(
        filter(None, (link.first("auinit", "auinit1"), link.first("auinitm")))
    )
    return f"{last}, {first}" if last and first else last or link.first("aucorp")


def _numbers(link: OpenURL) -> dict[str, str]:
    """From their own keys first, then from the identifiers of the item (rft_id; `id` in version 0.1)."""
    ids = " ".join(_ids(link))
    own = {
        "isbn": isbn_of(link.first("isbn")), "issn": issn_of(link.first("issn")) or issn_of(link.first("eissn")),
        "doi": doi_of(link.first("doi")), "pmid": pmid_of(link.first("pmid"), bare=True),
    }  # fmt: skip
    return {name: own[name] or _number_in(name, _ids(link), ids) for name in own}


def _number_in(name: str, ids: list[str], together: str) -> str:
    if name == "doi":
        return next((found for text in ids if (found := doi_of(text))), "")
    if name == "pmid":
        return pmid_of(together)
    tell, read = ("isbn", isbn_of) if name == "isbn" else ("issn", issn_of)
    return next((found for text in ids if tell in text.lower() and (found := read(_after_colon(text)))), "")


def _after_colon(text: str) -> str:
    """urn:ISBN:978… and info:…/978…: the number alone, so that digits of the scheme are never part of it."""
    return re.split(r"[:/]", text.strip())[-1]


def _ids(link: OpenURL) -> list[str]:
    if link.version == "1.0":
        return [*link.about.get("rft_id", ()), *link.values.get("identifier", ())]
    return [*link.values.get("id", ()), *link.values.get("rft_id", ())]


def _any_number(link: OpenURL, *names: str) -> bool:
    found = _numbers(link)
    return any(found[name] for name in names)


def _sender(link: OpenURL) -> str:
    """Who made the link: kept with the request, so that a library sees where its readers come from."""
    named = next(iter(link.about.get("rfr_id", ())), "") or link.first("sid")
    return named.removeprefix("info:sid/")
