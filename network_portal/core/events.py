"""News that travels upward: lower apps publish, higher apps subscribe, and no import points up.

Receivers run after the transaction committed. One that fails is logged and does not stop the others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import partial
from typing import Any

import structlog
from django.db import transaction

Receiver = Callable[..., None]
_receivers: dict[str, list[Receiver]] = defaultdict(list)
log = structlog.get_logger(__name__)


def subscribe(name: str, receiver: Receiver) -> None:
    if receiver not in _receivers[name]:
        _receivers[name].append(receiver)


def publish(name: str, **payload: Any) -> None:
    """Call every receiver of `name` after commit (at once outside a transaction). Payload: ids and plain values."""
    for receiver in list(_receivers[name]):
        transaction.on_commit(partial(_call, receiver, name, payload))


def _call(receiver: Receiver, name: str, payload: dict[str, Any]) -> None:
    try:
        receiver(**payload)
    except Exception:
        # What caused the news is committed and must not look failed; the other receivers still want to hear.
        log.exception("event_receiver_failed", event_name=name, receiver=repr(receiver))
