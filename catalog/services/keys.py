"""Keys with which a library's agent sends to one source: made, found, taken back. Called by views and the API."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.models import Source, SourceKey
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation

MARK = "jjr_"  # so that a key found in a log or a mail is known for what it is
PREFIX = 8
MOST_KEYS = 20  # of one source, revoked ones not counted
USED_EVERY = timedelta(minutes=1)


@transaction.atomic
def key_make(*, source: Source, name: str, actor: Actor) -> tuple[SourceKey, str]:
    """A new key and its secret, which has 256 random bits and is kept nowhere. Raises RuleViolation (too_many_keys)."""
    if source.keys.filter(revoked_at=None).count() >= MOST_KEYS:
        raise RuleViolation("too_many_keys", _("This source has many keys already. Take one back first."))
    secret = MARK + secrets.token_urlsafe(32)
    key = SourceKey.objects.create(
        source=source,
        name=name,
        prefix=secret[:PREFIX],
        digest=_digest(secret),
        created_by=actor.user_name[:150],
    )
    audit.record("catalog.key.made", actor=actor, target=source, data={"key": key.prefix, "name": key.name})
    return key, secret


@transaction.atomic
def key_revoke(*, key: SourceKey, actor: Actor) -> None:
    """The key opens nothing any more, from now on. A second time changes nothing."""
    key = SourceKey.objects.select_for_update(of=("self",)).select_related("source").get(pk=key.pk)
    if key.revoked_at is None:
        key.revoked_at = timezone.now()
        key.save(update_fields=["revoked_at"])
        audit.record(
            "catalog.key.revoked", actor=actor, target=key.source, data={"key": key.prefix, "name": key.name}
        )


def key_find(secret: str) -> SourceKey | None:
    """The key in use with this secret. How long it takes tells nothing: what is looked up is its hash."""
    digest = _digest(secret)
    key = SourceKey.objects.select_related("source__library").filter(digest=digest).first()
    if key is None or not hmac.compare_digest(key.digest, digest) or key.revoked_at is not None:
        return None
    return key


def key_used(key: SourceKey) -> None:
    """Remember when it was used, to the minute."""
    now = timezone.now()
    if key.last_used_at is None or now - key.last_used_at > USED_EVERY:
        SourceKey.objects.filter(pk=key.pk).update(last_used_at=now)


def key_actor(key: SourceKey) -> Actor:
    """The agent as the audit trail names it."""
    library = key.source.library
    return Actor(
        user_id=None,
        user_name=key.name,
        library_id=library.pk,
        library_name=library.name,
        channel="api",
        role="agent",
    )


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
