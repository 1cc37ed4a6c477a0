"""What a page tells the counts: one line into a buffer in Redis, so that no reader waits for a table.

Instead of a person the line holds a hash of session or address under a random key of the day, which Redis forgets. It
only serves to tell how many different people asked the same, and is not kept (catalog/usage/fold.py).
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

import structlog
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from redis.exceptions import RedisError

from catalog.choices import UseKind
from catalog.folding import fold
from catalog.search.query import SearchQuery
from network_portal.core.crawlers import is_crawler
from network_portal.core.ratelimit import address_of

log = structlog.get_logger(__name__)
View = TypeVar("View", bound=Callable[..., HttpResponseBase])
LONGEST = 120  # characters of a question
MOST_WAITING = 200_000  # lines of the buffer; the oldest are given up if nobody counts them
SALT_SECONDS = 2 * 86400
_SALTS: dict[str, bytes] = {}


def buffer_key() -> str:
    return str(cache.make_key("usage:buffer"))


def note_search(request: HttpRequest, query: SearchQuery, total: int) -> None:
    """A question, once: its further pages, filters and orders are the same question."""
    if query.text and query.page == 1 and not query.is_filtered and query.sort == "relevance":
        text = " ".join(fold(query.text).split())[:LONGEST]
        _note(request, {"k": UseKind.ASKED.value, "q": text, "n": int(total == 0)})


def opening(view: View) -> View:
    """Decorator of a record page: counts it when it is shown as a whole."""

    @wraps(view)
    def counted(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if response.status_code == 200 and request.method == "GET" and "HX-Request" not in request.headers:
            _note(request, {"k": UseKind.OPENED.value, "e": kwargs["pk"]})
        return response

    return cast(View, counted)


def _note(request: HttpRequest, line: dict[str, Any]) -> None:
    if is_crawler(request):
        return
    day = timezone.localdate().isoformat()
    try:
        redis = cache._cache.get_client()  # type: ignore[attr-defined]
        line |= {"d": day, "w": _who(request, day, redis)}
        with redis.pipeline(transaction=False) as pipe:
            pipe.rpush(buffer_key(), json.dumps(line, ensure_ascii=False))
            pipe.ltrim(buffer_key(), -MOST_WAITING, -1)
            pipe.execute()
    except RedisError as error:
        log.warning("usage_lost", error=str(error))


def _who(request: HttpRequest, day: str, redis: Any) -> str:
    """The same for one session (else address and browser) all day, and never to be traced back after it."""
    who = request.COOKIES.get(settings.SESSION_COOKIE_NAME) or (
        f"{address_of(request)} {request.headers.get('User-Agent', '')}"
    )
    return hashlib.blake2b(who.encode(), key=_salt(day, redis), digest_size=8).hexdigest()


def _salt(day: str, redis: Any) -> bytes:
    """One for all processes; each asks for it once a day."""
    if day not in _SALTS:
        key = cache.make_key(f"usage:salt:{day}")
        redis.set(key, secrets.token_bytes(16), nx=True, ex=SALT_SECONDS)
        _SALTS.clear()
        _SALTS[day] = redis.get(key) or b"-"
    return _SALTS[day]
