"""The one door for outbound HTTP, against a real server on loopback that misbehaves in each way."""

from __future__ import annotations

import datetime
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

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

    def _busy(self) -> None:
        self._send(503, b"nanti", {"Retry-After": "90"})

    def _circle(self) -> None:
        self._send(302, b"", {"Location": "/circle"})

    def _hop(self) -> None:
        self._send(302, b"", {"Location": "/ok"})

    def _elsewhere(self) -> None:
        self._send(302, b"", {"Location": "http://169.254.169.254/latest/meta-data"})

    def _nowhere(self) -> None:
        self._send(302, b"", {"Location": "http://["})

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


def test_a_refusal_tells_its_status_and_what_the_server_asks_for(peer: str, allowed: None) -> None:
    with pytest.raises(http.FetchError) as error:
        http.get(f"{peer}/busy")
    assert (error.value.code, error.value.status, error.value.headers["retry-after"]) == (
        "http_status", 503, "90",
    )  # fmt: skip


def test_an_answer_has_its_headers_and_other_statuses_count_where_they_are_expected(
    peer: str, allowed: None
) -> None:
    assert http.get(f"{peer}/ok").headers["content-type"] == "application/marc; charset=x"
    expected = http.get(f"{peer}/busy", statuses={200, 503})
    assert (expected.status, expected.body) == (503, b"nanti")


def test_connections_are_kept_alive_through_routers_that_forget() -> None:
    pool = http._PinnedAdapter("localhost", "127.0.0.1").poolmanager
    options = pool.connection_pool_kw["socket_options"]
    assert (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1) in options
    assert (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1) in options, "urllib3's own options stay"


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/missing", "http_status"), ("/circle", "redirect"), ("/elsewhere", "redirect"), ("/big", "too_large"),
        ("/endless", "too_large"), ("/broken", "interrupted"), ("/nowhere", "redirect"),
    ],
)  # fmt: skip
def test_each_misbehaviour_ends_in_its_own_error(
    peer: str, allowed: None, tmp_path: Path, path: str, code: str
) -> None:
    assert failure(f"{peer}{path}", tmp_path) == code


def test_a_transfer_that_trickles_is_stopped(peer: str, allowed: None, tmp_path: Path) -> None:
    begun = time.monotonic()
    assert failure(f"{peer}/slow", tmp_path, timeout=1) == "timeout"
    assert time.monotonic() - begun < 2.5


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


def certificate(folder: Path, name: str) -> Path:
    """A self-signed certificate for one host name, key and certificate in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.timezone.utc)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject).issuer_name(subject).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = folder / f"{name}.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def secure(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, allowed: None) -> Any:
    """`secure("localhost")`: the address of a TLS server whose certificate is for that name, and is trusted here."""
    servers = []

    def start(name: str, *, trusted: bool = True) -> str:
        pem = certificate(tmp_path_factory.mktemp("tls"), name)
        server = ThreadingHTTPServer(("127.0.0.1", 0), Peer)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        if trusted:
            monkeypatch.setattr(requests.adapters, "DEFAULT_CA_BUNDLE_PATH", str(pem))
        return f"https://localhost:{server.server_address[1]}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_a_certificate_is_checked_against_the_name_though_the_address_is_pinned(secure: Any) -> None:
    assert http.get(f"{secure('localhost')}/ok").body == b"isi katalog"


def test_a_certificate_for_another_name_is_refused(secure: Any, tmp_path: Path) -> None:
    assert failure(f"{secure('somewhere.else')}/ok", tmp_path) == "tls"


def test_a_certificate_that_nobody_vouches_for_is_refused(secure: Any, tmp_path: Path) -> None:
    assert failure(f"{secure('localhost', trusted=False)}/ok", tmp_path) == "tls"
