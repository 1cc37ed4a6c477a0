"""Where a Z39.50 server is: host:port/database. The form checks it with `parse_target`, search.py connects to it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from network_portal.core import http

ADDRESS = re.compile(
    r"(?:(?:z3950|z39\.50r?|tcp)(?:://|:))?(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(?P<port>\d{1,5}))?"
    r"(?:/(?P<database>[A-Za-z0-9_.,~+-]{1,100}))?/?"
)
USUAL_PORT = 210
USUAL_DATABASE = "Default"


@dataclass(frozen=True)
class Target:
    host: str
    port: int
    database: str

    def pinned(self) -> str:
        """As ZOOM connects to it: a checked IP address, never the name. Raises http.FetchError."""
        address = http._resolve(self.host, self.port)
        place = f"[{address}]" if ":" in address else address
        return f"tcp:{place}:{self.port}/{self.database}"


def parse_target(text: str) -> Target:
    """Raises ValueError where the text is no such address."""
    match = ADDRESS.fullmatch(text.strip())
    if match is None:
        raise ValueError("not host:port/database")
    port = int(match["port"] or USUAL_PORT)
    if not 0 < port < 65536:
        raise ValueError("no such port")
    return Target(match["host"].strip("[]"), port, match["database"] or USUAL_DATABASE)
