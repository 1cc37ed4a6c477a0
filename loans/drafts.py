"""A wish between the form and its check page: kept in the session under a key that also makes sending it once sure."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from django.contrib.sessions.backends.base import SessionBase

SESSION_KEY = "loan_drafts"
KEPT = 8  # the oldest goes first; nobody fills in more forms side by side


def draft_save(session: SessionBase, values: dict[str, Any], key: str = "") -> str:
    """Keep the form's values; returns the draft's key."""
    key = key or secrets.token_urlsafe(16)
    drafts = session.get(SESSION_KEY, {})
    drafts.pop(key, None)
    needed_by = values.get("needed_by")
    drafts[key] = {**values, "needed_by": needed_by.isoformat() if needed_by else ""}
    session[SESSION_KEY] = dict(list(drafts.items())[-KEPT:])
    return key


def draft_get(session: SessionBase, key: str) -> dict[str, Any] | None:
    draft = session.get(SESSION_KEY, {}).get(key)
    if draft is None:
        return None
    return {**draft, "needed_by": date.fromisoformat(draft["needed_by"]) if draft["needed_by"] else None}
