"""System check of the provider's address; registered by the app's config."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from catalog.covers.provider import fault_of


@register("jejaring")
def check_covers(**_kwargs: Any) -> list[CheckMessage]:
    if not settings.COVER_URL or not (fault := fault_of(settings.COVER_URL)):
        return []
    return [Error(f"COVER_URL {fault}.", hint="https://example.org/{isbn}.jpg", id="jejaring.E012")]
