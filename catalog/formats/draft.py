"""`BibDraft`: what one incoming record says, in the portal's own terms.

Every format reader produces it, matching and merging read it, and it is stored as JSON beside the raw record.
No Django in this package: bytes in, drafts out.
"""

from __future__ import annotations

from dataclasses import MISSING, dataclass, field, fields
from typing import Any


@dataclass(slots=True)
class Contributor:
    """A person or body. `name` as a reader should see it, direct or inverted as the source has it."""

    name: str
    role: str = "author"  # author, editor, translator, illustrator, corporate, other
    dates: str = ""


@dataclass(slots=True)
class Identifier:
    """A standard number. `valid` means that its check digit was verified; only valid ones may become match keys."""

    scheme: str  # isbn, issn, ismn, lccn, oclc, doi, other
    value: str  # normalised: ISBN as 13 digits, ISSN with hyphen; an invalid one as the source wrote it
    valid: bool = True
    qualifier: str = ""  # "jilid 2", "pbk.", "set"
    cancelled: bool = False  # 020$z and the like


@dataclass(slots=True)
class HoldingDraft:
    """What a library holds of the record, from 852, 866, 876, 952 and their relatives."""

    location: str = ""
    call_number: str = ""
    item_count: int = 1
    available_count: int | None = None  # None: the source does not say
    status: str = "unknown"  # available, on_loan, reference, unavailable, unknown
    library_code: str = ""  # the code the source gives, where one file serves several libraries
    textual: str = ""  # 866$a: "1990-2005; lacks 1997"
    coverage: list[dict[str, Any]] = field(default_factory=list)  # of a serial, see coverage.py
    note: str = ""
    barcodes: list[str] = field(default_factory=list)
    url: str = ""


@dataclass(slots=True)
class BibDraft:
    """One record, normalised but not judged. Empty string or list: the source does not say."""

    identifier: str = ""  # the source's own key (001, else a stable substitute); unique within the source
    record_type: str = "bib"  # bib, holdings, authority
    deleted: bool = False
    host_identifier: str = ""  # of a holdings record: the identifier of the title it belongs to (004)
    title: str = ""  # 245$a without ISBD punctuation and general material designation
    nonfiling: int = 0  # characters at the start of `title` to skip in filing; never the whole title
    subtitle: str = ""  # 245$b
    part_number: str = ""  # 245$n
    part_name: str = ""  # 245$p
    responsibility: str = ""  # 245$c
    contributors: list[Contributor] = field(default_factory=list)  # the main entry first
    publisher: str = ""
    place: str = ""
    year: int | None = None
    year_text: str = ""  # as printed: "[19]98", "c2005"
    other_years: list[int] = field(
        default_factory=list
    )  # that it gives beside: of copyright, in its fixed fields
    edition_statement: str = ""
    extent: str = ""  # 300$a: "xii, 320 hlm."
    language: str = ""  # MARC code (ISO 639-2/B), lower case, "" unknown
    languages: list[str] = field(default_factory=list)
    format: str = "book"  # see FORMATS
    carrier: str = "print"  # see CARRIERS
    series: list[str] = field(default_factory=list)
    subjects: list[str] = field(default_factory=list)
    classification: list[str] = field(default_factory=list)  # Dewey or local: "899.221 3", "2X4.122"
    identifiers: list[Identifier] = field(default_factory=list)
    summary: str = ""
    contents: str = ""
    notes: list[str] = field(default_factory=list)
    uniform_title: str = ""  # 130 or 240: what the work is called whatever this edition is called
    variant_titles: list[str] = field(default_factory=list)  # 130, 240, 246, 740 and 880 of the title
    original_script: list[str] = field(default_factory=list)  # 880 title and names, as received
    links: list[str] = field(default_factory=list)  # 856$u
    link_texts: dict[str, str] = field(default_factory=dict)  # what libraries call them: 856$y, $3 or $z
    holdings: list[HoldingDraft] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)  # codes of what was repaired on the way

    @property
    def isbns(self) -> list[str]:
        """Valid, not cancelled ISBNs as 13 digits."""
        return [i.value for i in self.identifiers if i.scheme == "isbn" and i.valid and not i.cancelled]

    @property
    def author(self) -> str:
        return self.contributors[0].name if self.contributors else ""

    def as_json(self) -> dict[str, Any]:
        """Only what is set, so that a million stored drafts stay small."""
        data: dict[str, Any] = {}
        for name in _NAMES:
            value = getattr(self, name)
            if value:
                data[name] = [_nested(item) for item in value] if name in _NESTED else value
        return data

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> BibDraft:
        known = {f.name for f in fields(cls)}
        values = {key: value for key, value in data.items() if key in known}
        values["contributors"] = [Contributor(**c) for c in data.get("contributors", [])]
        values["identifiers"] = [Identifier(**i) for i in data.get("identifiers", [])]
        values["holdings"] = [HoldingDraft(**h) for h in data.get("holdings", [])]
        return cls(**values)


FORMATS = ("book", "serial", "article", "thesis", "map", "score", "audio", "video", "image", "computer", "kit",
           "manuscript", "object", "other")  # fmt: skip
CARRIERS = ("print", "large_print", "braille", "electronic", "audio", "microform", "other")


def _defaults(kind: type) -> tuple[tuple[str, Any], ...]:
    return tuple((f.name, None if f.default is MISSING else f.default) for f in fields(kind))


_NESTED = ("contributors", "identifiers", "holdings")
_NAMES = tuple(f.name for f in fields(BibDraft))
_PART_DEFAULTS = {kind: _defaults(kind) for kind in (Contributor, Identifier, HoldingDraft)}


def _nested(part: Contributor | Identifier | HoldingDraft) -> dict[str, Any]:
    """As stored: what equals its default is left out, an empty list too."""
    values = [(name, getattr(part, name), default) for name, default in _PART_DEFAULTS[type(part)]]
    return {name: value for name, value, default in values if value != default and value != []}
