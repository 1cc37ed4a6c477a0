"""A link from another site: its citation becomes a draft, and the form asks for what is missing."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from loans.choices import RequestOrigin
from loans.drafts import draft_save
from loans.intake.resolve import filled, resolve
from loans.openurl import OpenURLRefused, citation_from_openurl
from network_portal.core.requests import PortalRequest


@require_safe
def request_openurl(request: PortalRequest) -> HttpResponse:
    """OpenURL 1.0 (KEV) or 0.1. Nobody needs to be logged in yet: the draft is there after the login."""
    try:
        citation = citation_from_openurl(request.META.get("QUERY_STRING", ""))
    except OpenURLRefused as refusal:
        return render(request, "loans/blank_refused.html", {"refusal": refusal}, status=400)
    edition = resolve(citation)
    citation = filled(citation, edition)
    values = {
        "citation": citation.as_json() | {"genre": citation.genre},
        "edition": edition.pk if edition is not None else None,
        "origin": RequestOrigin.OPENURL.value,
    }
    key = draft_save(request.session, values)
    return redirect(f"{reverse('loans:request_blank', args=[citation.genre])}?draft={key}")
