"""The one door for outbound HTTP, against a real server on loopback that misbehaves in each way."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from network_portal.core import http


class Peer(BaseHTTPRequestHandler):
    """/ok, /big (declared), /endless (undeclared), /slow, /broken, /elsewhere, /circle, /missing."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        getattr(self, f"_{self.path.strip('/').partition('?')[0]}", self._missing)()

    def _ok(self) -> None:
        self._send(200, b"isi katalog", {"Content-Type": "application/marc; charset=x"})

    def _missing(self) -> None:
        self._send(404, b"")

    def _circle(self) -> None:
        self._send(302, b"", {"Location": "/circle"})

    def _hop(self) -> None:
        self._send(302, b"", {"Location": "/ok"})

    def _elsewhere(self) -> None:
        self._send(302, b"", {"Location": "http://169.254.169.254/latest/meta-data"})

    def _big(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(10 * 1024**3))
        self.end_headers()

    def _endless(self) -> None:
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        try:
            for _block in range(1000):
                self.wfile.write(b"x" * 65536)
        except OSError:
            pass
        self.close_connection = True

    def _slow(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "100")
        self.end_headers()
        try:
            for _byte in range(40):
                self.wfile.write(b"x")
                self.wfile.flush()
                time.sleep(0.1)
        except OSError:
            pass
        self.close_connection = True

    def _broken(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "100")
        self.end_headers()
        self.wfile.write(b"half")
        self.close_connection = True

    def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def peer() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Peer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def allowed(settings: Any) -> None:
    settings.ALLOW_PRIVATE_ADDRESSES = True


def failure(url: str, tmp_path: Path, **limits: Any) -> str:
    with pytest.raises(http.FetchError) as error:
        http.fetch_to_file(url, tmp_path / "answer", **{"max_bytes": 1024**2, **limits})
    assert error.value.message
    assert list(tmp_path.iterdir()) == [], "nothing half-written stays behind"
    return error.value.code


def test_an_answer_is_stored_whole(peer: str, allowed: None, tmp_path: Path) -> None:
    result = http.fetch_to_file(f"{peer}/ok", tmp_path / "answer", max_bytes=100)
    assert (tmp_path / "answer").read_bytes() == b"isi katalog"
    assert (result.status, result.size, result.content_type) == (200, 11, "application/marc")


def test_a_redirect_within_the_host_is_followed(peer: str, allowed: None) -> None:
    assert http.get(f"{peer}/hop").body == b"isi katalog"


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/missing", "http_status"), ("/circle", "redirect"), ("/elsewhere", "redirect"), ("/big", "too_large"),
        ("/endless", "too_large"), ("/broken", "interrupted"),
    ],
)  # fmt: skip
def test_each_misbehaviour_ends_in_its_own_error(
    peer: str, allowed: None, tmp_path: Path, path: str, code: str
) -> None:
    assert failure(f"{peer}{path}", tmp_path) == code


def test_a_transfer_that_trickles_is_stopped(peer: str, allowed: None, tmp_path: Path) -> None:
    assert failure(f"{peer}/slow", tmp_path, timeout=1) in ("timeout", "interrupted")


def test_a_port_where_nobody_listens_is_unreachable(allowed: None, tmp_path: Path) -> None:
    assert failure("http://127.0.0.1:9/", tmp_path) == "unreachable"


@pytest.mark.parametrize(
    "url", ["ftp://example.org/x", "file:///etc/passwd", "example.org", "http://", "http://x:99999999/"]
)
def test_what_is_no_web_address_is_refused(tmp_path: Path, url: str) -> None:
    assert failure(url, tmp_path) == "bad_url"


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "10.1.2.3",
        "192.168.0.1",
        "169.254.169.254",
        "[::ffff:10.0.0.1]",
        "0.0.0.0",
        "2130706433",
    ],
)
def test_private_addresses_are_refused_in_every_spelling(tmp_path: Path, host: str) -> None:
    assert failure(f"http://{host}/", tmp_path) in ("private_address", "unreachable")


def test_a_private_address_is_never_connected_to(peer: str, tmp_path: Path) -> None:
    assert failure(f"{peer}/ok", tmp_path) == "private_address"
