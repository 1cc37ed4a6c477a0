"""Sharing the work of a desk: a request is given to a colleague, taken by oneself, or given back to all."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from loans.models import Handling, Request
from loans.selectors.handling import colleagues
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation


@transaction.atomic
def hand_to(*, requests: Sequence[Request], user_id: int, actor: Actor) -> str:
    """Give requests to somebody of the own library; 0 gives them back to everybody. Returns the name, "" for everybody.

    The caller has made sure that the actor sees them. Raises RuleViolation (not_colleague).
    """
    person = next((one for one in colleagues(actor) if one.pk == user_id), None)
    if person is None and user_id:
        raise RuleViolation("not_colleague", _("Please choose somebody who works at your library."))
    for request in requests:
        if person is None:
            Handling.objects.filter(request=request, library_id=actor.library_id or 0).delete()
        else:
            Handling.objects.update_or_create(
                request=request, library_id=actor.library_id or 0, defaults={"user": person}
            )
        audit.record(
            "loans.handling.set", actor=actor, target=request, data={"to": person.name if person else "–"}
        )
    return person.name if person else ""
