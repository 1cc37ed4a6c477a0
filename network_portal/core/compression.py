"""Pages travel packed: a list of hits is 100 kB of markup, and 11 kB on the line."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

TEXTS = (
    "application/json",
    "application/xml",
    "application/javascript",
    "application/x-research-info-systems",
)


class CompressionMiddleware(GZipMiddleware):
    """Django's own, with its random padding against guessing at secrets by length (BREACH), for text alone: scans
    and books are packed already, and a long one would keep a process busy for nothing.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if kind.startswith("text/") or kind.endswith(("+xml", "+json")) or kind in TEXTS:
            return super().process_response(request, response)
        return response
