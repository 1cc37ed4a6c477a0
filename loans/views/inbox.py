"""The page of messages: what other libraries and the own readers wrote, new ones first."""

from __future__ import annotations

from django.http import HttpResponseBase

from loans.filters import MessageFilter
from loans.presenters.inbox import inbox_file
from loans.selectors.unread import library_messages, library_unread
from loans.services.messages import WRITERS
from members.decorators import capability_required
from network_portal.core.lists import list_answer
from network_portal.core.requests import PortalRequest


@capability_required(*WRITERS)
def inbox(request: PortalRequest) -> HttpResponseBase:
    """Reading happens on the request's own page; here nothing is marked."""
    found = MessageFilter(request.GET, queryset=library_messages(request.actor))
    return list_answer(
        request, "loans/inbox.html", found=found, csv=inbox_file(),
        context=lambda _page: {"unread": library_unread(request.actor)},
    )  # fmt: skip
