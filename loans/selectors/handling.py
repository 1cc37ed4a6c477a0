"""Who at a library looks after which request."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from loans.models import Handling
from members.models import Library, User
from members.selectors.people import staff_of
from network_portal.core.actor import Actor

MINE, NOBODYS = "mine", "nobody"


def colleagues(actor: Actor) -> list[User]:
    """Everybody who works at the actor's library, oneself first."""
    library = Library.objects.filter(pk=actor.library_id or 0).first()
    if library is None:
        return []
    people = {member.user_id: member.user for member in staff_of(library).select_related("user")}
    return sorted(people.values(), key=lambda one: (one.pk != actor.user_id, one.name.casefold()))


def handlers_by_request(actor: Actor, request_ids: Iterable[int]) -> dict[int, str]:
    """The names of those who look after the requests at the actor's library."""
    rows = Handling.objects.filter(library_id=actor.library_id or 0, request_id__in=list(request_ids))
    return dict(rows.values_list("request_id", "user__name"))


def handled_by(rows: QuerySet[Any], actor: Actor, whose: str, *, at: str) -> QuerySet[Any]:
    """The rows of a queue that are the actor's own to look after, or nobody's yet."""
    request = OuterRef("request_id" if at else "pk")
    here = Handling.objects.filter(request=request, library_id=actor.library_id or 0)
    return rows.filter(Exists(here.filter(user_id=actor.user_id or 0)) if whose == MINE else ~Exists(here))
