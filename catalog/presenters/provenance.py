"""The record page's words on where a description comes from: for everybody one line, for staff each field."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from catalog import selectors
from catalog.choices import Format
from catalog.matching.merge import MAX_SOURCES
from catalog.matching.provenance import Origin, leading, origins
from catalog.models import Edition
from catalog.search.languages import language_name

MOST_NAMES = 4  # libraries named for a field; the rest is counted
MOST_LETTERS = 160

LABELS: dict[str, str | Promise] = {
    "title": gettext_lazy("Title"), "subtitle": gettext_lazy("Subtitle"), "part_number": gettext_lazy("Volume"),
    "part_name": gettext_lazy("Part"), "responsibility": gettext_lazy("By, as printed"),
    "contributors": gettext_lazy("Names"), "edition_statement": gettext_lazy("Edition"),
    "place": gettext_lazy("Place"), "publisher": gettext_lazy("Publisher"), "year": gettext_lazy("Year"),
    "extent": gettext_lazy("Extent"), "language": gettext_lazy("Language"), "format": gettext_lazy("Format"),
    "carrier": gettext_lazy("Carrier"), "series": gettext_lazy("Series"), "subjects": gettext_lazy("Subjects"),
    "classification": gettext_lazy("Classification"), "identifiers": gettext_lazy("Numbers"),
    "summary": gettext_lazy("Summary"), "contents": gettext_lazy("Contents"), "notes": gettext_lazy("Notes"),
    "uniform_title": gettext_lazy("Title of the work"),
    "variant_titles": gettext_lazy("Other titles"), "original_script": gettext_lazy("Original script"),
    "links": gettext_lazy("Links"),
}  # fmt: skip
CARRIERS: dict[str, str | Promise] = {
    "print": gettext_lazy("print"), "large_print": gettext_lazy("large print"), "braille": gettext_lazy("braille"),
    "electronic": gettext_lazy("electronic"), "audio": gettext_lazy("sound"), "microform": gettext_lazy("microform"),
    "other": gettext_lazy("other"),
}  # fmt: skip


@dataclass(frozen=True)
class FieldOrigin:
    label: str
    value: str
    libraries: list[str]  # short codes, with the number of records where it is more than one
    more: int  # libraries that are not named
    reason: str


@dataclass(frozen=True)
class Provenance:
    library: str = ""  # whose record the description follows; "" where nothing is left of it
    others: int = 0  # further libraries whose records were joined to it
    rows: list[FieldOrigin] = field(default_factory=list)  # for staff
    left_out: int = 0  # records beyond those that the description is made of


def provenance_of(edition: Edition, *, in_full: bool) -> Provenance:
    """`in_full`: with the rows. One query, whatever the number of records."""
    records = list(selectors.records_of(edition).defer("raw", "features")[:MAX_SOURCES])
    names = [record.source.library.name for record in records]
    codes = [record.source.library.short_code for record in records]
    found = origins(edition.display, [record.draft for record in records])
    first = leading(found)
    if first is None:
        return Provenance()
    return Provenance(
        library=names[first],
        others=len(set(names)) - 1,
        rows=[_row(origin, codes, len(records)) for origin in found] if in_full else [],
        left_out=max(0, edition.record_count - len(records)),
    )


def _row(origin: Origin, codes: list[str], records: int) -> FieldOrigin:
    counts = Counter(codes[place] for place in origin.givers)
    told = [f"{code} ({n})" if n > 1 else code for code, n in counts.most_common()]
    return FieldOrigin(
        label=str(LABELS[origin.field]),
        value=_shown(origin),
        libraries=told[:MOST_NAMES],
        more=max(0, len(told) - MOST_NAMES),
        reason=_reason(origin, records),
    )


def _reason(origin: Origin, records: int) -> str:
    counts = {"n": len(origin.givers), "said": origin.said}
    if records == 1:
        return _("the only record")
    if origin.reason == "only":
        return _("no other record says it")
    if origin.reason == "all":
        return ngettext("%(said)s record says so", "all %(said)s that say it agree", origin.said) % counts
    if origin.reason == "most":
        return _("%(n)s of %(said)s say so") % counts
    return {
        "joined": _("joined from all that say something"),
        "longest": _("the longest text"),
        "fullest": _("the fullest list"),
        "quiet": _("all write it in capitals; shown in small letters"),
        "best": _("they differ; the best record decides"),
    }[origin.reason]


def _shown(origin: Origin) -> str:
    value: Any = origin.value
    if origin.field == "contributors":
        text = "; ".join(person["name"] for person in value)
    elif origin.field == "identifiers":
        text = "; ".join(str(number["value"]) for number in value)
    elif origin.field == "language":
        text = language_name(value)
    elif origin.field == "format":
        text = str(dict(Format.choices).get(value, value))
    elif origin.field == "carrier":
        text = str(CARRIERS.get(value, value))
    else:
        text = "; ".join(value) if isinstance(value, list) else str(value)
    return text if len(text) <= MOST_LETTERS else text[:MOST_LETTERS].rstrip() + "…"
