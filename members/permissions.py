"""Who may do what: one table, as data. The page /help/permissions/, the decorators and the tests read it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext_lazy as _

from members.choices import Role
from network_portal.core.actor import Actor


class Capability(models.TextChoices):
    """What a role allows. The label is the sentence that stands on the help page, after "may"."""

    REQUEST_CREATE = "request.create", _("ask for a book")
    REQUEST_MANAGE = "request.manage", _("handle the requests of the own library's readers")
    SUPPLY_MANAGE = "supply.manage", _("lend the own library's books to other libraries")
    PEOPLE_CONFIRM = "people.confirm", _("confirm or refuse new readers of the own library")
    SOURCE_VIEW = "source.view", _("see where catalogue records come from, and how loading went")
    SOURCE_MANAGE = "source.manage", _("add catalogue sources, upload files and start loading")
    RECORD_COPY = "record.copy", _("copy single records from other catalogues into the own library's")
    RECORD_MATCH = "record.match", _("decide which catalogue records describe the same edition")
    ACQUIRE = "acquisition.manage", _("say what the own library buys, weeds, offers and promises to keep")
    STATS_VIEW = "stats.view", _("see the figures of the own library and of the network")
    LIBRARY_EDIT = "library.edit", _("change the own library's page and its staff")
    MAIL_VIEW = "mail.view", _("see the mails that the portal sent for the own library")
    JOB_VIEW = "job.view", _("watch long jobs")
    AUDIT_VIEW = "audit.view", _("read the record of who did what")
    MONEY_MANAGE = "money.manage", _("handle fees, quotes and statements of the own library")
    RULES_EDIT = "rules.edit", _("change what the portal does by itself")
    COPY_OVERRIDE = "copy.override", _("let a copy through that a copyright rule stopped, giving the reason")
    KNOWLEDGE_SHARE = (
        "knowledge.share",
        _("share guides, ask and answer other librarians, and say what one knows"),
    )
    LEARNING_HOST = "learning.host", _("propose programmes and run those of the own library")
    LEARNING_AGREE = "learning.agree", _("agree that people of the own library take part in programmes")
    NETWORK_DESK = "network.desk", _("work at the desk of a guided network that the own library coordinates")
    NETWORK_REQUESTS = "network.requests", _("see all requests of the network")
    NETWORK_MANAGE = (
        "network.manage",
        _(
            "admit and suspend libraries, change any library or source, and approve, refuse or withdraw any request"
        ),
    )


_PATRON = frozenset({Capability.REQUEST_CREATE})
_LIBRARIAN = _PATRON | {
    Capability.REQUEST_MANAGE,
    Capability.SUPPLY_MANAGE,
    Capability.PEOPLE_CONFIRM,
    Capability.SOURCE_VIEW,
    Capability.RECORD_COPY,
    Capability.RECORD_MATCH,
    Capability.ACQUIRE,
    Capability.STATS_VIEW,
    Capability.MAIL_VIEW,
    Capability.JOB_VIEW,
    Capability.LEARNING_HOST,
    Capability.NETWORK_DESK,
    Capability.KNOWLEDGE_SHARE,
}
_MANAGER = _LIBRARIAN | {
    Capability.SOURCE_MANAGE,
    Capability.LIBRARY_EDIT,
    Capability.AUDIT_VIEW,
    Capability.MONEY_MANAGE,
    Capability.RULES_EDIT,
    Capability.COPY_OVERRIDE,
    Capability.LEARNING_AGREE,
}
_COORDINATOR = frozenset(
    {
        Capability.SOURCE_VIEW,
        Capability.SOURCE_MANAGE,
        Capability.LIBRARY_EDIT,
        Capability.MAIL_VIEW,
        Capability.JOB_VIEW,
        Capability.AUDIT_VIEW,
        Capability.STATS_VIEW,
        Capability.RECORD_MATCH,
        Capability.RULES_EDIT,
        Capability.LEARNING_HOST,
        Capability.NETWORK_REQUESTS,
        Capability.NETWORK_DESK,
        Capability.KNOWLEDGE_SHARE,
        Capability.NETWORK_MANAGE,
    }
)

ROLE_CAPABILITIES: Mapping[str, frozenset[Capability]] = MappingProxyType(
    {
        Role.PATRON: _PATRON,
        Role.LIBRARIAN: _LIBRARIAN,
        Role.MANAGER: _MANAGER,
        Role.COORDINATOR: _COORDINATOR,
    }
)

# A library that is suspended, or has left, brings running loans to their end but starts nothing new.
NOT_WHILE_INACTIVE = frozenset(
    {Capability.REQUEST_CREATE, Capability.PEOPLE_CONFIRM, Capability.LEARNING_HOST}
)
# What a reader may do; everything else is staff work, for which a second factor can be demanded.
READER_CAPABILITIES = _PATRON


def capabilities_of(role: str) -> frozenset[Capability]:
    """The capabilities of a role at its library; none for an unknown role."""
    return ROLE_CAPABILITIES.get(role, frozenset())


def require(actor: Actor, *capabilities: Capability) -> None:
    """Raise PermissionDenied (403) unless the actor has one of the capabilities, or is the portal itself."""
    if not (actor.is_system or any(actor.can(capability) for capability in capabilities)):
        raise PermissionDenied(", ".join(str(capability) for capability in capabilities))
