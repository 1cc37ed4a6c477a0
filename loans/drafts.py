"""A wish between the form and its check page: kept in the session under a key that also makes sending it once sure.

The session outlives the login, so that what was filled in, or came by a link, is there afterwards.
"""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from django.contrib.sessions.backends.base import SessionBase

from loans.citation import Citation

SESSION_KEY = "loan_drafts"
KEPT = 8  # the oldest goes first; nobody fills in more forms side by side


def draft_save(session: SessionBase, values: dict[str, Any], key: str = "") -> str:
    """Keep the form's values beside those kept before; returns the draft's key."""
    drafts = session.get(SESSION_KEY, {})
    key = key if key in drafts else secrets.token_urlsafe(16)
    kept = {**drafts.pop(key, {}), **values}
    needed_by = kept.get("needed_by")
    drafts[key] = {
        **kept,
        "needed_by": needed_by.isoformat() if isinstance(needed_by, date) else needed_by or "",
    }
    session[SESSION_KEY] = dict(list(drafts.items())[-KEPT:])
    return key


def draft_get(session: SessionBase, key: str) -> dict[str, Any] | None:
    """The draft as it was saved; None when it is no longer kept, or was never this browser's."""
    draft = session.get(SESSION_KEY, {}).get(key)
    if draft is None:
        return None
    needed_by = draft.get("needed_by")
    return {**draft, "needed_by": date.fromisoformat(needed_by) if needed_by else None}


def draft_drop_reader(session: SessionBase, key: str) -> None:
    """The draft is for whoever is logged in again."""
    if (draft := session.get(SESSION_KEY, {}).get(key)) is not None:
        for name in ("reader", "reader_name", "reader_contact"):
            draft.pop(name, None)
        session.modified = True


def citation_in(draft: dict[str, Any]) -> Citation | None:
    """What was described; None for a wish that began at a record of the catalogue."""
    return Citation.of(draft["citation"]) if draft.get("citation") else None
