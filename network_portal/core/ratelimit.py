"""A token bucket in Redis: how often one address (or person) may do one thing.

The bucket is one atomic script, so that web processes share it without a race. When Redis does not answer, people
are let through: a limit that stops everybody is worse than none.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import TypeVar, cast

import structlog
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase
from redis.exceptions import RedisError

from network_portal.core.errors import PortalError

log = structlog.get_logger(__name__)
View = TypeVar("View", bound=Callable[..., HttpResponseBase])

# KEYS[1] bucket; ARGV: capacity, tokens per second, now. Answers 0 (taken) or the seconds to wait.
_TAKE = """
local capacity, rate, now = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local level, at = unpack(redis.call('HMGET', KEYS[1], 'level', 'at'))
level = math.min(capacity, (tonumber(level) or capacity) + math.max(0, now - (tonumber(at) or now)) * rate)
if level < 1 then return tostring((1 - level) / rate) end
redis.call('HSET', KEYS[1], 'level', level - 1, 'at', now)
redis.call('EXPIRE', KEYS[1], math.ceil(capacity / rate) + 1)
return '0'
"""


class TooManyRequests(PortalError):
    """The bucket is empty; `retry_after` in whole seconds. Middleware turns it into the 429 page."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"retry after {retry_after} s")
        self.retry_after = retry_after


def take(name: str, who: str, *, per_minute: int, burst: int) -> None:
    """Take one token of `who`'s bucket called `name`. Raises TooManyRequests."""
    key = cache.make_key(f"bucket:{name}:{who}")
    try:
        answer = cache._cache.get_client().eval(_TAKE, 1, key, burst, per_minute / 60, time.time())  # type: ignore[attr-defined]
    except RedisError as error:
        log.warning("rate_limit_off", error=str(error))
        return
    wait = float(answer)
    if wait > 0:
        raise TooManyRequests(max(1, int(wait + 0.999)))


def limited(name: str, *, per_minute: int, burst: int) -> Callable[[View], View]:
    """Decorator: one bucket per person, or per network address for people who are not logged in."""

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if settings.RATE_LIMITS:
                take(name, _who(request), per_minute=per_minute, burst=burst)
            return view(request, *args, **kwargs)

        return cast(View, guarded)

    return wrap


def _who(request: HttpRequest) -> str:
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return f"u{user.pk}"
    return address_of(request)


def address_of(request: HttpRequest) -> str:
    """Where a request comes from; behind a proxy what the proxy says, never what its sender says of themselves."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_PROXY else ""
    return forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
