"""Probing a source and keeping what was found out: profile, history of grades, announced size.

Called by reader.py at the first run, by services/probes.py weekly and at the press of a button.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from catalog.harvesting.oai.client import OaiClient
from catalog.harvesting.oai.probe import probe
from catalog.harvesting.oai.quirks import Profile
from catalog.harvesting.oai.types import OaiError
from catalog.harvesting.polite import Clock
from catalog.models import Source

PROBED_EVERY = timedelta(days=7)
HISTORY_KEPT = 12
TOLD_FOR = timedelta(days=30)


def source_probe(source: Source, *, clock: Clock | None = None) -> Profile:
    """Find out what the source can do, and keep it. Raises nothing: what went wrong is part of the profile.

    A server that is down today is not a worse one: a good profile stays until there is another, with a note.
    """
    client = OaiClient(source.url, clock=clock)
    profile = probe(client, prefix=source.oai_prefix, set_spec=source.oai_set)
    now = timezone.now().isoformat()
    if profile.error and usable(source):
        source.oai_profile = {**source.oai_profile, "trouble": {"at": now, "message": profile.message}}
        source.save(update_fields=["oai_profile"])
        return profile
    source.oai_profile = {**profile.as_json(), "history": _history(source.oai_profile, profile, now)}
    source.oai_probed_at = timezone.now()
    source.save(update_fields=["oai_profile", "oai_probed_at"])
    _note_size(source, profile)
    return profile


def _note_size(source: Source, profile: Profile) -> None:
    """completeListSize counts deleted records as well: of a server that lists them it says nothing.

    What such a server's last whole list told is forgotten when it is too old to be held against anything.
    """
    if "no_deletes" in profile.quirks and profile.complete_list_size:
        note_told(source, profile.complete_list_size)
    elif source.told_at and timezone.now() - source.told_at > TOLD_FOR:
        source.told_count = source.told_at = None
        source.save(update_fields=["told_count", "told_at"])


def current_profile(source: Source, *, resumed: bool, clock: Clock) -> Profile:
    """The one that is kept, or a new one after a week or a bad beginning. Raises OaiError where the probe failed."""
    probed = source.oai_probed_at
    fresh = usable(source) and probed and timezone.now() - probed < PROBED_EVERY
    if source.oai_profile and (resumed or fresh):
        return Profile.from_json(source.oai_profile)
    profile = source_probe(source, clock=clock)
    if profile.error:
        raise OaiError(profile.error, message=profile.message)
    return profile


def usable(source: Source) -> bool:
    """An empty list tells nothing about what a filled one will do."""
    profile = source.oai_profile
    return bool(profile) and not profile.get("error") and "no_records" not in profile.get("quirks", ())


def note_told(source: Source, count: int) -> None:
    """What the server itself says it has."""
    source.told_count, source.told_at = count, timezone.now()
    source.save(update_fields=["told_count", "told_at"])


def _history(before: dict[str, Any], profile: Profile, now: str) -> list[dict[str, Any]]:
    """Earlier grades, newest first: {grade, until, quirks}."""
    kept = list(before.get("history", []))
    if before.get("grade") and before["grade"] != profile.grade:
        kept.insert(0, {"grade": before["grade"], "until": now, "quirks": before.get("quirks", [])})
    return kept[:HISTORY_KEPT]
