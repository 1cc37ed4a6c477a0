"""What the log says of a request: method, path and the names of its parameters, never their values.

A value may be a one-time code of a sign-in (RFC 9700 4.2.4 warns of such logs), a link's signature or what a reader
searched for. A long part of a path may be such a link too; its beginning is enough to tell two apart.
"""

from __future__ import annotations

from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware

LONG, SHOWN = 20, 4


class RequestLogMiddleware(RequestMiddleware):
    @staticmethod
    def format_request(request: HttpRequest) -> str:
        path = "/".join(_short(part) for part in request.path.split("/"))
        names = "&".join(f"{_short(name)}=…" for name in request.GET)
        return f"{request.method} {path}{'?' if names else ''}{names}"


def _short(part: str) -> str:
    return part if len(part) < LONG else f"{part[:SHOWN]}…"
