"""What was decided, as this process knows it: one small question to the database every FRESH seconds at most."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from typing import Any

import structlog
from django.db import DatabaseError, transaction

log = structlog.get_logger(__name__)
FRESH = 2.0  # seconds
_Known = tuple[Mapping[str, Any], float]
_known: _Known = ({}, 0.0)


def kept() -> Mapping[str, Any]:
    """Code to value, of what differs from the defaults. Where the database is away, what was known before."""
    global _known
    values, until = _known
    now = time.monotonic()
    if now < until:
        return values
    _known = (values, now + FRESH)  # threads beside this one go on with what is known meanwhile
    try:
        values = _asked()
    except DatabaseError as error:
        log.warning("network_settings_unread", error=str(error))
    _known = (values, now + FRESH)
    return values


def last_known() -> Mapping[str, Any]:
    """The same without a question: for pages that are shown when the database is away."""
    return _known[0]


def forget() -> None:
    """The next question is asked anew."""
    global _known
    _known = (_known[0], 0.0)


def hold(values: Mapping[str, Any]) -> None:
    """These count in this process until `forget`, and the database isn't asked: for tests that count questions."""
    global _known
    _known = (values, math.inf)


def _asked() -> dict[str, Any]:
    from network_portal.core.models import NetworkSetting

    with transaction.atomic():  # a table that is not there yet must not spoil the work that asks
        return dict(NetworkSetting.objects.values_list("code", "value"))
