"""Keys to sources stop working with whoever made them; members calls this when somebody leaves a library's staff."""

from __future__ import annotations

from catalog.models import SourceKey
from catalog.services.keys import key_revoke
from members.models import Membership
from network_portal.core.actor import Actor


def keys_revoke(*, membership: Membership, actor: Actor) -> None:
    """Take back every key in use that the person made for a source of that library.

    A key knows its maker by name alone, so a namesake's keys go too: a key can be made anew, a leak can't be undone.
    """
    name = str(membership.user)[:150]
    keys = SourceKey.objects.filter(
        source__library_id=membership.library_id, created_by=name, revoked_at=None
    )
    for key in keys.select_related("source"):
        key_revoke(key=key, actor=actor)
