"""One line of the settings page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from network_portal.core.netsettings import Area


@dataclass(frozen=True)
class Line:
    """What is decided, the value as a sentence, and where it is changed; "" where only the server's keeper can."""

    area: Area
    label: Any
    sentence: str
    url: str = ""
    changed_at: datetime | None = None
    by: str = ""
    is_usual: bool = False
    name: str = ""  # of an environment variable

    def speaks_of(self, words: list[str]) -> bool:
        text = f"{self.label} {self.sentence} {self.area.label} {self.name}".lower()
        return all(word in text for word in words)
