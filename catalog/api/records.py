"""The body of a request with records, as a batch: JSON, lines of JSON, MARCXML or binary MARC."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Mapping
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from catalog.api.bodies import read_json
from catalog.api.places import place_of
from catalog.api.problems import Refusal, too_large
from catalog.formats import flat
from catalog.formats.errors import FormatError
from catalog.formats.reader import read_records
from catalog.formats.records import RawRecord
from catalog.formats.slims import COLUMNS as SLIMS_COLUMNS
from catalog.harvesting.intake import Lost, Sent
from catalog.services.push import Batch

MAX_RECORDS = 1000
MAX_IDENTIFIER = 200
BAD_IDENTIFIER = "identifier_wrong"
REASONS = {
    BAD_IDENTIFIER: gettext_noop("A record needs an identifier of 1 to 200 characters."),
    "format_unknown": gettext_noop("This format of a record is not known."),
    "data_wrong": gettext_noop("The data of the record is not what its format says."),
}


class _Wrong(Exception):
    """Of one record; its code is in REASONS."""


def records_of(body: bytes, content_type: str, query: Mapping[str, str]) -> Batch:
    """Raises Refusal for a body that can't be read as a whole; single bad records go into the batch as lost."""
    if content_type in ("application/json", ""):
        told = read_json(body)
        if not isinstance(told, dict):
            raise Refusal(400, "json_wrong", _("The body has to be an object with “records” and “deleted”."))
        batch = Batch(place_of(told, body))
        _collect(batch, _list(told, "records"), _list(told, "deleted"))
    elif content_type in ("application/x-ndjson", "application/ndjson", "application/jsonl"):
        batch = Batch(place_of(query, body))
        lines = [read_json(line) for line in body.splitlines() if line.strip()]
        deleted = [line["deleted"] for line in lines if isinstance(line, dict) and "deleted" in line]
        _collect(
            batch, [line for line in lines if not (isinstance(line, dict) and "deleted" in line)], deleted
        )
    elif content_type in ("application/xml", "text/xml", "application/marcxml+xml", "application/marc"):
        batch = Batch(place_of(query, body))
        _collect_marc(batch, body)
    else:
        raise Refusal(415, "type_unknown", _("Send JSON, lines of JSON, MARCXML or binary MARC."))
    _check_size(len(batch.records) + len(batch.lost))
    return batch


def _list(told: dict[str, Any], name: str) -> list[Any]:
    value = told.get(name, [])
    if not isinstance(value, list):
        raise Refusal(400, "json_wrong", _("The body has to be an object with “records” and “deleted”."))
    return value


def _check_size(count: int) -> None:
    if count > MAX_RECORDS:
        text = _("At most %(records)s records in one request. Send more, smaller batches.")
        raise too_large(text % {"records": MAX_RECORDS})


def _collect(batch: Batch, records: Iterable[Any], deleted: Iterable[Any]) -> None:
    """Where an identifier comes twice, its last entry counts."""
    found: dict[str, Sent] = {}
    records, deleted = list(records), list(deleted)
    _check_size(len(records) + len(deleted))
    for entry in [*records, *({"identifier": name, "deleted": True} for name in deleted)]:
        name = entry.get("identifier") if isinstance(entry, dict) else None
        try:
            sent = _sent(name, entry)
        except _Wrong as wrong:
            code, raw = str(wrong), json.dumps(entry).encode()
            shown = name if isinstance(name, str) and code != BAD_IDENTIFIER else ""
            batch.lost.append(Lost(shown, code, REASONS[code], raw))
            continue
        found.pop(sent.identifier, None)
        found[sent.identifier] = sent
    batch.records = list(found.values())


def _sent(name: Any, entry: dict[str, Any]) -> Sent:
    if not (
        isinstance(name, str)
        and 0 < len(name) <= MAX_IDENTIFIER
        and name == name.strip()
        and name.isprintable()
    ):
        raise _Wrong(BAD_IDENTIFIER)
    if entry.get("deleted") is True:
        return Sent(name, deleted=True)
    read = _DATA.get(str(entry.get("format", "marcxml")))
    if read is None:
        raise _Wrong("format_unknown")
    payload, kind = read(entry.get("data"), name)
    return Sent(name, payload, kind)


def _text(kind: str) -> Callable[[Any, str], tuple[bytes, str]]:
    def read(data: Any, _name: str) -> tuple[bytes, str]:
        if not isinstance(data, str) or not data.strip():
            raise _Wrong("data_wrong")
        return data.strip().encode("utf-8", "replace"), kind

    return read


def _binary(data: Any, _name: str) -> tuple[bytes, str]:
    try:
        payload = base64.b64decode(data, validate=True)
    except (TypeError, ValueError, binascii.Error):
        raise _Wrong("data_wrong") from None
    return payload.rstrip(b"\x1d\r\n"), "iso2709"


def _marcjson(data: Any, _name: str) -> tuple[bytes, str]:
    if isinstance(data, dict):
        return json.dumps(data).encode(), "marcjson"
    return _text("marcjson")(data, _name)


def _flat(data: Any, name: str) -> tuple[bytes, str]:
    """Title, authors, publisher …: kept as one row of a table, whose columns are known by their names."""
    if not isinstance(data, dict):
        raise _Wrong("data_wrong")
    return flat.payload(data, name), "table"


def _slims(data: Any, name: str) -> tuple[bytes, str]:
    """A row of SLiMS's export of titles, by the names of its columns."""
    if not isinstance(data, dict):
        raise _Wrong("data_wrong")
    row = {column: cell for column in SLIMS_COLUMNS if (cell := flat.cell(data.get(column)))}
    return json.dumps({**row, "id": name}).encode(), "slims_csv"


_DATA: dict[str, Callable[[Any, str], tuple[bytes, str]]] = {
    "marcxml": _text("marcxml"),
    "oai_dc": _text("oai_dc"),
    "mods": _text("mods"),
    "marcjson": _marcjson,
    "iso2709": _binary,
    "json": _flat,
    "slims": _slims,
}
FORMATS = tuple(_DATA)


def _collect_marc(batch: Batch, body: bytes) -> None:
    """A file of records, each with its number in field 001."""
    found: dict[str, Sent] = {}
    try:
        for record in read_records(BytesIO(body)):
            if not isinstance(record, RawRecord):
                batch.lost.append(Lost("", record.reason_code, record.reason, bytes(record.snippet)))
                continue
            name = next((f[1].strip() for f in record.fields if f[0] == "001" and len(f) == 2), "")
            if not 0 < len(name) <= MAX_IDENTIFIER or not name.isprintable():
                batch.lost.append(Lost("", BAD_IDENTIFIER, REASONS[BAD_IDENTIFIER], record.payload))
                continue
            found[name] = Sent(name, record.payload, record.format)
    except FormatError as refusal:
        raise Refusal(400, refusal.code, _(refusal.message)) from None
    batch.records = list(found.values())
