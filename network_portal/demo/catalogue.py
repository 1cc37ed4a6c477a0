"""Writes each demo library's catalogue as a MARC file and `truth.jsonl`, which says what edition a record is of.

The same editions, seed and styles give the same bytes. Called by build.py and by tests.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from catalog.formats.write import COLLECTION_END, COLLECTION_START, to_iso2709, to_marcxml
from network_portal.demo import marc8
from network_portal.demo.editions import Edition, load_editions
from network_portal.demo.records import Written, write_record
from network_portal.demo.styles import INTERESTS, STYLES, Style

SEED = 2026
FIRST_NUMBER = 1001
MOST_HOLDERS = 8
BROKEN_EVERY = 40
TRUTH = "truth.jsonl"
EARLIER = "earlier"
NEW_EVERY = 12  # one record in so many came after the first loading

# A line that is not MARC, a record whose directory is rubbish, and one cut off in the middle.
BROKEN = (
    b"<html><body>Sesi Anda telah berakhir</body></html>\x1d",
    b"00120nam a2200061 i 4500xx1abcdefghijk!!00!!245??\x1erusak\x1e\x1d",
    b"00843nam a2200253 i 45000010005000000080041000\x1d",
)


@dataclass(frozen=True)
class Catalogue:
    """What was written for one library."""

    code: str
    path: Path
    records: int
    earlier: Path  # the same without what the library catalogued last


def seeded(*parts: object) -> Random:
    """A generator of its own for each thing, so that a new edition does not reshuffle the others."""
    return Random(zlib.crc32("|".join(map(str, (SEED, *parts))).encode()))  # noqa: S311  not a secret


def interest(code: str, edition: Edition) -> float:
    """The chance that the library has the edition, from what it collects."""
    wishes = INTERESTS[code]
    numbers = [n for n in wishes if n[0].isdigit() and edition.dewey.startswith(n)]
    if numbers:
        return wishes[max(numbers, key=len)]
    return wishes.get(edition.shelf, wishes["*"])


def holders(edition: Edition) -> list[str]:
    """The libraries that have it: at least one and at most eight; the well-known are held more widely."""
    known = 1.6 if edition.summary else 1.2 if edition.isbn else 1.0
    wanted = []
    for code, style in STYLES.items():
        if not edition.in_latin_script and style.vernacular == "none":
            continue
        drawn = seeded("holds", code, edition.key).random()
        wanted.append((drawn - interest(code, edition) * known, code))
    wanted.sort()
    keen = [code for distance, code in wanted if distance < 0]
    return (keen or [wanted[0][1]])[:MOST_HOLDERS]


def collection(code: str) -> list[Edition]:
    """What one library holds, a few of them twice over, in the order of its shelves' cataloguing."""
    held = [edition for edition in load_editions() if code in holders(edition)]
    seeded("order", code).shuffle(held)
    return held + [edition for edition in held if edition.form == "book"][: STYLES[code].duplicates]


def write_catalogues(folder: Path) -> list[Catalogue]:
    """Write every library's file and the truth into `folder`; existing files are replaced."""
    (folder / EARLIER).mkdir(parents=True, exist_ok=True)
    catalogues = []
    with (folder / TRUTH).open("w", encoding="utf-8") as truth:
        for code, style in STYLES.items():
            records = []
            for number, edition in enumerate(collection(code), FIRST_NUMBER):
                random = seeded("record", code, number, edition.key)
                records.append(write_record(edition, code=code, style=style, number=number, random=random))
                line = {"library": code, "identifier": style.control.format(n=number), "edition": edition.key}
                truth.write(json.dumps(line) + "\n")
            path = folder / f"{code.lower()}.{style.file.replace('mrc8', 'mrc')}"
            earlier = folder / EARLIER / path.name
            known = records[: -max(len(records) // NEW_EVERY, 1)]
            for file, written in ((path, records), (earlier, known)):
                file.write_bytes(_packed(b"".join(_file(written, style)), style))
            catalogues.append(Catalogue(code, path, len(records), earlier))
    return catalogues


def _packed(data: bytes, style: Style) -> bytes:
    return gzip.compress(data, mtime=0) if style.file.endswith(".gz") else data


def _file(records: list[Written], style: Style) -> Iterator[bytes]:
    if style.file.startswith("xml"):
        yield COLLECTION_START
        for record in records:
            yield to_marcxml(record.fields, record.leader)
        yield COLLECTION_END
        return
    for position, record in enumerate(records):
        if (
            style.broken
            and position
            and position % BROKEN_EVERY == 0
            and position // BROKEN_EVERY <= len(BROKEN)
        ):
            yield BROKEN[position // BROKEN_EVERY - 1]
        yield _marc8(record) if style.file == "mrc8" else to_iso2709(record.fields, record.leader)


def _marc8(record: Written) -> bytes:
    """ISO 2709 with leader/09 blank; the lengths in the directory count MARC-8 bytes."""
    directory, body = b"", b""
    for field in record.fields:
        value = field[1].encode() if len(field) == 2 else _marc8_data(field[1] + field[2], field[3])
        directory += f"{field[0]}{len(value) + 1:04d}{len(body):05d}".encode()
        body += value + b"\x1e"
    base = 24 + len(directory) + 1
    leader = f"{base + len(body) + 1:05d}{record.leader[5:9]} 22{base:05d}{record.leader[17:20]}4500"
    return leader.encode() + directory + b"\x1e" + body + b"\x1d"


def _marc8_data(indicators: str, subfields: tuple[tuple[str, str], ...]) -> bytes:
    return indicators.encode() + b"".join(
        b"\x1f" + code.encode() + marc8.encode(value) for code, value in subfields
    )
