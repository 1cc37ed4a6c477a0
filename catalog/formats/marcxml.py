"""MARCXML: finds the record elements in a stream of bytes and reads each alone, so one bad record loses no other.

No document type, entity, network or huge tree is ever followed: lxml only sees one element at a time.
"""

from __future__ import annotations

import codecs
import html
import re
import unicodedata
from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from .encoding import maybe_twice, undo_double_encoding, undo_entities
from .errors import BadRecord, NotMarc
from .records import MAX_XML_RECORD, Field

BLOCK = 1 << 20
_TOKEN = re.compile(
    rb"<!--|<!\[CDATA\[|<!DOCTYPE|<!ENTITY|<(?:[\w.-]+:)?record(?=[\s>/])|</(?:[\w.-]+:)?record\s*>", re.I
)
_CLOSERS = {b"<!--": b"-->", b"<![c": b"]]>"}
_PROLOG = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)["']""")
_PREFIX = re.compile(rb"<([\w.-]+):")
_ESCAPED = re.compile(rb"&amp;(?:#|[A-Za-z][A-Za-z0-9]{1,30};)|<!\[CDATA\[")
_MARC_CHILD = re.compile(rb"<(?:[\w.-]+:)?(?:leader|controlfield|datafield)[\s>/]", re.I)
_ILLEGAL_BYTES = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_REFERENCE = re.compile(rb"&#(?:x([0-9a-fA-F]+)|([0-9]+));")
_BARE_AMPERSAND = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#[0-9]+|#x[0-9a-fA-F]+);)")
_NAMED_ENTITY = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,30});")
_PARSER = etree.XMLParser(
    encoding="utf-8",
    resolve_entities=False,
    load_dtd=False,
    no_network=True,
    huge_tree=False,
    remove_comments=True,
    remove_pis=True,
)


def split_stream(stream: BinaryIO) -> Iterator[tuple[int, bytes, str]]:
    """Yields (offset, innermost record element as UTF-8 bytes, problem code or ""). Raises NotMarc xml_doctype.

    An element around another record (SRU, OAI-PMH) is only a wrapper and is not yielded.
    """
    blocks = _utf8_blocks(stream)
    buffer, start = b"", 0  # `start`: offset of the buffer's first byte
    opened, scan = -1, 0
    for block in blocks:
        buffer += block
        while match := _TOKEN.search(buffer, scan):
            token = match.group()[:4].lower()
            if token in _CLOSERS:
                end = buffer.find(_CLOSERS[token], match.end())
                if end < 0:
                    scan = match.start()
                    break
                scan = end + 3
            elif token in (b"<!do", b"<!en"):
                raise NotMarc("xml_doctype")
            elif token.startswith(b"</"):
                if opened >= 0:
                    yield start + opened, buffer[opened : match.end()], ""
                opened, scan = -1, match.end()
            else:
                end = buffer.find(b">", match.end())
                if end < 0:
                    scan = match.start()
                    break
                if opened >= 0 and _MARC_CHILD.search(buffer, opened, match.start()):
                    yield start + opened, buffer[opened : match.start()], "xml_malformed"
                opened, scan = match.start(), match.end()
                if buffer[end - 1 : end] == b"/":
                    yield start + opened, buffer[opened : end + 1], ""
                    opened = -1
        else:
            scan = max(scan, len(buffer) - 64)
        # Forget what was dealt with. An element or comment without an end is given up beyond the cap.
        keep = opened if opened >= 0 else scan
        if len(buffer) - keep > MAX_XML_RECORD:
            if opened >= 0:
                yield start + opened, buffer[opened : opened + BLOCK], "too_long"
            opened, keep = -1, len(buffer) - 64
            scan = keep
        buffer, start, scan = buffer[keep:], start + keep, scan - keep
        opened = 0 if opened >= 0 else -1
    if opened >= 0:
        yield start + opened, buffer[opened:], "truncated"


def _utf8_blocks(stream: BinaryIO) -> Iterator[bytes]:
    """The stream in blocks; anything that declares another encoding than UTF-8 is converted on the way."""
    first = stream.read(BLOCK)
    name = _declared(first)
    if name == "utf-8":
        while first:
            yield first
            first = stream.read(BLOCK)
        return
    decoder = codecs.getincrementaldecoder(name)(errors="replace")
    while first:
        yield decoder.decode(first).encode("utf-8", "replace")
        first = stream.read(BLOCK)
    yield decoder.decode(b"", True).encode("utf-8", "replace")


