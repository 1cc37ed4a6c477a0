"""Which editions' covers readers would have liked to see: a list in Redis, the most wanted first.

Asked twice is in it once, so that no flood of pages makes a flood of questions to the provider.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import structlog
from django.core.cache import cache
from redis.exceptions import RedisError

from catalog.covers.provider import is_on

log = structlog.get_logger(__name__)
LONGEST = 2_000  # editions; the least wanted fall out
LIST, PAGE = 1, 20  # how much a look at a list counts, and one at the record itself
KEPT_SECONDS = 24 * 3600


def want(edition_ids: Iterable[int], weight: int = LIST) -> None:
    """Note them for the worker. Without a provider, or while Redis is away, nothing happens."""
    ids = list(edition_ids)
    if not ids or not is_on():
        return
    try:
        pipe = _client().pipeline(transaction=False)
        for pk in ids:
            pipe.zincrby(_key(), weight, pk)
        pipe.zremrangebyrank(_key(), 0, -LONGEST - 1)
        pipe.expire(_key(), KEPT_SECONDS)
        pipe.execute()
    except RedisError as error:
        log.warning("covers_not_noted", error=str(error))


def take(count: int) -> list[int]:
    """The most wanted, taken off the list."""
    return [int(pk) for pk, _weight in _client().zpopmax(_key(), count)]


def _client() -> Any:
    return cache._cache.get_client()  # type: ignore[attr-defined]


def _key() -> str:
    return cache.make_key("covers:wanted")
