"""Getting a saved view or a message template: another person's, or another library's, answers 404."""

from __future__ import annotations

from django.http import Http404

from loans.models import MessageTemplate, SavedView
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
