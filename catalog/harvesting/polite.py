"""Asking a library's server politely: one connection per host, Retry-After, back-off with jitter.

Used by oai/http.py and sru/ for each request, and by files.py for a whole file. What is behind it is core/http.py.
"""

from __future__ import annotations

import fcntl
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from hashlib import sha256
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from django.conf import settings

from network_portal.core import http

ATTEMPTS = 6
LONGEST_WAIT = 600.0  # seconds; who asks for more patience is asked again with the next run
RETRIED = frozenset({429, 500, 502, 503, 504})
UNREACHED = ("timeout", "unreachable", "interrupted")  # of FetchError: another time it may work


@dataclass
class Clock:
    """Time, so that tests need not wait for it."""

    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], datetime] = lambda: datetime.now(timezone.utc)
    monotonic: Callable[[], float] = time.monotonic
    random: Callable[[], float] = random.random


def download(url: str, path: Path, *, max_bytes: int, timeout: int, check: Callable[[], None]) -> None:
    """A whole file into `path`, after as much patience as its server deserves. `check` may raise to leave, at any time.

    A server that is busy, fails or breaks off is asked ATTEMPTS times. Raises http.FetchError.
    """
    clock, attempt = Clock(), 0
    while True:
        attempt += 1
        try:
            with one_at_a_time(host_of(url), check):
                http.fetch_to_file(url, path, max_bytes=max_bytes, timeout=timeout, check=check)
                return
        except http.FetchError as error:
            wait = _patience(error, attempt, clock)
            if wait is None:
                raise
        _sleep(wait, clock, check)


def _patience(error: http.FetchError, attempt: int, clock: Clock) -> float | None:
    """Seconds until the next try; None where it would be of no use."""
    if attempt >= ATTEMPTS or not (error.code in UNREACHED or error.status in RETRIED):
        return None
    wait = retry_after(error.headers.get("retry-after", ""), now=clock.now())
    if wait is None:
        return pause(attempt - 1, clock)
    return wait if wait <= LONGEST_WAIT else None


def _sleep(seconds: float, clock: Clock, check: Callable[[], None]) -> None:
    """In short pieces, so that a stop is heard and the run is known to be alive."""
    while seconds > 0:
        check()
        clock.sleep(min(seconds, 1.0))
        seconds -= 1.0


def retry_after(value: str, *, now: datetime) -> float | None:
    """Seconds to wait, from seconds or a date (RFC 9110, section 10.2.3); None where nothing is said."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(min(int(value[:9]), 10**8))
    date = http_date(value)
    return max(0.0, (date - now).total_seconds()) if date else None


def pause(attempt: int, clock: Clock) -> float:
    """Seconds before the next try: twice as long each time, five minutes at most, and never two harvesters in step."""
    return float(min(300.0, 2.0 * 2**attempt) * (0.5 + clock.random() / 2))


@contextmanager
def one_at_a_time(host: str, check: Callable[[], None] | None = None) -> Iterator[None]:
    """Small libraries' servers fall over under two harvests. The lock goes with the process, however that ends.

    With `check`, which may raise, the wait for somebody else's long download can be left.
    """
    folder = Path(settings.VAR_DIR) / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"host-{sha256(host.lower().encode()).hexdigest()[:32]}"
    with path.open("w") as file:
        _lock(file, check)
        yield


def _lock(file: IO[str], check: Callable[[], None] | None) -> None:
    if check is None:
        fcntl.flock(file, fcntl.LOCK_EX)
        return
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            check()
            time.sleep(0.2)


def host_of(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:  # "http://[": refused by the request itself, with a sentence
        return ""


def http_date(value: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=timezone.utc)
