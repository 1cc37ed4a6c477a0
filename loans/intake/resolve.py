"""From a citation to the edition of the union catalogue that it means.

By number first, through the keys that matching keeps (an ISBN, a DOI, the ISSN of a journal); by title only to show
what might be meant: a person chooses then.
"""

from __future__ import annotations

from catalog.matching.keys import match_keys
from catalog.models import Edition, MatchKey
from catalog.search import search
from catalog.search.answers import SearchUnavailable
from catalog.search.query import SearchQuery
from catalog.selectors import edition_current
from loans.choices import Genre
from loans.citation import Citation

SHOWN = 6
WORDS = 12  # of a title; the rest only makes a search miss


def resolve(citation: Citation) -> Edition | None:
    """The edition that the numbers name; of several with the same number, the one most libraries hold."""
    found = _by_number(citation)
    return found[0] if found else None


def filled(citation: Citation, edition: Edition | None) -> Citation:
    """What the union catalogue knows of the edition, where the citation says nothing: nobody is asked for it."""
    if edition is None:
        return citation
    whole = {"title": edition.full_title, "author": edition.author, "publisher": edition.publisher,
             "year": str(edition.year or "")}  # fmt: skip
    if citation.genre == Genre.ARTICLE:
        known = {"container": edition.full_title}  # the record is the journal's, not the article's
    elif citation.genre == Genre.CHAPTER:
        known = {name: whole[name] for name in ("title", "author", "year")}
    else:
        known = whole
    return citation.with_values(
        **{name: value for name, value in known.items() if not getattr(citation, name)}
    )


def editions_found(citation: Citation, limit: int = SHOWN) -> list[Edition]:
    """What might be meant, for choosing: by number, else by title and author. Empty when the search is away."""
    found = _by_number(citation)[:limit]
    return found or _by_title(citation)[:limit]


def _by_number(citation: Citation) -> list[Edition]:
    keys = match_keys({"isbn": [citation.isbn] if citation.isbn else [], **_other_numbers(citation)})
    if not keys:
        return []
    rows = MatchKey.objects.filter(key__in=keys, record__deleted_at=None, record__edition__isnull=False)
    ids = list(dict.fromkeys(rows.values_list("record__edition_id", flat=True)[:50]))
    current = {edition.pk: edition for edition in (edition_current(pk) for pk in ids if pk is not None)}
    held = [edition for edition in current.values() if edition.holdings.exists()]
    return sorted(held, key=lambda edition: (-edition.library_count, edition.pk))


def _other_numbers(citation: Citation) -> dict[str, object]:
    """A journal is catalogued under its ISSN; the DOI is an article's own, which few catalogues describe."""
    ids = [f"doi:{citation.doi}"] if citation.doi else []
    ids += [f"issn:{citation.issn}"] if citation.issn else []
    return {"ids": ids, "format": "serial"} if ids else {}


def _by_title(citation: Citation) -> list[Edition]:
    """Articles are looked for by their journal; what the title of a journal finds must be one."""
    title = citation.container if citation.genre == Genre.ARTICLE else citation.title
    words = title.replace('"', " ").replace(":", " ").split()[:WORDS]
    if not words:
        return []
    query = SearchQuery(
        text=" ".join([*(f"title:{word}" for word in words), *_author_words(citation)]),
        formats=("serial",) if citation.genre == Genre.ARTICLE else (),
    )
    try:
        hits = search(query).hits
    except SearchUnavailable:
        return []
    rows = Edition.objects.in_bulk([hit.edition_id for hit in hits])
    return [rows[hit.edition_id] for hit in hits if hit.edition_id in rows]


def _author_words(citation: Citation) -> list[str]:
    """The family name, where the author is written "family, given"; other orders vary too much to narrow a search."""
    family, comma, _given = citation.author.partition(",")
    return [f"author:{word}" for word in family.split()] if comma and citation.genre != Genre.ARTICLE else []
