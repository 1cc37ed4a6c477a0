"""Django's Redis cache, but forgetful instead of broken while Redis is away.

What is cached can be computed again; a page that could be answered must not fail because its shortcut is gone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import structlog
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

log = structlog.get_logger(__name__)
T = TypeVar("T")


class ForgetfulRedisCache(RedisCache):
    """Reads miss and writes are dropped while Redis does not answer; other errors stay errors."""

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return _or(default, lambda: super(ForgetfulRedisCache, self).get(key, default, version))

    def get_many(self, keys: Any, version: int | None = None) -> dict[Any, Any]:
        return _or({}, lambda: super(ForgetfulRedisCache, self).get_many(keys, version))

    def set(self, key: Any, value: Any, timeout: Any = 300, version: int | None = None) -> None:
        _or(None, lambda: super(ForgetfulRedisCache, self).set(key, value, timeout, version))

    def add(self, key: Any, value: Any, timeout: Any = 300, version: int | None = None) -> bool:
        return _or(True, lambda: super(ForgetfulRedisCache, self).add(key, value, timeout, version))

    def delete(self, key: Any, version: int | None = None) -> bool:
        return _or(False, lambda: super(ForgetfulRedisCache, self).delete(key, version))

    def has_key(self, key: Any, version: int | None = None) -> bool:
        return _or(False, lambda: super(ForgetfulRedisCache, self).has_key(key, version))


def _or(default: T, work: Callable[[], T]) -> T:
    try:
        return work()
    except (RedisConnectionError, RedisTimeoutError) as error:
        log.warning("cache_away", error=str(error))
        return default
