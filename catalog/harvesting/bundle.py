"""One file or several of a kind as one stream of bytes, unpacked: a catalogue that its system sends in pieces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from django.utils.translation import gettext_noop

from catalog.formats.decompress import open_decompressed
from catalog.formats.detect import detect
from catalog.formats.errors import ArchiveError, FormatError
from catalog.harvesting.errors import RunFailed

BLOCK = 1 << 20
MIXED = gettext_noop(
    "The files are not all of one kind, so they can't be read as one catalogue. Nothing was read."
)
JOINABLE = ("iso2709", "marcxml", "mods", "oai_dc", "slims_csv", "needs_mapping")


def joined(paths: Sequence[Path], *, max_bytes: int) -> Iterator[bytes]:
    """The unpacked content of the files, in their order; of tables with the same header, that header once.

    Raises ArchiveError, and RunFailed (mixed_files) before anything of files that do not go together.
    """
    kinds = [_kind(path, max_bytes) for path in paths] if len(paths) > 1 else []
    if kinds and (len(set(kinds)) > 1 or kinds[0] not in JOINABLE):
        raise RunFailed("mixed_files", MIXED)
    left, header = max_bytes, b""
    for number, path in enumerate(paths):
        blocks = _blocks(path, left)
        if kinds and kinds[0] in ("slims_csv", "needs_mapping"):
            first = next(blocks, b"").removeprefix(b"\xef\xbb\xbf")
            line, end, rest = first.partition(b"\n")
            header = line.strip() if not number else header
            first = rest if number and line.strip() == header else line + end + rest
            left -= len(first)
            yield first
        last = b""
        for block in blocks:
            left -= len(block)
            last = block
            yield block
        if kinds and kinds[0] != "iso2709" and not last.endswith(b"\n"):
            yield b"\n"


def _blocks(path: Path, max_bytes: int) -> Iterator[bytes]:
    if max_bytes <= 0:
        raise ArchiveError("too_large")
    with open_decompressed(path, max_bytes=max_bytes) as stream:
        while block := stream.read(BLOCK):
            yield block


def _kind(path: Path, max_bytes: int) -> str:
    with open_decompressed(path, max_bytes=max_bytes) as stream:
        try:
            return detect(stream.read(64 * 1024))
        except FormatError as refusal:
            if isinstance(refusal, ArchiveError):
                raise
            return refusal.code
