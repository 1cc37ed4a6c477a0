"""Admitting and changing member libraries; suspending and leaving are in members/standing."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Count

from members.models import Library
from members.services.calendars import CALENDAR_CHANGED
from network_portal.core import audit, events
from network_portal.core.actor import Actor

# The short code stands in request numbers and addresses for ever; status has its own services.
FIXED_FIELDS = frozenset({"short_code", "status", "id", "is_demo", "created_at"})


@transaction.atomic
def library_create(*, actor: Actor, **fields: Any) -> Library:
    """Admit a library. Raises django's ValidationError for values that the model refuses."""
    library = Library(**_spelt(fields))
    library.full_clean()
    library.save()
    audit.record("members.library.created", actor=actor, target=library, data={"code": library.short_code})
    return library


@transaction.atomic
def library_update(*, library: Library, actor: Actor, **fields: Any) -> Library:
    """Change what the library says about itself; code and status stay. Raises ValidationError as above."""
    fields = _spelt(fields)
    changed = [
        name for name, value in fields.items() if name not in FIXED_FIELDS and getattr(library, name) != value
    ]
    if not changed:
        return library
    for name in changed:
        setattr(library, name, fields[name])
    library.full_clean()
    library.save(update_fields=changed)
    audit.record("members.library.updated", actor=actor, target=library, data={"fields": sorted(changed)})
    if "time_zone" in changed:
        events.publish(CALENDAR_CHANGED, library_id=library.pk)
    return library


def _spelt(fields: dict[str, Any]) -> dict[str, Any]:
    """City and province as members already write them, so that one place is one dot, one choice and one group."""
    return fields | {name: place_spelt(name, fields[name]) for name in ("city", "province") if name in fields}


def place_spelt(field: str, text: str) -> str:
    """ "BANDUNG " is "Bandung" where somebody has written so; without a model, capitals alone are made words."""
    text = " ".join(text.split())
    known = Library.objects.filter(**{f"{field}__iexact": text}).values_list(field, flat=True)
    written: str | None = known.annotate(times=Count("pk")).order_by("-times", field).first()
    if written and not written.isupper() and not written.islower():
        return written
    return text.title() if (text.isupper() and len(text) > 3) or text.islower() else text
