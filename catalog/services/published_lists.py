"""Publishing a reading list under a library's name, and taking it back."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import PublishedList, ReadingList
from members.access import belongs_to
from members.permissions import Capability, require
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.audit import register
from network_portal.core.errors import RuleViolation

register("catalog.list.published", gettext_lazy("The list “%(name)s” was published."))
register("catalog.list.withdrawn", gettext_lazy("The list “%(name)s” was withdrawn."))


@transaction.atomic
def list_publish(*, row: ReadingList, actor: Actor) -> PublishedList:
    """For everybody, under the name of the actor's library. Its address is made once and never changes.

    Raises PermissionDenied, RuleViolation (no_library, list_empty).
    """
    require(actor, Capability.KNOWLEDGE_SHARE)
    if actor.library_id is None:
        raise RuleViolation("no_library", _("Please choose the library you work for first."))
    if not row.entries.exists():
        raise RuleViolation("list_empty", _("Put a title on the list first."))
    values = {"library_id": actor.library_id, "published_at": timezone.now(), "withdrawn_at": None}
    published = PublishedList.objects.select_for_update().filter(list=row).first()
    if published is None:
        published = PublishedList.objects.create(
            list=row, slug=f"{slugify(row.name)[:60] or 'list'}-{row.pk}", **values
        )
    elif published.withdrawn_at:
        for name, value in values.items():
            setattr(published, name, value)
        published.save(update_fields=list(values))
    audit.record("catalog.list.published", actor=actor, target=published, data={"name": row.name})
    return published


@transaction.atomic
def list_withdraw(*, published: PublishedList, actor: Actor) -> None:
    """By whoever made it, its library's managers, or who runs the network. Raises RuleViolation not_yours."""
    manages = actor.can(Capability.LIBRARY_EDIT) and belongs_to(actor, published.library_id)
    if published.list.owner_id != actor.user_id and not manages:
        raise RuleViolation("not_yours", _("Only who wrote this can do that."))
    published.withdrawn_at = timezone.now()
    published.save(update_fields=["withdrawn_at"])
    audit.record("catalog.list.withdrawn", actor=actor, target=published, data={"name": published.list.name})
