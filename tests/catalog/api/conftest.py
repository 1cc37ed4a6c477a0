"""An agent as the tests play it: a key, and requests over real HTTP."""

from __future__ import annotations

import gzip
import json
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Any

import pytest

from catalog.choices import SourceKind
from catalog.models import Source
from catalog.services.keys import key_make
from tests.catalog.building import SYSTEM, source


@dataclass
class Answer:
    status: int
    headers: Any
    body: dict[str, Any]


@dataclass
class Agent:
    """Sends to one source of a running portal."""

    address: str
    source: Source
    secret: str = ""
    sent: int = field(default=0)

    def __post_init__(self) -> None:
        if not self.secret:
            _key, self.secret = key_make(source=self.source, name="PC sirkulasi", actor=SYSTEM)

    def call(
        self,
        path: str,
        body: bytes | None = None,
        *,
        kind: str = "application/json",
        packed: bool = False,
        **headers: str,
    ) -> Answer:
        """`path` after /api/v1/sources/."""
        request = urllib.request.Request(f"{self.address}/api/v1/sources/{path}", data=body)
        if self.secret:
            request.add_header("Authorization", f"Bearer {self.secret}")
        request.add_header("Content-Type", kind)
        request.add_header("Accept-Language", "en")
        if packed and body is not None:
            request.data = gzip.compress(body)
            request.add_header("Content-Encoding", "gzip")
        for name, value in headers.items():
            request.add_header(name.replace("_", "-"), value)
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return Answer(response.status, response.headers, json.loads(response.read()))
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, json.loads(error.read() or b"{}"))

    def post(self, what: str, told: Any, **options: Any) -> Answer:
        body = told if isinstance(told, bytes) else json.dumps(told).encode()
        return self.call(f"{self.source.pk}/{what}", body, **options)

    def records(self, told: Any, **options: Any) -> Answer:
        return self.post("records", told, **options)

    def items(self, told: Any, **options: Any) -> Answer:
        return self.post("items", told, **options)


@pytest.fixture
def agent(transactional_db: None, live_server: Any) -> Agent:
    return Agent(live_server.url, source(kind=SourceKind.PUSH))


def book(identifier: str, title: str, **values: Any) -> dict[str, Any]:
    return {"identifier": identifier, "format": "json", "data": {"title": title, **values}}


def results(answer: Answer, key: str = "identifier") -> dict[str, str]:
    assert answer.status == 200, answer.body
    return {result[key]: result["result"] for result in answer.body["results"]}
