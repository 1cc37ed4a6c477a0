"""What the page of an edition says about it: facts, numbers, people, subjects, summary, contents, notes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from catalog.choices import Format
from catalog.models import Edition
from catalog.search.languages import language_name
from catalog.search.page import search_url
from catalog.search.query import SearchQuery

ROLES: dict[str, str | Promise] = {
    "editor": gettext_lazy("editor"), "translator": gettext_lazy("translator"),
    "illustrator": gettext_lazy("illustrator"),
}  # fmt: skip
SCHEMES = {"isbn": "ISBN", "issn": "ISSN", "ismn": "ISMN", "lccn": "LCCN", "oclc": "OCLC", "doi": "DOI"}
# What schema.org calls each format; the page says it in attributes, because scripts are not allowed in it.
SCHEMA_TYPES = {"serial": "Periodical", "article": "Article", "thesis": "Thesis", "map": "Map"}
# Between the parts of a table of contents: ISBD's dash, as typed in one of its ways.
_CHAPTERS = re.compile(r"\s+(?:--|–|—)\s+|\s*--\s*(?=\S)")
Link = tuple[str, str]  # text, address


@dataclass(frozen=True)
class Person:
    name: str
    role: str
    url: str  # of a search for the name among authors
    prop: str  # schema.org's


@dataclass(frozen=True)
class Number:
    label: str
    value: str
    note: str
    url: str


@dataclass(frozen=True)
class About:
    people: list[Person]
    imprint: str
    facts: list[Link]  # label, value
    subjects: list[Link]
    numbers: list[Number]
    summary: list[str]  # paragraphs
    contents: list[str]  # one line for each part
    notes: list[str]


def about(edition: Edition) -> About:
    display = edition.display
    return About(
        people=_people(edition),
        imprint=_imprint(edition),
        facts=_facts(edition),
        subjects=[(s, search_url(SearchQuery(subjects=(s,)))) for s in display.get("subjects", [])],
        numbers=[_number(one) for one in display.get("identifiers", [])],
        summary=_paragraphs(display.get("summary", "")),
        contents=_parts(display.get("contents", "")),
        notes=list(display.get("notes", [])),
    )


def _people(edition: Edition) -> list[Person]:
    people = edition.display.get("contributors") or ([{"name": edition.author}] if edition.author else [])
    return [
        Person(
            name=person["name"],
            role=str(ROLES.get(person.get("role", ""), "")),
            url=search_url(SearchQuery(authors=(person["name"],))),
            prop=person["role"]
            if person.get("role") in ("editor", "translator", "illustrator")
            else "author",
        )
        for person in people
    ]


def _imprint(edition: Edition) -> str:
    place, year = edition.display.get("place", ""), edition.display.get("year_text") or edition.year
    publisher = ": ".join(part for part in (place, edition.publisher) if part)
    return ", ".join(str(part) for part in (publisher, year) if part)


def _facts(edition: Edition) -> list[Link]:
    display = edition.display
    languages = display.get("languages") or [edition.language]
    rows = [
        (_("Published"), _imprint(edition)),
        (_("Edition"), display.get("edition_statement", "")),
        (_("By, as printed"), display.get("responsibility", "")),
        (_("Format"), str(dict(Format.choices).get(edition.format, ""))),
        (_("Language"), ", ".join(language_name(code) for code in languages if code)),
        (_("Extent"), display.get("extent", "")),
        (_("Series"), _searches("series", display.get("series", []))),
        (_("Title of the work"), _searches("title", [display.get("uniform_title", "")])),
        (_("Other titles"), "; ".join(_other_titles(edition))),
        (_("Classification"), "; ".join(display.get("classification", []))),
    ]
    return [(label, value) for label, value in rows if value]


def _searches(field: str, values: Iterable[str]) -> SafeString:
    """Each as a link to a search in that field; what stands after the semicolon is the number within a series."""
    asked = [
        (value, " ".join(value.partition(" ; ")[0].replace('"', " ").split())) for value in values if value
    ]
    return format_html_join(
        "; ",
        '<a href="{}" rel="nofollow">{}</a>',
        [(search_url(SearchQuery(text=f'{_in_field(field)}:"{words}"')), value) for value, words in asked],
    )


def _in_field(field: str) -> str:
    """What the search box calls it in the reader's language."""
    return {"series": "seri", "title": "judul"}[field] if get_language() == "id" else field


def _other_titles(edition: Edition) -> list[str]:
    """Those that do not stand on the page already: as the work's title, or in their own script."""
    display = edition.display
    told = {display.get("uniform_title", ""), *display.get("original_script", ())}
    return [title for title in display.get("variant_titles", ()) if title not in told]


def _number(identifier: dict[str, object]) -> Number:
    notes = [str(identifier.get("qualifier", ""))]
    notes.append(_("check digit is wrong") if identifier.get("valid") is False else "")
    notes.append(_("cancelled") if identifier.get("cancelled") else "")
    scheme, value = str(identifier.get("scheme", "")), str(identifier["value"])
    return Number(
        label=SCHEMES.get(scheme, _("Other number")),
        value=value,
        note=", ".join(note for note in notes if note),
        url=f"https://doi.org/{quote(value, safe='/:;().')}" if scheme == "doi" else "",
    )


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"\n+", text) if part.strip()]


def _parts(text: str) -> list[str]:
    """A table of contents written in one line, as its parts."""
    return _unique(part.strip() for line in _paragraphs(text) for part in _CHAPTERS.split(line))


def _unique(parts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(part for part in parts if part))
