"""Getting a request or an honest "not here": another library's, or another reader's, answers 404."""

from __future__ import annotations

from django.http import Http404

from loans.models import Request, SupplyAttempt
from loans.selectors.requests import request_seen_by, requests_of_patron
from network_portal.core.actor import Actor


def access_request(actor: Actor, number: str) -> Request:
    """A request for a staff page: of the own library, asked of it, or any for the coordinator."""
    try:
        return request_seen_by(actor, number)
    except Request.DoesNotExist as error:
        raise Http404 from error


def access_own_request(actor: Actor, number: str) -> Request:
    """A request for its reader's page."""
    try:
        return requests_of_patron(actor.user_id).get(number=number)
    except Request.DoesNotExist as error:
        raise Http404 from error


def access_attempt(actor: Actor, request: Request, pk: int | None) -> SupplyAttempt:
    """The attempt a message is about: the named one, else the latest, among those the actor sees."""
    shown: list[SupplyAttempt] = request.shown_attempts  # type: ignore[attr-defined]
    chosen = [attempt for attempt in shown if pk is None or attempt.pk == pk]
    if not chosen:
        raise Http404
    return chosen[-1]


def access_request_of_own_readers(actor: Actor, number: str) -> Request:
    """A request of a reader of the actor's own library, the reader still known."""
    request = access_request(actor, number)
    if request.requesting_library_id != actor.library_id or request.patron_id is None:
        raise Http404
    return request
