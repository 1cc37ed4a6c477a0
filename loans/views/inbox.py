"""The page of messages: what other libraries and the own readers wrote, new ones first."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from loans.selectors.unread import library_messages, library_unread
from loans.services.messages import WRITERS
from members.decorators import capability_required
from network_portal.core.requests import PortalRequest

PER_PAGE = 50


@capability_required(*WRITERS)
def inbox(request: PortalRequest) -> HttpResponse:
    """Reading happens on the request's own page; here nothing is marked."""
    page = Paginator(library_messages(request.actor), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "loans/inbox.html", {"page": page, "unread": library_unread(request.actor)})
