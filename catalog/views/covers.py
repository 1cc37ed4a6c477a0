"""Serves the cover pictures that are kept. Their names are made of their content, so they never change."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from catalog.covers.store import path_of

A_YEAR = "public, max-age=31536000, immutable"


@require_safe
def cover_picture(request: HttpRequest, name: str) -> FileResponse:
    path = path_of(name)
    try:
        if path is None:
            raise FileNotFoundError
        response = FileResponse(path.open("rb"), content_type="image/webp")
    except FileNotFoundError:
        raise Http404 from None
    response["Cache-Control"] = A_YEAR
    return response
