"""One polite request after the other to an OAI-PMH server. Called by client.py.

Patience is polite.py's; behind it is core/http.py: checked and pinned addresses, size cap, certificates.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode, urlsplit

from catalog.harvesting.oai.types import OaiError
from catalog.harvesting.polite import (
    ATTEMPTS,
    LONGEST_WAIT,
    RETRIED,
    UNREACHED,
    Clock,
    host_of,
    http_date,
    one_at_a_time,
    pause,
    retry_after,
)
from network_portal.core import http

MAX_BYTES = 64 * 1024**2
TIMEOUT = 120
# In the middle of a list, where giving up costs the whole list: more than ten minutes, whatever the jitter.
PATIENT_ATTEMPTS = 12
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
        return http_date(self.headers.get("date", ""))


Fetch = Callable[[str], Answer]


def fetch(url: str) -> Answer:
    """One request; a refusal that asks for patience is an answer, too. Raises http.FetchError."""
    with one_at_a_time(host_of(url)):
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
            if last or error.code not in UNREACHED:
                raise OaiError(error.code, message=error.message) from None
            clock.sleep(pause(attempt, clock))
            continue
        if answer.status in WITH_BODY:
            return answer
        if answer.status not in RETRIED:
            raise OaiError("http_status", str(answer.status))
        wait = retry_after(answer.headers.get("retry-after", ""), now=clock.now())
        if last or (wait or 0) > LONGEST_WAIT:
            code = "busy" if wait or answer.status in (429, 503) else "http_status"
            raise OaiError(code, str(answer.status), retry_after=wait or 0)
        clock.sleep(pause(attempt, clock) if wait is None else wait)
    raise OaiError("unreachable")


def with_arguments(base: str, arguments: Mapping[str, str]) -> str:
    """The address asked; a base that has a query of its own (index.php?p=oai) keeps it."""
    parts = urlsplit(base)
    query = "&".join(filter(None, [parts.query, urlencode(arguments)]))
    return parts._replace(query=query, fragment="").geturl()
