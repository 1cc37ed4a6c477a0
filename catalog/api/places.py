"""Where a batch stands in its session: from the JSON body or, for bodies of records alone, from the address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from catalog.api.problems import Refusal
from catalog.services.push_sessions import Place, digest_of

MAX_SEQ = 1_000_000
MAX_TOTAL = 10**9


def place_of(told: Mapping[str, Any], body: bytes) -> Place:
    """Raises Refusal where session and seq don't go together."""
    session, seq = told.get("session") or "", told.get("seq") or 0
    if isinstance(seq, str) and seq.isdigit() and len(seq) < 8:
        seq = int(seq)
    fits = isinstance(session, str) and len(session) <= 100 and session.isprintable()
    if not fits or isinstance(seq, bool) or not isinstance(seq, int) or not 0 <= seq <= MAX_SEQ:
        raise Refusal(
            400, "session_wrong", _("A session is a name of at most 100 characters, seq a whole number.")
        )
    if bool(session) != bool(seq):
        raise Refusal(400, "session_wrong", _("The batches of a session are numbered with seq, from 1 on."))
    complete, last, total = _yes(told.get("complete")), _yes(told.get("last")), told.get("total")
    known = isinstance(total, int) and not isinstance(total, bool) and 0 <= total <= MAX_TOTAL
    return Place(session, seq, complete, last, total if known else None, digest_of(body))


def _yes(told: Any) -> bool:
    return told is True or told in ("1", "true")
