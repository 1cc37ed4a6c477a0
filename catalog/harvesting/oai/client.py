"""A client of OAI-PMH 2.0: the six verbs, one method each. Used by harvest.py and probe.py; no Django models.

Broken answers are repaired by parse.py, refusals are waited for by http.py; what remains raises OaiError.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from catalog.harvesting.oai import http
from catalog.harvesting.oai.http import Answer, Fetch
from catalog.harvesting.oai.parse import parse_formats, parse_identity, parse_page, parse_sets
from catalog.harvesting.oai.types import Identity, MetadataFormat, OaiError, OaiPage, OaiRecord, OaiSet
from catalog.harvesting.polite import ATTEMPTS, Clock

MAX_SET_PAGES = 200
TRUNCATED_ATTEMPTS = 3
T = TypeVar("T")


class OaiClient:
    """`prefix_with_token`: send metadataPrefix beside a token, which the standard forbids and some servers need.

    It sets itself where a server refuses a token without it. `patience`: how often a page behind a token is asked for.
    """

    def __init__(
        self,
        base_url: str,
        *,
        prefix_with_token: bool = False,
        patience: int = ATTEMPTS,
        fetch: Fetch = http.fetch,
        clock: Clock | None = None,
    ) -> None:
        self.base_url = base_url
        self.prefix_with_token = prefix_with_token
        self.patience = patience
        self.clock = clock or Clock()
        self.last_answer = Answer(0, b"")
        self._fetch = fetch

    def identify(self) -> Identity:
        return self._ask(parse_identity, verb="Identify")

    def list_metadata_formats(self, identifier: str = "") -> list[MetadataFormat]:
        return self._ask(parse_formats, verb="ListMetadataFormats", identifier=identifier)

    def list_sets(self) -> list[OaiSet]:
        """All sets; none where the server knows no sets. Raises OaiError (repeated_token, too_many_pages)."""
        found: list[OaiSet] = []
        seen: set[str] = set()
        token = ""
        for _page in range(MAX_SET_PAGES):
            try:
                sets, token = self._ask(parse_sets, verb="ListSets", resumptionToken=token)
            except OaiError as error:
                if error.code == "noSetHierarchy":
                    return []
                raise
            found += sets
            if not token:
                return found
            if token in seen:
                raise OaiError("repeated_token")
            seen.add(token)
        raise OaiError("too_many_pages")

    def get_record(self, identifier: str, prefix: str) -> OaiRecord | None:
        page = self._page({"verb": "GetRecord", "identifier": identifier, "metadataPrefix": prefix})
        return next(iter(page.records), None)

    def list_records(
        self, prefix: str, *, set_spec: str = "", dates: dict[str, str] | None = None, headers: bool = False
    ) -> OaiPage:
        """The first page. `dates`: from and until, already written; `headers`: ListIdentifiers."""
        verb = "ListIdentifiers" if headers else "ListRecords"
        return self._page({"verb": verb, "metadataPrefix": prefix, "set": set_spec, **(dates or {})})

    def list_more(self, token: str, prefix: str, *, headers: bool = False) -> OaiPage:
        """The page behind a token. Raises OaiError (badResumptionToken and others)."""
        asked = {"verb": "ListIdentifiers" if headers else "ListRecords", "resumptionToken": token}
        if self.prefix_with_token:
            return self._page({**asked, "metadataPrefix": prefix})
        try:
            return self._page(asked)
        except OaiError as error:
            if error.code != "badArgument":
                raise
        page = self._page({**asked, "metadataPrefix": prefix})
        self.prefix_with_token = True
        page.warnings.append("prefix_with_token")
        return page

    def _page(self, arguments: dict[str, str]) -> OaiPage:
        """A page that breaks off is asked for again; what it held is better than nothing only if it has a token."""
        for _attempt in range(TRUNCATED_ATTEMPTS):
            page = self._ask(parse_page, **arguments)
            if not page.truncated:
                return page
        if page.token:
            return page
        raise OaiError("truncated")

    def _ask(self, parse: Callable[[bytes], T], **arguments: str) -> T:
        url = http.with_arguments(self.base_url, {k: v for k, v in arguments.items() if v})
        self.last_answer = answer = http.ask(
            url, fetch=self._fetch, clock=self.clock,
            attempts=self.patience if "resumptionToken" in arguments else ATTEMPTS,
        )  # fmt: skip
        try:
            return parse(answer.body)
        except OaiError as error:
            if answer.status != 200 and error.code in ("html_page", "not_oai", "unreadable"):
                raise OaiError("http_status", str(answer.status)) from None
            raise
