"""What the log says of a request: method, path and the names of its parameters, never their values.

A value may be a one-time code of a sign-in (RFC 9700 4.2.4 warns of such logs), a link's signature or what a reader
searched for. A long part of a path may be such a link too; its beginning is enough to tell two apart.
"""

from __future__ import annotations

from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware

LONG, SHOWN, MOST = 20, 4, 20


class RequestLogMiddleware(RequestMiddleware):
    @staticmethod
    def format_request(request: HttpRequest) -> str:
        path = "/".join(_short(part) for part in request.path.split("/"))
        # Not request.GET: reading it refuses what has too many fields, which is for the page to answer.
        parts = [part for part in request.META.get("QUERY_STRING", "").split("&") if part]
        names = "&".join(dict.fromkeys(f"{_short(part.partition('=')[0])}=…" for part in parts[:MOST]))
        return f"{request.method} {path}{'?' if names else ''}{names}"


def _short(part: str) -> str:
    return part if len(part) < LONG else f"{part[:SHOWN]}…"
