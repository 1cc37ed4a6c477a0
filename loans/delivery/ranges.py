"""The parts of a resumable upload: `Content-Range: bytes 0-2097151/8388608` (RFC 9110, 14.4). Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

PATTERN = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15})", re.ASCII)


@dataclass(frozen=True)
class Part:
    start: int
    end: int  # behind the last byte
    total: int

    @property
    def size(self) -> int:
        return self.end - self.start


def parse_range(header: str) -> Part | None:
    """None for anything that is not one whole part inside its total."""
    found = PATTERN.fullmatch(header.strip())
    if found is None:
        return None
    first, last, total = (int(number) for number in found.groups())
    return Part(first, last + 1, total) if first <= last < total else None
