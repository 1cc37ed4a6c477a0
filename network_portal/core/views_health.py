"""/healthz: this process answers. /readyz: everything it needs does, too."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse

from network_portal.core import readiness


def healthz(request: HttpRequest) -> HttpResponse:
    """Asks nothing else: a dead database must not make a supervisor restart the web server."""
    return HttpResponse("ok", content_type="text/plain", headers={"Cache-Control": "no-store"})


def readyz(request: HttpRequest) -> HttpResponse:
    """JSON {"ready": bool, "parts": {name: "ok" or what is wrong}}; 503 while one part is not ready."""
    parts = readiness.results()
    ready = all(result == "ok" for result in parts.values())
    body = {"ready": ready, "parts": parts}
    return JsonResponse(body, status=200 if ready else 503, headers={"Cache-Control": "no-store"})
