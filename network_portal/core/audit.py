"""Writing and telling history. A code must be registered with its sentence, or `record` refuses it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from network_portal.core.actor import READER, Actor
from network_portal.core.ids import current_request_id
from network_portal.core.models import AuditEntry

_sentences: dict[str, Any] = {}


def register(code: str, sentence: Any) -> None:
    """Name a dotted code (`loans.request.shipped`) and its lazily translated sentence.

    The sentence may use %(target)s, %(library)s and keys of the entry's data.
    """
    _sentences[code] = sentence


def registered_codes() -> dict[str, Any]:
    return dict(_sentences)


def record(
    code: str, *, actor: Actor, target: models.Model | None = None, data: dict[str, Any] | None = None
) -> AuditEntry:
    """Write one entry, in the caller's transaction. Raises KeyError for a code that nobody registered."""
    row = entry(code, actor=actor, target=target, data=data)
    row.save(force_insert=True)
    return row


def entry(
    code: str, *, actor: Actor, target: models.Model | None = None, data: dict[str, Any] | None = None
) -> AuditEntry:
    """The same, not written yet: for whoever writes many at once.

    A reader stands there by number: entries are never rewritten, and what somebody read has to be forgotten in time.
    """
    if code not in _sentences:
        raise KeyError(f"audit code {code!r} is not registered")
    return AuditEntry(
        code=code,
        actor_id=actor.user_id,
        actor_name=f"reader {actor.user_id}" if actor.role == READER else actor.user_name[:200],
        library_id=actor.library_id,
        library_name=actor.library_name[:200],
        channel=actor.channel,
        target_type=target._meta.label_lower if target else "",
        target_id=str(target.pk) if target else "",
        target_name=str(target)[:300] if target else "",
        data=data or {},
        request_id=current_request_id()[:64],
    )


class _Values(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "–"


def sentence(entry: AuditEntry) -> str:
    """The entry as a sentence in the reader's language; a code of a removed feature falls back to itself."""
    template = _sentences.get(entry.code)
    if template is None:
        return _("%(code)s: %(target)s") % {"code": entry.code, "target": entry.target_name}
    return str(template) % _Values(entry.data, target=entry.target_name, library=entry.library_name or "–")
