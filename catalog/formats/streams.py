"""A stream whose beginning was looked at. Used by the reader and by the formats that look for themselves."""

from __future__ import annotations

import io
from typing import BinaryIO, cast


class _Rejoined(io.RawIOBase):
    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head, self._rest = head, rest

    def read(self, size: int = -1) -> bytes:
        head, self._head = self._head, b""
        return head or self._rest.read(size)


def rejoined(head: bytes, rest: BinaryIO) -> BinaryIO:
    """The stream with the bytes that were read for detection put back in front."""
    return cast(BinaryIO, _Rejoined(head, rest))
