"""One polite request after the other to an OAI-PMH server: Retry-After, back-off with jitter, one at a time per host.

Called by client.py. What is behind it is core/http.py: checked and pinned addresses, size cap, certificates.
"""

from __future__ import annotations

import fcntl
import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from django.conf import settings

from catalog.harvesting.oai.types import OaiError
from network_portal.core import http

MAX_BYTES = 64 * 1024**2
TIMEOUT = 120
ATTEMPTS = 6
# In the middle of a list, where giving up costs the whole list: more than ten minutes, whatever the jitter.
PATIENT_ATTEMPTS = 12
LONGEST_WAIT = 600.0  # who asks for more patience is asked again with the next run
RETRIED = frozenset({429, 500, 502, 503, 504})
# Some servers give OAI-PMH's own errors a status; their body says more than the number.
WITH_BODY = frozenset({200, 400, 404, 405, 406, 422})


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)  # names in small letters

    @property
    def date(self) -> datetime | None:
        """The web server's clock, which is in UTC whatever the catalogue system believes."""
        return _http_date(self.headers.get("date", ""))


Fetch = Callable[[str], Answer]


@dataclass
class Clock:
    """Time, so that tests need not wait for it."""

    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], datetime] = lambda: datetime.now(timezone.utc)
    monotonic: Callable[[], float] = time.monotonic
    random: Callable[[], float] = random.random


def fetch(url: str) -> Answer:
    """One request; a refusal that asks for patience is an answer, too. Raises http.FetchError."""
    with one_at_a_time(_host(url)):
        try:
            got = http.get(url, max_bytes=MAX_BYTES, timeout=TIMEOUT, statuses=WITH_BODY)
        except http.FetchError as error:
            if error.status:
                return Answer(error.status, b"", error.headers)
            raise
    return Answer(got.status, got.body, got.headers)


def ask(url: str, *, fetch: Fetch, clock: Clock, attempts: int = ATTEMPTS) -> Answer:
    """The answer, after as much patience as the server deserves. Raises OaiError."""
    for attempt in range(attempts):
        last = attempt == attempts - 1
        try:
            answer = fetch(url)
        except http.FetchError as error:
            if last or error.code not in ("timeout", "unreachable", "interrupted"):
                raise OaiError(error.code, message=error.message) from None
            clock.sleep(_pause(attempt, clock))
            continue
        if answer.status in WITH_BODY:
            return answer
        if answer.status not in RETRIED:
            raise OaiError("http_status", str(answer.status))
        wait = retry_after(answer.headers.get("retry-after", ""), now=clock.now())
        if last or (wait or 0) > LONGEST_WAIT:
            code = "busy" if wait or answer.status in (429, 503) else "http_status"
            raise OaiError(code, str(answer.status), retry_after=wait or 0)
        clock.sleep(_pause(attempt, clock) if wait is None else wait)
    raise OaiError("unreachable")


def retry_after(value: str, *, now: datetime) -> float | None:
    """Seconds to wait, from seconds or a date (RFC 9110, section 10.2.3); None where nothing is said."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(min(int(value[:9]), 10**8))
    date = _http_date(value)
    return max(0.0, (date - now).total_seconds()) if date else None


@contextmanager
def one_at_a_time(host: str) -> Iterator[None]:
    """Small libraries' servers fall over under two harvests. The lock goes with the process, however that ends."""
    folder = Path(settings.VAR_DIR) / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"host-{sha256(host.lower().encode()).hexdigest()[:32]}"
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def with_arguments(base: str, arguments: Mapping[str, str]) -> str:
    """The address asked; a base that has a query of its own (index.php?p=oai) keeps it."""
    parts = urlsplit(base)
    query = "&".join(filter(None, [parts.query, urlencode(arguments)]))
    return parts._replace(query=query, fragment="").geturl()


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:  # "http://[": refused by the request itself, with a sentence
        return ""


def _pause(attempt: int, clock: Clock) -> float:
    return float(min(300.0, 2.0 * 2**attempt) * (0.5 + clock.random() / 2))


def _http_date(value: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=timezone.utc)
