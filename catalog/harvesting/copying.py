"""A single record copied from somebody else's catalogue, made the library's own and written like any other.

`own_record` is called by services/copying.py, `copy_into_catalogue` by services/runs.py through readers.RUNS.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Any

from catalog.formats.detect import detect
from catalog.formats.reader import parse_payload
from catalog.formats.records import Field, RawRecord
from catalog.formats.write import to_marcxml
from catalog.harvesting.intake import Intake, Sent
from catalog.harvesting.kinds import KINDS
from catalog.harvesting.lookup import Hit
from catalog.harvesting.pipeline import Progress
from catalog.models import Run, Source

# What a record says of its old home: places, call numbers and items there. MARC 21's 84x to 87x, 049 and 9xx as
# systems use them for items; UNIMARC's 805, 899 and 9xx.
OF_ITS_HOME = ("049", "805", "899", "841", "842", "843", "844", "845", "85", "86", "87", "9")
LINKS = ("856", "857")  # 85x, too, but they say where the text is


@dataclass(frozen=True)
class Kept:
    """Where the library keeps its copy; all of it may be unknown yet."""

    location: str = ""
    call_number: str = ""
    barcode: str = ""

    def field(self) -> Field | None:
        """As MARC 21's 852: $b place, $h call number, $p barcode."""
        values = (("b", self.location), ("h", self.call_number), ("p", self.barcode))
        subfields = tuple((code, value) for code, value in values if value)
        return ("852", " ", " ", subfields) if subfields else None


def parsed(hit: Hit) -> RawRecord:
    """Raises FormatError."""
    return parse_payload(hit.payload, hit.format or detect(hit.payload))


def own_record(record: RawRecord, kept: Kept) -> bytes:
    """The record as MARCXML, without what it says of its old home, with what it says of the new one."""
    fields = [field for field in record.fields if field[0] in LINKS or not field[0].startswith(OF_ITS_HOME)]
    if mine := kept.field():
        fields.append(mine)
    return to_marcxml(fields, record.leader)


def takes_copies(source: Source) -> bool:
    """Not a source whose next complete list would take the copy out again, nor one known by a server's numbers."""
    return KINDS[source.kind].uploads and not source.is_snapshot


def order(identifier: str, payload: bytes) -> dict[str, Any]:
    """What a run of kind COPY starts with: its checkpoint. Without a payload the copy is taken out again."""
    return {"copy": {"identifier": identifier, "payload": b64encode(payload).decode("ascii")}}


def copy_into_catalogue(run: Run, *, progress: Progress | None = None) -> None:
    """Write the run's one record. A second delivery finds it written."""
    asked = run.checkpoint["copy"]
    if run.checkpoint.get("position"):
        return
    payload = b64decode(asked["payload"])
    sent = Sent(asked["identifier"], payload, "marcxml", deleted=not payload)
    Intake(run, progress).write([sent], checkpoint={"whole": False})
