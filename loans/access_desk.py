"""Getting a saved view, a message template or a bag: another person's, or another library's, answers 404."""

from __future__ import annotations

from django.http import Http404

from loans.models import CourierBag, MessageTemplate, SavedView
from loans.selectors.bags import bags_seen_by
from loans.selectors.saved import own_saved_views, templates_of
from network_portal.core.actor import Actor


def access_saved_view(actor: Actor, pk: int) -> SavedView:
    """One's own view of a queue; a colleague's is not there, even a shared one."""
    try:
        return own_saved_views(actor).get(pk=pk)
    except SavedView.DoesNotExist as error:
        raise Http404 from error


def access_template(actor: Actor, pk: int) -> MessageTemplate:
    """A template of the library one works for."""
    try:
        return templates_of(actor).get(pk=pk)
    except MessageTemplate.DoesNotExist as error:
        raise Http404 from error


def access_bag(actor: Actor, pk: int) -> CourierBag:
    """A bag that the library sends, or one that is on its way to it."""
    try:
        return bags_seen_by(actor).get(pk=pk)
    except CourierBag.DoesNotExist as error:
        raise Http404 from error


def access_own_bag(actor: Actor, pk: int) -> CourierBag:
    """A bag that the library itself sends: only there it is packed."""
    found = access_bag(actor, pk)
    if found.from_library_id != actor.library_id:
        raise Http404
    return found
