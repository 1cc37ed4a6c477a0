"""The log of requests keeps no secret and no reader's words, also when something goes wrong."""

from __future__ import annotations

import logging

import pytest
from django.test import Client, RequestFactory

from network_portal.core.request_log import RequestLogMiddleware

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("/sign-in/return/?code=s3cret&state=s3cret", "GET /sign-in/return/?code=…&state=…"),
        ("/search/?q=s3cret&q=s3cret&page=2", "GET /search/?q=…&page=…"),
        ("/copies/s3cret0123456789abcdef/files/7/", "GET /copies/s3cr…/files/7/"),
        ("/search/", "GET /search/"),
        ("/search/?s3cret0123456789abcdef&&x", "GET /search/?s3cr…=…&x=…"),
        (
            f"/?{'&'.join(f'k{n}=s3cret' for n in range(3000))}",
            f"GET /?{'&'.join(f'k{n}=…' for n in range(20))}",
        ),
    ],
)
def test_values_are_left_out(address: str, told: str) -> None:
    assert RequestLogMiddleware.format_request(RequestFactory().get(address)) == told


def test_a_request_that_fails_is_logged_without_its_values(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("the engine is gone")

    caplog.set_level(logging.INFO)
    Client().get("/nowhere/", {"code": "s3cret"})
    monkeypatch.setattr("members.middleware.working_anonymous", broken)
    Client(raise_request_exception=False).get("/search/", {"q": "s3cret"})
    told = [record.getMessage() for record in caplog.records if "request" in record.name]
    assert any("request_failed" in line for line in told) and any("/search/?q=" in line for line in told)
    assert any("/nowhere/?code=" in line for line in told) and not any("s3cret" in line for line in told)
