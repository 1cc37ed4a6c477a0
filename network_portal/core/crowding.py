"""How many requests of one kind may be under way at once, counted in Redis; used by pages that cost work.

Each request under way is a member of a sorted set that expires by itself: a worker that dies gives its place back after
`seconds`, and nobody has to clean up. When Redis does not answer, people are let through.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from django.core.cache import cache
from redis.exceptions import RedisError

from network_portal.core.ratelimit import TooManyRequests

log = structlog.get_logger(__name__)

PLACE_SECONDS = 30  # nothing that is counted takes longer; gunicorn ends a worker that hangs after 60
RETRY_AFTER = 2

# KEYS: one set for each limit; ARGV: now, seconds, the place's name, then the limit of each set.
# Answers 1 (a place taken in every set) or 0 (none taken in any).
_ENTER = """
local now, seconds, place = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
for n, key in ipairs(KEYS) do
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now)
  if redis.call('ZCARD', key) >= tonumber(ARGV[3 + n]) then return 0 end
end
for _, key in ipairs(KEYS) do
  redis.call('ZADD', key, now + seconds, place)
  redis.call('EXPIRE', key, seconds + 1)
end
return 1
"""


def crowd_key(name: str, what: str) -> str:
    """What is counted together; the name keeps neither an address nor what somebody searched for."""
    return str(cache.make_key(f"crowd:{name}:{hashlib.blake2b(what.encode(), digest_size=12).hexdigest()}"))


@contextmanager
def at_once(limits: dict[str, int], *, seconds: int = PLACE_SECONDS) -> Iterator[None]:
    """A place in every crowd (`crowd_key` -> how many at once) while the block runs. Raises TooManyRequests."""
    place, keys = secrets.token_hex(8), list(limits)
    try:
        redis = cache._cache.get_client()  # type: ignore[attr-defined]
        let_in = redis.eval(_ENTER, len(keys), *keys, time.time(), seconds, place, *limits.values())
    except RedisError as error:
        log.warning("crowd_limit_off", error=str(error))
        yield
        return
    if not let_in:
        raise TooManyRequests(RETRY_AFTER)
    try:
        yield
    finally:
        _leave(keys, place)


def _leave(keys: list[str], place: str) -> None:
    try:
        with cache._cache.get_client().pipeline(transaction=False) as pipe:  # type: ignore[attr-defined]
            for key in keys:
                pipe.zrem(key, place)
            pipe.execute()
    except RedisError as error:  # the place expires by itself
        log.warning("crowd_place_kept", error=str(error))
