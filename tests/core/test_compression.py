"""What is text travels packed, to whoever can unpack it."""

from __future__ import annotations

import gzip
from io import BytesIO

import pytest
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import Client, RequestFactory

from network_portal.core.compression import CompressionMiddleware

TEXT = "<p>laut biru</p>" * 100


def answered(response: HttpResponseBase, accepts: str = "gzip, br") -> HttpResponseBase:
    request = RequestFactory().get("/", HTTP_ACCEPT_ENCODING=accepts)
    return CompressionMiddleware(lambda _request: response)(request)  # type: ignore[return-value]


@pytest.mark.parametrize(
    "kind",
    ["text/html; charset=utf-8", "application/json", "application/atom+xml", "text/csv", "image/svg+xml"],
)
def test_text_is_packed(kind: str) -> None:
    response = answered(HttpResponse(TEXT, content_type=kind))
    assert isinstance(response, HttpResponse)
    assert response.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in response.headers["Vary"]
    assert gzip.decompress(response.content).decode() == TEXT


def test_a_stream_is_packed_as_it_goes() -> None:
    response = answered(StreamingHttpResponse((TEXT for _part in range(3)), content_type="text/plain"))
    assert isinstance(response, StreamingHttpResponse)
    assert gzip.decompress(b"".join(response)).decode() == TEXT * 3


def test_who_cannot_unpack_gets_plain_text() -> None:
    response = answered(HttpResponse(TEXT), accepts="identity")
    assert isinstance(response, HttpResponse)
    assert response.content.decode() == TEXT
    assert "Accept-Encoding" in response.headers["Vary"]


def test_a_scan_is_sent_as_it_is() -> None:
    response = answered(FileResponse(BytesIO(b"%PDF-1.7" * 100), content_type="application/pdf"))
    assert "Content-Encoding" not in response.headers


@pytest.mark.django_db
def test_a_page_of_the_portal_is_packed(client: Client) -> None:
    response = client.get("/accessibility/", headers={"accept-encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert b"<h1" in gzip.decompress(response.content)
