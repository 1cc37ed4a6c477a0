"""Records that come one page at a time instead of in a file: from OAI-PMH, SRU, an agent, a stream, the store itself.

Each page is parsed, prepared and written like a page of a file, with the caller's checkpoint in the same transaction.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from catalog.formats.errors import REASONS, BadRecord
from catalog.formats.reader import parse_payload
from catalog.harvesting.judge import judge
from catalog.harvesting.pages import Group, Head, Page, Prepared, Reject, prepare
from catalog.harvesting.pipeline import Progress, check_stop
from catalog.harvesting.renormalise import stored_group
from catalog.harvesting.write import Counts, Item, PageWriter
from catalog.models import Run

XML_FORMATS = {"dc": "oai_dc", "mods": "mods"}  # by the root element; any other is tried as MARCXML
ROOT = re.compile(rb"<(?:[\w.-]+:)?([\w.-]+)")
SNIPPET = 300
HOLDINGS = frozenset("uvxy")  # leader/06


@dataclass(frozen=True, slots=True)
class Sent:
    """One record as the source names and sends it. `format` as in formats.reader.FORMATS; "": XML, told by its root."""

    identifier: str
    payload: bytes = b""
    format: str = ""
    deleted: bool = False
    joined: bool = False  # an original as it is stored: its holdings records hang on it


@dataclass(frozen=True, slots=True)
class Lost:
    """Something of the page that is no record any more."""

    identifier: str
    reason_code: str
    reason: str
    raw: bytes


class Intake:
    """Writes the pages of one run, in order. Raises RunLost where another worker has taken the run further.

    Raises RunFailed where too many of the records are bad; what was written till then stays.
    """

    def __init__(self, run: Run, progress: Progress | None = None) -> None:
        self.run, self.source, self.progress = run, run.source, progress
        self.writer = PageWriter(run, run.source)

    def write(
        self,
        records: Sequence[Sent],
        *,
        lost: Sequence[Lost] = (),
        checkpoint: dict[str, Any] | None = None,
        warnings: Sequence[str] = (),
    ) -> Counts:
        """The page, and `checkpoint` merged into the run's, in one transaction. `warnings`: of the page itself."""
        done = self.run.checkpoint.get("position", 0)
        found = [self.entry(record, done + n) for n, record in enumerate(records, 1)]
        heads = [entry for entry in found if not isinstance(entry, Reject)]
        rejects = [entry for entry in found if isinstance(entry, Reject)]
        rejects += [_reject(one, done + len(found) + n) for n, one in enumerate(lost, 1)]
        read = len(heads) + len(rejects)
        page = Page(
            [head for head, _ in heads], rejects, read, done + read, ("", 0, 0), 0, warnings=list(warnings)
        )
        wanted = set(self.writer.unknown(page, set()))
        items: list[Item] = []
        for index, (head, group) in enumerate(heads):
            if group is None:
                items.append((head, gone(head)))
            elif index in wanted:
                items.append((head, prepare(group, head, head.identifier, rules=self.source.rules)))
            else:
                items.append((head, None))
        self.run.checkpoint = {**self.run.checkpoint, **(checkpoint or {})}
        counts = self.writer.write(page, items)
        if self.progress:
            self.progress(self.run, counts)
        judge(self.run)
        return counts

    def check_stop(self) -> None:
        """Raises RunStopped where somebody asked for it."""
        check_stop(self.run)

    def entry(self, record: Sent, position: int) -> tuple[Head, Group | None] | Reject:
        """The record as it can be prepared; no group where it is announced as deleted."""
        name, payload = record.identifier[:200], record.payload
        if record.deleted:
            return Head(name, b""), None
        kind = record.format or _format_of(payload)
        try:
            if record.joined:
                group = stored_group(payload, kind, self.source)
            else:
                group = Group(parse_payload(payload, kind, fallback_encoding=self.source.fallback_encoding))
        except BadRecord as refusal:
            return Reject(position, 0, name, refusal.code, refusal.message, payload[:SNIPPET], payload, kind)
        group.bib.position = position
        if group.bib.leader[6:7] in HOLDINGS:
            code = "holdings_unlinked"
            return Reject(position, 0, name, code, REASONS[code], payload[:SNIPPET], payload, kind)
        return Head(name, blake2b(payload, digest_size=16).digest()), group


def gone(head: Head) -> Prepared:
    """A record that its source announces as deleted."""
    return Prepared(head.identifier, head.digest, True, 1)


def _reject(lost: Lost, position: int) -> Reject:
    name, raw = lost.identifier[:200], lost.raw
    return Reject(position, 0, name, lost.reason_code, lost.reason, raw[:SNIPPET], raw)


def _format_of(payload: bytes) -> str:
    root = ROOT.search(payload)
    return XML_FORMATS.get(root.group(1).decode("ascii", "replace") if root else "", "marcxml")
