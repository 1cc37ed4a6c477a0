"""What the search box offers while one types, as JSON for static/js/complete.js. The same for everybody."""

from __future__ import annotations

from dataclasses import asdict

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from catalog.search.completion import offers


@require_safe
@cache_control(public=True, max_age=300)
def search_complete(request: HttpRequest) -> JsonResponse:
    found = offers(request.GET.get("q", ""))
    return JsonResponse({"items": [asdict(offer) for offer in found]}, headers={"X-Robots-Tag": "noindex"})
