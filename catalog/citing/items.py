"""An edition as an item of CSL, the citation style language (CSL-JSON 1.0).

Names: one with a comma is turned ("Hirata, Andrea" has a family name), one in direct order stays as it is: most
Indonesian names have no family name, and whoever turned them would make one up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext, override

from catalog.choices import Format
from catalog.models import Edition

Item = dict[str, Any]
TYPES = {
    "article": "article-journal", "thesis": "thesis", "map": "map", "score": "musical_score", "audio": "song",
    "video": "motion_picture", "image": "graphic", "manuscript": "manuscript",
}  # fmt: skip
# What a reader must be told, because the citation looks like that of a book otherwise.
NAMED = ("thesis", "map", "score", "audio", "video", "image", "computer", "kit", "manuscript", "object")
ROLES = {"author": "author", "corporate": "author", "editor": "editor", "translator": "translator",
         "illustrator": "illustrator"}  # fmt: skip
_NUMBER = r"(?P<n>\d{1,3})"
_EDITION = re.compile(
    rf"^(?:(?:ed(?:isi|ition|\.)?|édition)\.?\s*(?:ke-?\s*)?{_NUMBER}|(?P<m>\d{{1,3}})(?:st|nd|rd|th)\.?\s*ed(?:ition|\.)?)\.?$",
    re.IGNORECASE,
)
_PRINTING = re.compile(r"^(?:cet(?:akan|\.)?|printing|impression)\b", re.IGNORECASE)
_KING = re.compile(r"\s[IVXL]+$")  # "Yohanes Paulus II, Paus": what follows the comma is no given name
_TITLES = ("paus", "pope", "sultan", "raja", "santo", "santa", "saint", "nabi", "pangeran", "sunan")


def item_of(edition: Edition, language: str = "en") -> Item:
    """`language`: of the words that the portal adds itself ("Thesis")."""
    display = edition.display
    item: Item = {
        "id": "x", "type": TYPES.get(edition.format, "book"), "title": _clean(edition.full_title),
        "publisher": _clean(edition.publisher), "publisher-place": _clean(display.get("place", "")),
        "collection-title": _clean("; ".join(display.get("series", [])[:1])), "genre": _genre(edition, language),
        **_people(display.get("contributors") or ([{"name": edition.author}] if edition.author else [])),
        **_edition_words(_clean(display.get("edition_statement", ""))), **_online(display),
    }  # fmt: skip
    if edition.year:
        item["issued"] = {"date-parts": [[edition.year]]}
    return {key: value for key, value in item.items() if value}


def _people(people: Iterable[Mapping[str, str]]) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for person in people:
        role = ROLES.get(person.get("role", "author"))
        name = _clean(person["name"])
        if role and name:
            whole = person.get("role") == "corporate"
            found.setdefault(role, []).append({"literal": name} if whole else name_of(name))
    return found


def name_of(name: str) -> dict[str, str]:
    family, comma, given = name.partition(",")
    family, given = family.strip(), given.strip(" ,")
    if not comma or not family or not given:
        return {"literal": family or given}
    if _KING.search(family) or given.split()[0].casefold() in _TITLES:
        return {"literal": f"{family}, {given}"}
    return {"family": family, "given": given}


def _edition_words(statement: str) -> dict[str, str]:
    """ "Edisi 3" and "3rd ed." are the number 3; a printing ("Cet. 5") is no edition; the rest as it is."""
    if match := _EDITION.match(statement):
        return {"edition": match["n"] or match["m"]}
    if _PRINTING.match(statement):
        return {"note": statement.rstrip(".")}
    return {"edition": statement.rstrip(".")}


def _online(display: Mapping[str, Any]) -> dict[str, str]:
    """A DOI, else, of what exists on the web alone, its address."""
    numbers = display.get("identifiers", ())
    doi = next((n["value"] for n in numbers if n.get("scheme") == "doi" and n.get("valid", True)), "")
    if doi:
        return {"DOI": _clean(doi)}
    links = [link for link in display.get("links", ()) if link.lower().startswith(("https://", "http://"))]
    return {"URL": _clean(links[0])} if links and display.get("carrier") == "electronic" else {}


def _genre(edition: Edition, language: str) -> str:
    if edition.format not in NAMED:
        return ""
    with override(language):
        return str(Format(edition.format).label) or gettext("other")


def _clean(text: str) -> str:
    """Without signs that have no place in a line of text; render.py's own marks are such."""
    if (text := str(text)).isprintable():
        return " ".join(text.split())
    return " ".join("".join(sign for sign in text if sign.isprintable() or sign.isspace()).split())
