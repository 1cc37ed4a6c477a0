"""What a stream of bytes is, by its content and never by its name. Called by the reader."""

from __future__ import annotations

import codecs
import re

from . import csv_table, dublin_core, marc_json, mods, slims
from .errors import NotMarc
from .reasons import REASONS

_SIGNATURES = (
    (b"%PDF", "pdf"),
    (b"\xd0\xcf\x11\xe0", "spreadsheet"),  # an office document of before 2007
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf", "zip"),
    (b"Rar!", "zip"),
    (b"BZh", "zip"),
    (b"\xfd7zXZ", "zip"),
    (b"\x28\xb5\x2f\xfd", "zip"),  # zstd
    (b"\x1f\x9d", "zip"),  # compress
)
_ZIP = b"PK\x03\x04"
_OFFICE = (b"[Content_Types].xml", b"xl/", b"docProps/", b"application/vnd.oasis.opendocument.spreadsheet")
_BLANK = b"\xef\xbb\xbf\r\n\t \0\x1a"
_PROLOG = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?")
_HTML_ROOT = re.compile(rb"<(?:!doctype\s+html|html|head|body|script|meta)[\s>]", re.I)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|body|script)[\s>]", re.I)
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)
_MARC_ELEMENT = re.compile(rb"<(?:[\w.-]+:)?(?:leader|controlfield|datafield)[\s>]")
_LEADER = re.compile(
    rb"(?:[0-9 ]{5}[ -~]{5}22[0-9 ]{5}|[0-9]{5}[ -~]{7}[0-9]{5}|[ -~]{10}22[0-9]{5})[ -~]{7}"
)
_DIRECTORY = re.compile(rb"[0-9]{5}[ -~]{19}(?:[0-9A-Za-z]{3}[0-9]{9})+\x1e")


def detect(head: bytes) -> str:
    """A format of the reader's from the first block of a stream. Raises NotMarc with what it is instead."""
    start = head.lstrip(_BLANK)
    if not start:
        raise NotMarc("empty")
    if start.startswith(_ZIP):
        code = "spreadsheet" if any(sign in start[:4096] for sign in _OFFICE) else "zip"
        raise NotMarc(code, REASONS[code])
    for signature, code in _SIGNATURES:
        if start.startswith(signature):
            raise NotMarc(code, REASONS[code])
    if head[257:262] == b"ustar":
        raise NotMarc("zip")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        start = head.decode("utf-16", "ignore").lstrip().encode("utf-8", "ignore")
    if start.startswith(b"<"):
        return _xml(start)
    if _is_binary_marc(start):
        return "iso2709"
    if start.startswith(csv_table.MAGIC):
        return "table"
    if start.startswith((b"{", b"[")):
        if marc_json.looks_like(start):
            return "marcjson"
        raise NotMarc("json")
    if b"\0" not in start and b"\x1e" not in start:
        if slims.looks_like(start):
            return "slims_csv"
        if slims.looks_like_items(start):
            raise NotMarc("slims_items", REASONS["slims_items"])
        if _HTML.search(start[:5000]):
            raise NotMarc("html")
        code = "needs_mapping" if csv_table.looks_like(start) else "text"
        raise NotMarc(code, REASONS[code])
    raise NotMarc("not_marc")


def _xml(start: bytes) -> str:
    if _HTML_ROOT.match(_without_prolog(start[:5000])):
        raise NotMarc("html")
    if _DOCTYPE.search(start[:5000]):
        raise NotMarc("xml_doctype")
    if not _MARC_ELEMENT.search(start):
        if mods.looks_like(start):
            return "mods"
        if dublin_core.looks_like(start):
            return "oai_dc"
    return "marcxml"


def _without_prolog(start: bytes) -> bytes:
    """From the root element or document type on: declaration and comments before it say nothing."""
    start = _PROLOG.sub(b"", start, count=1)
    while start.startswith(b"<!--"):
        _, _, start = start.partition(b"-->")
        start = start.lstrip()
    return start


def _is_binary_marc(start: bytes) -> bool:
    """A leader at the start, or further on a leader with its directory, and field separators."""
    if _LEADER.match(start):
        first, terminator, _ = start.partition(b"\x1d")
        return b"\x1e" in first or b"\x1f" in first or (not terminator and len(start) < 100_000)
    return bool(_DIRECTORY.search(start))
