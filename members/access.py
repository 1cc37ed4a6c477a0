"""Getting an object or an honest "not here": what belongs to another library answers 404, never 403."""

from __future__ import annotations

from typing import TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model, QuerySet
from django.http import Http404

from members.choices import Role
from members.models import Library, Membership
from members.permissions import Capability
from members.selectors.libraries import library_visible_to
from members.selectors.people import readers_visible_to, staff_of
from network_portal.core.actor import Actor

M = TypeVar("M", bound=Model)


def belongs_to(actor: Actor, library_id: int | None) -> bool:
    """True for the actor's own library, for the portal itself, and for whoever runs the network."""
    if actor.is_system or actor.can(Capability.NETWORK_MANAGE):
        return True
    return library_id is not None and library_id == actor.library_id


def access_own(actor: Actor, obj: M, library_id: int | None) -> M:
    """The object, if it belongs to the actor's library or the actor runs the network; else Http404."""
    if not belongs_to(actor, library_id):
        raise Http404
    return obj


def access_one(queryset: QuerySet[M], **lookup: object) -> M:
    """The one object of an already scoped queryset; Http404 when it is not in there."""
    try:
        return queryset.get(**lookup)
    except (ObjectDoesNotExist, ValueError) as error:
        raise Http404 from error


def access_public_library(actor: Actor, code: str) -> Library:
    """A library whose page may be read."""
    try:
        return library_visible_to(actor, code)
    except Library.DoesNotExist as error:
        raise Http404 from error


def access_library(actor: Actor, code: str) -> Library:
    """A library for which the actor works (or, running the network, any); Http404 for another one."""
    library = access_public_library(actor, code)
    return access_own(actor, library, library.pk)


def access_reader(actor: Actor, pk: int) -> Membership:
    """A reader of the actor's own library, whatever the state."""
    return access_one(readers_visible_to(actor), pk=pk)


def access_staff(actor: Actor, library: Library, pk: int) -> Membership:
    """A staff membership of the library; coordinators' only for who runs the network."""
    membership = access_one(staff_of(library), pk=pk)
    if membership.role == Role.COORDINATOR and not actor.can(Capability.NETWORK_MANAGE):
        raise Http404
    return membership