def _declared(head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    match = _PROLOG.search(head.removeprefix(codecs.BOM_UTF8)[:200])
    try:
        name = codecs.lookup(match.group(1).decode()).name if match else "utf-8"
        "".encode(name)
    except (LookupError, ValueError):
        return "utf-8"
    # A declared Latin-1 is windows-1252 in practice, and UTF-16 without its mark cannot have been read here.
    if name in ("ascii", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7", "idna", "punycode"):
        return "utf-8"
    return "cp1252" if name == "iso8859-1" else name


def parse_element(payload: bytes, fallback: str) -> tuple[str, list[Field], list[str]]:
    """Leader, fields and warnings of one record element. Raises BadRecord."""
    if not _MARC_CHILD.search(payload):
        raise BadRecord("xml_not_marc")
    warnings: list[str] = []
    element = _parse(payload, fallback, warnings)
    leader, fields = _read(element)
    if not payload.isascii() or b"&#" in payload or _ESCAPED.search(payload):
        fields = _cleaned(fields, b"&#" in payload or maybe_twice(payload), warnings)
    if not fields:
        raise BadRecord("no_fields")
    if len(leader) != 24:
        warnings.append("leader_length")
        leader = _pad_leader(leader)
    return leader, fields, warnings


def _parse(payload: bytes, fallback: str, warnings: list[str]) -> etree._Element:
    prefix = _PREFIX.match(payload)
    if prefix and b"xmlns:" + prefix.group(1) not in payload[:500]:
        name = prefix.group(1)
        payload = b"<" + name + b":x xmlns:" + name + b'="m">' + payload + b"</" + name + b":x>"
    try:
        return etree.fromstring(payload, _PARSER)
    except (etree.XMLSyntaxError, ValueError):
        pass
    if b"<!" in payload.replace(b"<!--", b"").replace(b"<![CDATA[", b""):
        raise BadRecord("xml_doctype")
    warnings.append("xml_repaired")
    repaired = _repaired(payload, fallback)
    try:
        return etree.fromstring(repaired, _PARSER)
    except (etree.XMLSyntaxError, ValueError):
        raise BadRecord("xml_malformed") from None


def _repaired(payload: bytes, fallback: str) -> bytes:
    """Illegal characters out, stray bytes read in the source's encoding, bare ampersands escaped."""
    try:
        payload.decode("utf-8")
    except UnicodeDecodeError:
        payload = payload.decode(fallback, "replace").encode("utf-8")
    payload = _REFERENCE.sub(_legal_reference, _ILLEGAL_BYTES.sub(b"", payload))
    payload = _NAMED_ENTITY.sub(lambda m: html.unescape(m.group().decode()).encode(), payload)
    return _BARE_AMPERSAND.sub(b"&amp;", payload)


def _legal_reference(match: re.Match[bytes]) -> bytes:
    digits = match.group(1) or match.group(2)
    code = int(digits[:9], 16 if match.group(1) else 10)
    legal = (
        code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000
    )
    return match.group() if legal and len(digits) < 10 else b""


def _read(element: etree._Element) -> tuple[str, list[Field]]:
    leader = ""
    fields: list[Field] = []
    add = fields.append
    for node in element.iter("{*}leader", "{*}controlfield", "{*}datafield"):
        name = node.tag[-9:]
        if name == "datafield":
            get = node.get
            subfields = tuple(
                [(sub.get("code") or "a", _text(sub)) for sub in node if sub.tag[-8:] == "subfield"]
            )
            if subfields:
                add((get("tag") or "", (get("ind1") or " ")[:1], (get("ind2") or " ")[:1], subfields))
        elif name[-6:] == "leader":
            leader = leader or node.text or ""
        else:
            add((node.get("tag") or "", node.text or ""))
    return leader, fields


def _text(node: etree._Element) -> str:
    return "".join([str(text) for text in node.itertext()]) if len(node) else node.text or ""


def _cleaned(fields: list[Field], perhaps_twice: bool, warnings: list[str]) -> list[Field]:
    """NFC, double encoding and entities undone, in the values that are not plain ASCII."""
    found: list[str] = []

    def clean(value: str) -> str:
        if "&" in value:
            value = undo_entities(value, warnings)
        if perhaps_twice:
            value = undo_double_encoding(value, found)
        return unicodedata.normalize("NFC", value)

    cleaned: list[Field] = []
    for field in fields:
        if len(field) == 4 and not all(value.isascii() and "&" not in value for _, value in field[3]):
            values = [
                (code, clean(value) if not value.isascii() or "&" in value else value)
                for code, value in field[3]
            ]
            field = (field[0], field[1], field[2], tuple(values))
        cleaned.append(field)
    warnings.extend(found[:1])
    return cleaned


def _pad_leader(leader: str) -> str:
    """XML exports trim or fold the leader's blanks; what is left keeps its place from the left."""
    text = leader.replace("\n", " ")
    if text and not text[:5].strip().isdigit() and len(text.lstrip()) <= 19:
        text = "     " + text.lstrip()
    return (text + " " * 24)[:24]
