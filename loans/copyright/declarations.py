"""The declaration a reader accepts before the files open: its text, its parts to tick, and the mark that proves it."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

TICK = "- "


@dataclass(frozen=True)
class Declaration:
    language: str
    version: int
    text: str

    @property
    def hash(self) -> str:
        return text_hash(self.text)

    @property
    def paragraphs(self) -> list[str]:
        return [line for line in self.text.splitlines() if line.strip() and not line.startswith(TICK)]

    @property
    def statements(self) -> list[str]:
        """Each must be ticked on its own; a text without any is ticked as a whole."""
        ticked = [line.removeprefix(TICK).strip() for line in self.text.splitlines() if line.startswith(TICK)]
        return ticked or [self.text.strip()]


def text_hash(text: str) -> str:
    """SHA-256 of the text as it was shown: what was accepted can be proved even after the text has changed."""
    return sha256(text.encode()).hexdigest()
