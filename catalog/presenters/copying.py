"""What the pages of search and copy show: hits in words, one record in MARC, the sections of source pages."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from catalog.choices import SourceKind
from catalog.formats import marc21
from catalog.formats.draft import BibDraft
from catalog.formats.errors import FormatError
from catalog.formats.marc21 import MarcLine, dump_lines
from catalog.harvesting.copying import parsed
from catalog.harvesting.lookup import Hit
from catalog.harvesting.sru.types import Explain
from catalog.harvesting.z3950 import search as z3950
from catalog.matching.keys import match_keys
from catalog.matching.normalise import features
from catalog.models import Source
from catalog.selectors import copying as selectors
from catalog.selectors.probe import probe_job
from catalog.services.copying import Lookup, copy_identifier
from members.permissions import Capability
from network_portal.core.actor import Actor

INSTALL = "apt-get install yaz"
SCHEMAS_SHOWN = 12


@dataclass(frozen=True)
class HitView:
    number: int  # 1: the first
    title: str = ""
    author: str = ""
    imprint: str = ""
    isbn: str = ""
    copied: int = 0  # the edition, where the library has copied this very record
    held: int = 0  # the edition, where the library has a record with the same ISBN


@dataclass(frozen=True)
class LookupView:
    lookup: Lookup
    message: str  # what went wrong
    hits: list[HitView] = field(default_factory=list)

    @property
    def waiting(self) -> bool:
        return self.lookup.state == "waiting"

    @property
    def more(self) -> int:
        """How many were found that are not shown."""
        return max(0, self.lookup.count - len(self.hits) - self.lookup.lost)


def lookup_view(lookup: Lookup, source: Source, actor: Actor) -> LookupView:
    drafts = {number: draft_of(hit) for number, hit in enumerate(lookup.hits, 1)}
    keys = {number: _isbn_keys(draft) for number, draft in drafts.items() if draft}
    names = {n: copy_identifier(source, draft.identifier) for n, draft in drafts.items() if draft}
    copied = selectors.copied_as(names.values(), actor.library_id)
    held = selectors.own_editions_by_key({k for found in keys.values() for k in found}, actor.library_id)
    hits = [
        _hit(number, draft, copied.get(names.get(number, ""), 0),
             next((held[k] for k in keys.get(number, ()) if k in held), 0))
        for number, draft in drafts.items()
    ]  # fmt: skip
    return LookupView(lookup, _(lookup.message) if lookup.message else "", hits)


def draft_of(hit: Hit) -> BibDraft | None:
    """None: it can't be read."""
    try:
        return marc21.to_draft(parsed(hit))
    except FormatError:
        return None


def marc_lines(hit: Hit) -> list[MarcLine]:
    """Empty where it can't be read."""
    try:
        return dump_lines(parsed(hit))
    except FormatError:
        return []


def sru_section(source: Source) -> dict[str, object] | None:
    """What an SRU server said of itself when it was last asked, and whether it is being asked now."""
    if source.kind != SourceKind.SRU:
        return None
    explained = Explain.from_json(source.server)
    names = [schema.name or schema.identifier for schema in explained.schemas]
    last = source.runs.order_by("-id").first()
    return {
        "server": explained, "known": bool(source.server), "silent": source.server.get("silent"),
        "schemas": ", ".join(names[:SCHEMAS_SHOWN]), "plan": (last.checkpoint.get("plan") if last else None),
        "job": probe_job(source), "found_at": parse_datetime(source.server.get("found_at", "")),
    }  # fmt: skip


def z3950_section(source: Source) -> dict[str, object] | None:
    """Whether this kind of source can be used at all."""
    if source.kind != SourceKind.Z3950:
        return None
    return {"installed": z3950.installed(), "command": INSTALL}


def copies_section(source: Source, actor: Actor) -> dict[str, object] | None:
    """The records that were copied into a source by hand."""
    records = list(selectors.copies_in(source)) if source.kind == SourceKind.UPLOAD else []
    may_copy = actor.can(Capability.RECORD_COPY) and source.library_id == actor.library_id
    return {"records": records, "may_copy": may_copy} if records else None


def _hit(number: int, draft: BibDraft | None, copied: int, held: int) -> HitView:
    if draft is None:
        return HitView(number)
    title = " : ".join(part for part in (draft.title, draft.subtitle) if part)
    imprint = ", ".join(part for part in (draft.publisher, str(draft.year or draft.year_text)) if part)
    return HitView(number, title, draft.author, imprint, next(iter(draft.isbns), ""), copied, held)


def _isbn_keys(draft: BibDraft) -> list[int]:
    return match_keys({"isbn": features(draft).get("isbn", ())})
