"""Batches that belong together: their order, their repetition, their end. Called by push.py and push_items.py."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import blake2b
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.models import PushSession, Run, Source
from network_portal.core.errors import Conflict

PUSH_LOCK = 0x6A66  # held for the length of one batch; the second number is the source's
PATIENCE = 3.0  # seconds that a batch waits for the one before it
KEPT = timedelta(days=90)


class Busy(Conflict):
    """Somebody else is writing to this source; `retry_after` seconds from now it may work."""

    def __init__(self, code: str, message: str, retry_after: int) -> None:
        super().__init__(code, message)
        self.retry_after = retry_after


@dataclass(frozen=True)
class Place:
    """Where a batch stands. Without a `session` it stands alone.

    `last`: the session ends with it. `complete`: it does, and everything the source has was sent in it.
    `total`: how many records the library says it has.
    """

    session: str = ""
    seq: int = 0
    complete: bool = False
    last: bool = False
    total: int | None = None
    digest: bytes = field(default=b"", repr=False)  # of the body

    @property
    def ends(self) -> bool:
        return self.complete or self.last or not self.session


def digest_of(body: bytes) -> bytes:
    return blake2b(body, digest_size=16).digest()


@contextmanager
def alone(source: Source) -> Iterator[None]:
    """One batch at a time to a source. Raises Busy where the one before takes too long."""
    number, until = source.pk % 2**31, time.monotonic() + PATIENCE
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [PUSH_LOCK, number])
            if cursor.fetchone()[0]:
                break
            if time.monotonic() > until:
                raise Busy("busy", _("Another batch for this source is being written. Try again soon."), 5)
            time.sleep(0.05)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [PUSH_LOCK, number])


def session_of(source: Source, part: str, place: Place) -> PushSession | None:
    """The batch's session, begun with its first batch; None for a batch that stands alone."""
    if not place.session:
        return None
    now = timezone.now()
    session, made = PushSession.objects.get_or_create(
        source=source, part=part, name=place.session, defaults={"started_at": now, "heard_at": now}
    )
    if made:
        PushSession.objects.filter(source=source, heard_at__lt=now - KEPT).delete()
    return session


def answer_again(session: PushSession | None, place: Place) -> dict[str, Any] | None:
    """The answer that got lost on its way, where the very same batch comes a second time.

    Raises Conflict (session_over) for any other batch of a session that has ended.
    """
    if session is None:
        return None
    if place.seq == session.seq and bytes(session.last_digest) == place.digest and session.last_answer:
        return {**session.last_answer, "repeated": True}
    if session.ended_at is not None and unanswered(session, place) is None:
        raise Conflict("session_over", _("This session has ended. Begin a new one, with another name."))
    return None


def step(session: PushSession | None, place: Place) -> bool:
    """Note the batch's place in its session; whether every batch up to it has come. Not saved yet."""
    if session is None:
        return True
    if place.seq > session.seq + 1:
        session.whole = False
    session.seq = max(session.seq, place.seq)
    return session.whole


def announce(session: PushSession | None, place: Place) -> None:
    """Note which batch is about to end the session, so that it is known again if nobody lives to answer it."""
    if session is not None:
        session.last_digest, session.last_answer = place.digest, {}
        session.save(update_fields=["seq", "whole", "last_digest", "last_answer"])


def unanswered(session: PushSession | None, place: Place) -> Run | None:
    """The session's run where this very batch ended it and the server died before it could answer."""
    if session is None or session.run is None or session.run.is_live or not place.ends:
        return None
    known = bytes(session.last_digest) == place.digest and not session.last_answer
    return session.run if known and session.run.checkpoint.get("ended") else None


def finish(session: PushSession | None, place: Place, answer: dict[str, Any]) -> dict[str, Any]:
    """Keep the answer, and end the session with its last batch."""
    if session is None:
        return answer
    session.heard_at = timezone.now()
    session.last_digest, session.last_answer = place.digest, answer
    if place.ends:
        session.ended_at = session.heard_at
    session.save()
    return answer
