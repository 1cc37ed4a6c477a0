"""A record as an object of plain fields, {"title": …, "author": …}: one row of a table, whose columns name themselves.

Agents push records so (api/records.py), and pairs to measure the matching by may be written so (matching/labelled.py).
"""

from __future__ import annotations

import json
from typing import Any

from .csv_guess import COLUMNS, NAMES
from .csv_table import parse_record
from .draft import BibDraft
from .marc21 import to_draft
from .records import RawRecord

_COLUMN_OF = {name: column for column, names in NAMES.items() for name in names} | {c: c for c in COLUMNS}


def payload(data: dict[str, Any], name: str = "") -> bytes:
    """As the reader's format "table" keeps a row. Fields of unknown names are kept too, and say nothing."""
    row = {str(label): cell(value) for label, value in sorted(data.items())}
    row = {label: _edition(label, text) for label, text in row.items() if text}
    held = {label: column for label in row if (column := _COLUMN_OF.get(label.lower().replace("_", " ")))}
    held |= {label: _COLUMN_OF[label] for label in row if label in _COLUMN_OF}
    return json.dumps({"id": name, "row": row, "as": held}).encode()


def _edition(label: str, text: str) -> str:
    """A bare number is one of an edition only where the field says so; under "cetakan" it counts printings."""
    return f"Ed. {text}" if text.isdigit() and label.lower() in ("edition", "edisi") else text


def draft(data: dict[str, Any]) -> BibDraft:
    stored = payload(data)
    leader, fields, warnings = parse_record(stored, "cp1252")
    return to_draft(RawRecord(0, 0, stored, "table", leader, fields, warnings))


def cell(value: Any) -> str:
    """A number, a text or a list of them as one cell; anything else is none."""
    if isinstance(value, list):
        return "; ".join(text for part in value if (text := cell(part)))
    return str(value).strip() if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""
