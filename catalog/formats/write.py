"""Writing MARC 21 as ISO 2709 and MARCXML, UTF-8 only. Called by make_corpus, the demo network and tests."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from .records import Field

LEADER = "00000nam a2200000 i 4500"
COLLECTION_START = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<collection xmlns="http://www.loc.gov/MARC21/slim">\n'
)
COLLECTION_END = b"</collection>\n"


def to_iso2709(fields: Iterable[Field], leader: str = LEADER) -> bytes:
    """One record with its terminator. Raises ValueError where it does not fit ISO 2709's five-digit length."""
    directory: list[str] = []
    values: list[bytes] = []
    position = 0
    for field in fields:
        if len(field) == 2:
            text = field[1]
        else:
            text = field[1] + field[2] + "".join(["\x1f" + code + value for code, value in field[3]])
        value = text.encode() + b"\x1e"
        if len(value) > 9999:
            raise ValueError(f"field {field[0]} is longer than 9999 bytes")
        directory.append(f"{field[0]}{len(value):04d}{position:05d}")
        values.append(value)
        position += len(value)
    base = 24 + 12 * len(directory) + 1
    total = base + position + 1
    if total > 99999:
        raise ValueError("the record is longer than 99999 bytes")
    head = f"{total:05d}{leader[5:9]}a22{base:05d}{leader[17:20]}4500{''.join(directory)}\x1e"
    return head.encode("ascii") + b"".join(values) + b"\x1d"


def to_marcxml(fields: Iterable[Field], leader: str = LEADER) -> bytes:
    """One record element in the MARCXML namespace; COLLECTION_START and COLLECTION_END go around many."""
    lines = ['<record xmlns="http://www.loc.gov/MARC21/slim">', f"  <leader>{escape(leader)}</leader>"]
    for field in fields:
        tag = quoteattr(field[0])
        if len(field) == 2:
            lines.append(f"  <controlfield tag={tag}>{escape(field[1])}</controlfield>")
            continue
        lines.append(f"  <datafield tag={tag} ind1={quoteattr(field[1])} ind2={quoteattr(field[2])}>")
        lines += [
            f"    <subfield code={quoteattr(code)}>{escape(value)}</subfield>" for code, value in field[3]
        ]
        lines.append("  </datafield>")
    lines.append("</record>\n")
    return "\n".join(lines).encode()
