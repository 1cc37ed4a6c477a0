"""A client of SRU 1.1, 1.2 and 2.0: explain, searchRetrieve, scan. Used by harvest.py and search.py; no Django models.

Asking politely (Retry-After, back-off, one request at a time per host) is oai/http.py's; what remains raises SruError.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from catalog.harvesting.oai import http
from catalog.harvesting.oai.http import Fetch
from catalog.harvesting.oai.types import OaiError
from catalog.harvesting.polite import ATTEMPTS, Clock
from catalog.harvesting.sru.explain import parse_explain
from catalog.harvesting.sru.parse import parse_page, parse_terms
from catalog.harvesting.sru.types import Explain, SruError, SruPage, Term

USUAL_VERSION = "1.2"
TRUNCATED_ATTEMPTS = 3
T = TypeVar("T")


class SruClient:
    """`version`: what to speak; 2.0 has neither an operation nor a version in its questions."""

    def __init__(
        self,
        base_url: str,
        *,
        version: str = "",
        fetch: Fetch = http.fetch,
        clock: Clock | None = None,
        attempts: int = ATTEMPTS,
    ) -> None:
        self.base_url = base_url
        self.version = version or USUAL_VERSION
        self.clock = clock or Clock()
        self.attempts = attempts
        self._fetch = fetch

    def explain(self) -> Explain:
        """What the server says of itself; asked as in 1.x, else as in 2.0 (no arguments). Raises SruError."""
        asked = {"operation": "explain", "version": self.version}
        if self.version == "2.0":
            return self._ask(parse_explain, {})
        try:
            return self._ask(parse_explain, asked)
        except SruError as error:
            if error.code in (
                "html_page",
                "doctype",
                "redirect",
                "busy",
                "private_address",
                "unreachable",
                "tls",
            ):
                raise
        return self._ask(parse_explain, {})

    def search(self, query: str, *, start: int, size: int, schema: str = "", sort_key: str = "") -> SruPage:
        """`size` records of the result from place `start` on, the first one being 1. Raises SruError."""
        asked = {
            "query": query,
            "startRecord": str(start),
            "maximumRecords": str(size),
            "recordSchema": schema,
        }
        if self.version == "2.0":
            asked |= {"recordXMLEscaping": "xml", "sortKeys": sort_key}
        else:
            asked |= {"operation": "searchRetrieve", "version": self.version, "recordPacking": "xml"}
        if self.version == "1.1":
            asked["sortKeys"] = sort_key
        elif self.version == "1.2" and sort_key:  # sorting moved into the query, and back out again in 2.0
            asked["query"] = f"{query} sortBy {sort_key}"
        return self._ask(parse_page, asked)

    def scan(self, clause: str, *, size: int) -> list[Term]:
        """Terms of an index from the clause's on: `dc.date = 1990`. Raises SruError."""
        asked = {"scanClause": clause, "maximumTerms": str(size), "responsePosition": "1"}
        if self.version == "2.0":
            asked["operation"] = "scan"
        else:
            asked |= {"operation": "scan", "version": self.version}
        return self._ask(parse_terms, asked)

    def _ask(self, parse: Callable[[bytes], T], arguments: dict[str, str]) -> T:
        """An answer that breaks off is asked for again."""
        url = http.with_arguments(self.base_url, {k: v for k, v in arguments.items() if v})
        for attempt in range(TRUNCATED_ATTEMPTS):
            try:
                answer = http.ask(url, fetch=self._fetch, clock=self.clock, attempts=self.attempts)
            except OaiError as error:
                raise SruError(error.code, error.detail, message=error.message) from None
            try:
                return parse(answer.body)
            except SruError as error:
                if answer.status != 200 and error.code in ("html_page", "not_sru", "unreadable"):
                    raise SruError("http_status", str(answer.status)) from None
                if error.code != "truncated" or attempt == TRUNCATED_ATTEMPTS - 1:
                    raise
        raise SruError("truncated")
