"""Opening a file that may be gzip, told by its first bytes, with a cap on what comes out. Called by harvesting."""

from __future__ import annotations

import io
import zlib
from pathlib import Path
from typing import BinaryIO, cast

from .errors import ArchiveError

_MAGIC = b"\x1f\x8b"
_STEP = 1 << 18
_RATIO_FROM = 8 << 20  # bytes unpacked before the ratio is judged: a small file may well be very repetitive


def open_decompressed(path: str | Path, *, max_bytes: int, max_ratio: int = 200) -> BinaryIO:
    """A stream of the file's content, unpacked where it is gzip. Its `read` raises ArchiveError.

    Codes: too_large (more than max_bytes come out), ratio (over max_ratio times what went in),
    gzip_truncated, gzip_damaged, gzip_nested.
    """
    source = Path(path).open("rb")  # noqa: SIM115 - closed by the stream
    packed = source.read(2) == _MAGIC
    source.seek(0)
    raw = _Unpacked(source, max_bytes, max_ratio) if packed else _Capped(source, max_bytes)
    return cast(BinaryIO, raw)


class _Capped(io.RawIOBase):
    """A plain file, refused beyond its cap."""

    def __init__(self, source: BinaryIO, max_bytes: int) -> None:
        self._source, self._left = source, max_bytes

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        block = self._source.read(size if size >= 0 else self._left + 1)
        self._left -= len(block)
        if self._left < 0:
            raise ArchiveError("too_large")
        return block

    def close(self) -> None:
        self._source.close()
        super().close()


class _Unpacked(io.RawIOBase):
    """A gzip file of one or several members, unpacked step by step."""

    def __init__(self, source: BinaryIO, max_bytes: int, max_ratio: int) -> None:
        self._source, self._max, self._ratio = source, max_bytes, max_ratio
        self._member = zlib.decompressobj(wbits=31)
        self._input = b""
        self._taken = self._given = 0
        self._done = False

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if size < 0:
            return b"".join(iter(lambda: self.read(_STEP), b""))
        while size and not self._done:
            block = self._step(size)
            if block:
                if not self._given and block.startswith(_MAGIC):
                    raise ArchiveError("gzip_nested")
                self._given += len(block)
                self._judge()
                return block
        return b""

    def _step(self, size: int) -> bytes:
        """Up to `size` bytes of the current member; may be none, while headers are read."""
        if self._member.eof and not self._next_member():
            return b""
        if not self._input:
            self._input = self._source.read(_STEP)
            self._taken += len(self._input)
            if not self._input:
                # Nothing goes in any more: what is still inside comes out, or the file was cut.
                block = self._inflate(b"", size)
                if not block and not self._member.eof:
                    raise ArchiveError("gzip_truncated")
                return block
        block = self._inflate(self._input, size)
        self._input = self._member.unconsumed_tail if not self._member.eof else self._member.unused_data
        return block

    def _inflate(self, data: bytes, size: int) -> bytes:
        try:
            return self._member.decompress(data, size)
        except zlib.error:
            raise ArchiveError("gzip_damaged") from None

    def _next_member(self) -> bool:
        """Starts the next member; zero bytes after the last one are padding."""
        while True:
            self._input = self._input.lstrip(b"\0")
            if not self._input:
                self._input = self._source.read(_STEP)
                self._taken += len(self._input)
                if not self._input:
                    self._done = True
                    return False
                continue
            self._member = zlib.decompressobj(wbits=31)
            return True

    def _judge(self) -> None:
        if self._given > self._max:
            raise ArchiveError("too_large")
        if self._given > _RATIO_FROM and self._given > self._taken * self._ratio:
            raise ArchiveError("ratio")

    def close(self) -> None:
        self._source.close()
        super().close()
