"""Which files a reader can take a list of titles in, and the answer that streams one. Called by views/exporting.py."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.http import StreamingHttpResponse

from catalog.downloads import files as records
from catalog.exporting import writers
from catalog.exporting.references import Reference, editions_in_order, reference_of
from catalog.presenters.csv_file import csv_answer
from catalog.selectors.downloads import editions_with_records

Address = Callable[[str], str]  # a path to a whole address


@dataclass(frozen=True, slots=True)
class ReferenceFormat:
    label: str
    content_type: str
    suffix: str
    one: Callable[[Reference], bytes]
    start: bytes = b""
    end: bytes = b""


REFERENCES: dict[str, ReferenceFormat] = {
    "ris": ReferenceFormat("RIS", "application/x-research-info-systems; charset=utf-8", "ris", writers.ris),
    "bibtex": ReferenceFormat("BibTeX", "application/x-bibtex; charset=utf-8", "bib", writers.bibtex),
    "endnote": ReferenceFormat(
        "EndNote XML", "application/xml; charset=utf-8", "enw.xml", writers.endnote,
        b'<?xml version="1.0" encoding="UTF-8"?>\n<xml><records>\n', b"</records></xml>\n",
    ),
}  # fmt: skip
CSV = "csv"
RECORDS = ("marc", "marcxml")  # of the network, without what libraries keep to themselves


def menu() -> list[tuple[str, str]]:
    """(code, label) of all, in the order of the menu."""
    told = [(code, kind.label) for code, kind in REFERENCES.items()]
    return [*told, (CSV, "CSV"), *((code, records.FORMATS[code].label) for code in RECORDS)]


def answer(code: str, ids: Sequence[int], *, name: str, address: Address) -> StreamingHttpResponse:
    """The file of these editions, in their order, however many. Raises KeyError where there is no such format."""
    if code == CSV:
        rows = (writers.csv_cells(one) for one in _references(ids, address))
        return csv_answer(name, writers.CSV_COLUMNS, rows)
    if code in RECORDS:
        kind = records.FORMATS[code]
        return _file(records.stream(_ready(ids, address), kind), kind.content_type, f"{name}.{kind.suffix}")
    told = REFERENCES[code]
    return _file(_streamed(told, ids, address), told.content_type, f"{name}.{told.suffix}")


def _streamed(kind: ReferenceFormat, ids: Sequence[int], address: Address) -> Iterator[bytes]:
    yield kind.start
    for one in _references(ids, address):
        yield kind.one(one)
    yield kind.end


def _references(ids: Sequence[int], address: Address) -> Iterator[Reference]:
    for edition in editions_in_order(ids):
        yield reference_of(edition, address(edition.get_absolute_url()))


def _ready(ids: Sequence[int], address: Address) -> Iterator[records.Ready]:
    for edition, under in editions_with_records(ids):
        if (ready := records.edition_ready(edition, under, address(edition.get_absolute_url()))) is not None:
            yield ready


def _file(content: Iterator[bytes], content_type: str, name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
