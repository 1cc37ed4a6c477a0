"""Who sees and runs what: another library's closed things answer 404, a missing right 403."""

from __future__ import annotations

from django.http import Http404

from members.access import access_one, belongs_to
from members.learning import selectors
from members.models import Certificate, Programme, ProgrammeSession, Registration
from members.permissions import Capability, require
from network_portal.core.actor import Actor


def access_programme(actor: Actor, pk: int) -> Programme:
    """A programme that everybody may read, or one of the own library's or network's."""
    return access_one(selectors.programmes_visible_to(actor), pk=pk)


def access_hosted(actor: Actor, pk: int) -> Programme:
    """A programme that the actor's library gives (any, for who runs the network)."""
    require(actor, Capability.LEARNING_HOST, Capability.NETWORK_MANAGE)
    programme = access_programme(actor, pk)
    if not belongs_to(actor, programme.host_id):
        raise Http404
    return programme


def runs(actor: Actor, programme: Programme) -> bool:
    may = actor.can(Capability.LEARNING_HOST) or actor.can(Capability.NETWORK_MANAGE)
    return may and belongs_to(actor, programme.host_id)


def access_session(programme: Programme, pk: int) -> ProgrammeSession:
    return access_one(selectors.sessions_of(programme), pk=pk)


def access_mine(actor: Actor, programme: Programme) -> Registration:
    """The actor's own live registration."""
    found = selectors.registration_of(programme, actor.user_id)
    if found is None:
        raise Http404
    return found


def side_of(actor: Actor, registration: Registration) -> str:
    """`host` or `sender`: for which side the actor may say yes or no; Http404 for neither."""
    if registration.waits_for_host and runs(actor, registration.programme):
        return "host"
    if may_agree(actor, registration):
        return "sender"
    if runs(actor, registration.programme):
        return "host"
    raise Http404


def may_agree(actor: Actor, registration: Registration) -> bool:
    """A manager of the library that sends."""
    return actor.can(Capability.LEARNING_AGREE) and registration.library_id == actor.library_id


def access_registration(actor: Actor, pk: int) -> Registration:
    """A registration that concerns the actor's library, as host or sender; or one's own."""
    registration = access_one(selectors.registrations_all(), pk=pk)
    own = registration.user_id is not None and registration.user_id == actor.user_id
    if not (own or runs(actor, registration.programme) or may_agree(actor, registration)):
        raise Http404
    return registration


def access_internship(actor: Actor, pk: int) -> Registration:
    """The same, for a registration with a stay."""
    registration = access_registration(actor, pk)
    if not hasattr(registration, "internship"):
        raise Http404
    return registration


def access_certificate(actor: Actor, code: str) -> Certificate:
    """A certificate of one's own, or of a programme that one's library gives."""
    certificate = access_one(selectors.certificates_all(), code=code)
    own = actor.user_id is not None and certificate.registration.user_id == actor.user_id
    if not (own or runs(actor, certificate.registration.programme)):
        raise Http404
    return certificate
