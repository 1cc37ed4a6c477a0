"""Keeping a queue with its filters under a name, for oneself or for the whole desk."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from django.db import transaction
from django.utils.translation import gettext as _

from loans.models import SavedView
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation

MOST = 30  # of one person in one queue
PASSING = ("page", "format", "since", "csrfmiddlewaretoken")


@transaction.atomic
def view_save(*, actor: Actor, queue: str, name: str, query: str, shared: bool) -> SavedView:
    """Save the filters of an address. The same name again changes what it holds.

    Raises RuleViolation: unnamed, too_many, no_library (a view belongs to a library).
    """
    user_id, library_id = actor.user_id or 0, actor.library_id or 0
    name = " ".join(name.split())[:80]
    if not name:
        raise RuleViolation("unnamed", _("Please give the view a name."))
    if not library_id:
        raise RuleViolation("no_library", _("Please choose the library you work for first."))
    kept = urlencode([pair for pair in parse_qsl(query[:2000]) if pair[0] not in PASSING and pair[1]])[:1000]
    mine = SavedView.objects.filter(user_id=user_id, library_id=library_id, queue=queue)
    if mine.exclude(name=name).count() >= MOST:
        raise RuleViolation("too_many", _("You have many saved views; please remove one first."))
    view, _new = SavedView.objects.update_or_create(
        user_id=user_id, library_id=library_id, queue=queue, name=name,
        defaults={"query": kept, "shared": shared},
    )  # fmt: skip
    return view


def view_remove(*, view: SavedView) -> None:
    """Remove one; the caller has made sure whose it is."""
    view.delete()
