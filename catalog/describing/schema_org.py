"""schema.org as JSON-LD: what search engines and other programs read from the page of an edition."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from catalog.exporting.references import Person, Reference
from catalog.models import Edition
from catalog.presenters.edition_holders import LibraryHoldings

TYPES = {
    "book": "Book", "serial": "Periodical", "article": "ScholarlyArticle", "thesis": "Thesis", "map": "Map",
    "score": "SheetMusic", "audio": "AudioObject", "video": "VideoObject", "image": "VisualArtwork",
    "manuscript": "Manuscript", "computer": "SoftwareApplication",
}  # fmt: skip
LENT = "http://purl.org/goodrelations/v1#LeaseOut"
# As django.utils.html.json_script: nothing in the data can end the element.
_ESCAPES = str.maketrans(
    {"<": "\\u003C", ">": "\\u003E", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)


def described(edition: Edition, r: Reference, holders: Iterable[LibraryHoldings] = ()) -> dict[str, Any]:
    """What is not known is left out. `holders`: the libraries whose copies are told of, as offers to lend."""
    bodies = {c["name"] for c in edition.display.get("contributors", ()) if c.get("role") == "corporate"}
    told: dict[str, Any] = {
        "@context": "https://schema.org", "@type": TYPES.get(r.kind, "CreativeWork"), "@id": r.address,
        "url": r.address, "name": r.title, "author": _people(r.authors, bodies), "editor": _people(r.editors, bodies),
        "translator": _people(r.translators, bodies), "datePublished": r.year, "bookEdition": r.edition,
        "publisher": _publisher(r), "inLanguage": r.language, "issn": r.issn,
        "isbn": r.isbns[0] if len(r.isbns) == 1 else list(r.isbns), "about": list(r.subjects),
        "abstract": r.summary, "sameAs": f"https://doi.org/{r.doi}" if r.doi else "",
        "isPartOf": {"@type": "CreativeWorkSeries", "name": r.series} if r.series else "",
        "offers": [_offer(holder) for holder in holders],
    }  # fmt: skip
    if r.kind not in ("book", "thesis"):
        told.pop("isbn")
        told.pop("bookEdition")
    return {key: value for key, value in told.items() if value}


def _people(people: Iterable[Person], bodies: set[str]) -> list[dict[str, str]]:
    return [_person(person, bodies) for person in people]


def _person(person: Person, bodies: set[str]) -> dict[str, str]:
    if not person.given:
        return {"@type": "Organization" if person.family in bodies else "Person", "name": person.family}
    return {
        "@type": "Person", "name": f"{person.given} {person.family}", "familyName": person.family,
        "givenName": person.given,
    }  # fmt: skip


def _offer(holder: LibraryHoldings) -> dict[str, Any]:
    """A library's copies, as the Schema Bib Extend group wrote holdings: an offer to lend, with the call number."""
    library, tones = holder.library, {held.tone for held in holder.lines}
    state = "InStock" if "ok" in tones else "OutOfStock" if tones == {"attention"} else ""
    place = {"@type": "Library", "name": library.name, "url": library.website}
    call_number = next((held.call_number for held in holder.lines if held.call_number), "")
    told = {
        "@type": "Offer", "businessFunction": LENT, "sku": call_number,
        "availability": f"https://schema.org/{state}" if state else "",
        "offeredBy": {
            **{key: value for key, value in place.items() if value},
            "address": {"@type": "PostalAddress", "addressLocality": library.city},
        },
    }  # fmt: skip
    return {key: value for key, value in told.items() if value}


def _publisher(r: Reference) -> dict[str, Any]:
    if not r.publisher:
        return {}
    place = {"location": {"@type": "Place", "name": r.place}} if r.place else {}
    return {"@type": "Organization", "name": r.publisher, **place}


def data_block(told: dict[str, Any]) -> SafeString:
    """Data, not a script: browsers never run this type, so the policy on scripts has nothing to say about it."""
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308
