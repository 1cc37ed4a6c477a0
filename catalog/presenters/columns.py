"""A table of books as the mapping screen shows it: its columns with samples, and its first records as they would be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.forms import BoundField
from django.utils.translation import gettext as _

from catalog.formats import marc21
from catalog.formats.csv_guess import Mapping
from catalog.formats.draft import BibDraft
from catalog.formats.reasons import REASONS
from catalog.formats.records import RawRecord, Rejected
from catalog.forms.columns import LABELS, ColumnsForm
from catalog.harvesting.rules import Rule, apply
from catalog.models import Source

SAMPLES = 3
SHOWN = 60  # characters of one


@dataclass(frozen=True)
class ColumnRow:
    number: int
    name: str
    samples: list[str]
    field: BoundField
    unsure: bool


@dataclass(frozen=True)
class PreviewRow:
    position: int
    problem: str = ""
    draft: BibDraft = field(default_factory=BibDraft)
    isbns: list[tuple[str, bool]] = field(default_factory=list)
    copies: int = 0

    @property
    def imprint(self) -> str:
        return ", ".join(filter(None, (self.draft.publisher, str(self.draft.year or ""))))


def column_rows(form: ColumnsForm, mapping: Mapping, encoding: str) -> list[ColumnRow]:
    values = form.rows[1:] if mapping.header else form.rows
    found = []
    for place, bound in enumerate(form.column_fields):
        cells = [_readable(row[place], encoding) for row in values if place < len(row) and row[place]]
        samples = list(dict.fromkeys(cell[:SHOWN] for cell in cells))[:SAMPLES]
        name = _readable(mapping.names[place], encoding) if place < len(mapping.names) else ""
        found.append(ColumnRow(place + 1, name, samples, bound, place in mapping.unsure))
    return found


def preview_rows(records: Iterable[RawRecord | Rejected], rules: list[Rule]) -> list[PreviewRow]:
    return [_previewed(record, rules) for record in records]


def _previewed(record: RawRecord | Rejected, rules: list[Rule]) -> PreviewRow:
    if isinstance(record, Rejected):
        return PreviewRow(record.position, _(record.reason))
    draft = marc21.to_draft(record)
    if code := marc21.problem(draft):
        return PreviewRow(record.position, _(REASONS[code]))
    if apply(draft, rules):
        return PreviewRow(record.position, _("The record is left out by a rule of this source."), draft)
    isbns = [(i.value, i.valid) for i in draft.identifiers if i.scheme in ("isbn", "issn")]
    return PreviewRow(record.position, "", draft, isbns, sum(h.item_count for h in draft.holdings) or 1)


def _readable(cell: str, encoding: str) -> str:
    try:
        cell.encode("utf-8")
    except UnicodeEncodeError:
        return cell.encode("utf-8", "surrogateescape").decode(encoding, "replace")
    return cell


def columns_context(source: Source, waiting: Any) -> dict[str, Any] | None:
    """For the source's page: what the columns of its table hold, and whether a table waits to be told."""
    mapping = Mapping.from_json(source.columns)
    if not (mapping.columns or waiting):
        return None
    labels = mapping.labels
    held = [(labels[p], LABELS[c]) for p, c in sorted(mapping.columns.items()) if p < len(labels)]
    return {"waiting": waiting, "held": held}
