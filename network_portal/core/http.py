"""The one door for outbound HTTP: time-outs, a size cap, redirects within the host, no private addresses.

The address is resolved once, checked, and the connection goes to that very address: a name that changes its mind
between check and connect (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import ipaddress
import os
import socket
import ssl
import time
from collections.abc import Callable, Collection, Container, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

import requests
from django.conf import settings
from django.utils.translation import gettext as _
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection

from network_portal.core.disk import has_room
from network_portal.core.errors import PortalError

CONNECT_TIMEOUT = 10
MAX_REDIRECTS = 5
BLOCK = 256 * 1024
# A server that thinks for minutes must not be forgotten by a router on the way.
KEEP_ALIVE = [
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    *((socket.IPPROTO_TCP, getattr(socket, name), 45) for name in ("TCP_KEEPIDLE", "TCP_KEEPINTVL")
      if hasattr(socket, name)),
]  # fmt: skip


class FetchError(PortalError):
    """Why an address could not be fetched. `code` for programs, `message` for people.

    `status` and `headers` (names in small letters) are there where the server has answered: Retry-After is one.
    """

    def __init__(
        self, code: str, message: str, *, status: int = 0, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.status = status
        self.headers = headers or {}

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True)
class FetchResult:
    url: str  # after redirects
    status: int
    size: int  # bytes written or read
    content_type: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)  # names in small letters


@dataclass(frozen=True)
class _Sent:
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] | None = None  # of a form


class _PinnedAdapter(HTTPAdapter):
    """Connects to a checked IP address while TLS and the Host header still speak of the name."""

    def __init__(self, hostname: str, address: str) -> None:
        self.hostname, self.address = hostname, address
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(
            *args, server_hostname=self.hostname, assert_hostname=self.hostname,
            socket_options=HTTPConnection.default_socket_options + KEEP_ALIVE, **kwargs,
        )  # fmt: skip

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:
        host_params, pool_kwargs = super().build_connection_pool_key_attributes(request, verify, cert)
        host_params["host"] = self.address
        if host_params["scheme"] == "https":
            return host_params, pool_kwargs
        plain = {k: v for k, v in pool_kwargs.items() if k not in ("server_hostname", "assert_hostname")}
        return host_params, plain


def get(
    url: str, *, max_bytes: int = 10 * 1024**2, timeout: int = 60, statuses: Container[int] = (200,),
    hosts: Collection[str] = (), headers: Mapping[str, str] | None = None,
) -> FetchResult:  # fmt: skip
    """The body in memory, at most `max_bytes`. A status that is none of `statuses` raises; as all else FetchError.

    `hosts`: where a redirect may lead beside the address's own host; ".example.org" stands for all below it.
    `headers` go along with every redirect, so give none that another host must not see together with `hosts`.
    """
    deadline = time.monotonic() + timeout
    with _open(url, timeout, statuses, hosts, _Sent(headers=headers or {})) as response:
        return _in_memory(response, max_bytes, deadline)


def post_form(
    url: str, fields: Mapping[str, str], *, max_bytes: int, timeout: int = 60,
    statuses: Container[int] = (200,), headers: Mapping[str, str] | None = None,
) -> FetchResult:  # fmt: skip
    """Send a form and read the answer, as `get` does. What was sent is sent once: a redirect raises FetchError."""
    deadline = time.monotonic() + timeout
    sent = _Sent(method="POST", headers=headers or {}, fields=fields)
    with _open(url, timeout, statuses, (), sent) as response:
        return _in_memory(response, max_bytes, deadline)


def _in_memory(response: requests.Response, max_bytes: int, deadline: float) -> FetchResult:
    body = b"".join(_blocks(response, max_bytes, deadline))
    return FetchResult(
        response.url, response.status_code, len(body), _content_type(response), body, _headers(response)
    )


def fetch_to_file(
    url: str, path: Path, *, max_bytes: int, timeout: int = 3600, check: Callable[[], None] | None = None
) -> FetchResult:
    """Fetch into `path`, which appears only when complete. `timeout` bounds the whole transfer, in seconds.

    `check` is called after each block and may raise to leave.
    Raises FetchError: bad_url, private_address, unreachable, timeout, tls, http_status, redirect, too_large,
    interrupted, disk_full.
    """
    part = path.with_name(path.name + ".part")
    path.parent.mkdir(parents=True, exist_ok=True)
    size = 0
    try:
        with _open(url, timeout) as response, part.open("wb") as file:
            for block in _blocks(response, max_bytes, time.monotonic() + timeout):
                _check_disk(path.parent, len(block))
                file.write(block)
                size += len(block)
                if check:
                    check()
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        return FetchResult(response.url, response.status_code, size, _content_type(response))
    except OSError as error:
        if isinstance(error, requests.RequestException):
            raise
        raise FetchError(
            "disk_full", _("The answer can't be stored: %(reason)s.") % {"reason": error.strerror}
        ) from None
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _open(
    url: str, timeout: int, statuses: Container[int] = (200,), hosts: Collection[str] = (),
    sent: _Sent = _Sent(),
) -> Iterator[requests.Response]:  # fmt: skip
    deadline = time.monotonic() + timeout
    first = current = _checked(url)
    for _hop in range(MAX_REDIRECTS + 1):
        with requests.Session() as session:
            response = _request(session, current, min(timeout, 120), sent)
            try:
                if not response.is_redirect:
                    _check_status(response, statuses)
                    yield response
                    return
                target = _checked(urljoin(current.geturl(), response.headers["Location"]))
            finally:
                response.close()
        weaker = first.scheme == "https" and target.scheme != "https"
        if sent.fields is not None or weaker or not _may_lead(first.hostname, target.hostname, hosts):
            raise FetchError(
                "redirect",
                _("The server sends us on to another address (%(host)s). Enter that address if it is right.")
                % {"host": target.hostname},
            )
        if time.monotonic() > deadline:
            break
        current = target
    raise FetchError(
        "redirect", _("The server sends us in circles (more than %(n)s redirects).") % {"n": MAX_REDIRECTS}
    )


def _may_lead(first: str | None, target: str | None, hosts: Collection[str]) -> bool:
    """Every host on the way is looked up and checked like the first; this says only who may send us to whom."""
    name = target or ""
    return target == first or any(name == host or (host[:1] == "." and name.endswith(host)) for host in hosts)


def _request(
    session: requests.Session, url: SplitResult, read_timeout: float, sent: _Sent
) -> requests.Response:
    hostname = url.hostname or ""
    session.trust_env = False
    session.mount(
        f"{url.scheme}://", _PinnedAdapter(hostname, _resolve(hostname, url.port or _port(url.scheme)))
    )
    headers = {
        **sent.headers,
        "User-Agent": f"{settings.PORTAL_NAME}/{settings.VERSION} (+{settings.PORTAL_URL})",
        "Host": url.netloc.rpartition("@")[2],
    }
    try:
        return session.request(
            sent.method,
            url.geturl(),
            data=sent.fields,
            headers=headers,
            stream=True,
            allow_redirects=False,
            timeout=(CONNECT_TIMEOUT, read_timeout),
        )
    except requests.exceptions.SSLError:
        raise FetchError("tls", _("The server's certificate is not valid, so we did not go on.")) from None
    except requests.Timeout:
        raise FetchError("timeout", _("%(host)s does not answer in time.") % {"host": hostname}) from None
    except (requests.RequestException, ssl.SSLError):
        raise FetchError("unreachable", _("%(host)s can't be reached.") % {"host": hostname}) from None
    except ValueError:  # requests looks ahead at "Location: http://[" even where it is told not to follow
        raise FetchError("redirect", _("The server sends us on to something that is no address.")) from None


def _checked(url: str) -> SplitResult:
    try:
        parts = urlsplit(url.strip())
        parts.port  # noqa: B018  raises ValueError for a port that is no number
    except ValueError:
        parts = SplitResult("", "", "", "", "")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise FetchError("bad_url", _("This is not a web address: it must start with http:// or https://."))
    return parts


def _port(scheme: str) -> int:
    return 443 if scheme == "https" else 80


def _resolve(hostname: str, port: int) -> str:
    try:
        found = socket.getaddrinfo(hostname, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise FetchError("unreachable", _("The name %(host)s is not known.") % {"host": hostname}) from None
    addresses = [str(entry[4][0]) for entry in found]
    if not settings.ALLOW_PRIVATE_ADDRESSES and not all(_is_public(address) for address in addresses):
        raise FetchError(
            "private_address", _("%(host)s is an address inside a private network.") % {"host": hostname}
        )
    return addresses[0]


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    if mapped is not None:
        ip = mapped
    return ip.is_global and not ip.is_multicast


def _check_status(response: requests.Response, statuses: Container[int]) -> None:
    if response.status_code not in statuses:
        raise FetchError(
            "http_status",
            _("The server answers with an error (%(status)s).") % {"status": response.status_code},
            status=response.status_code,
            headers=_headers(response),
        )


def _headers(response: requests.Response) -> dict[str, str]:
    return {name.lower(): value for name, value in response.headers.items()}


def _blocks(response: requests.Response, max_bytes: int, deadline: float) -> Iterator[bytes]:
    """The body as sent (a gzip file stays one). The declared length is only a first hint: bytes are counted."""
    declared = response.headers.get("Content-Length", "")
    if declared.isdigit() and int(declared) > max_bytes:
        raise _too_large(max_bytes)
    size = 0
    try:
        while block := _next_block(response):
            size += len(block)
            if size > max_bytes:
                raise _too_large(max_bytes)
            if time.monotonic() > deadline:
                raise FetchError("timeout", _("The transfer took too long and was stopped."))
            yield block
    except FetchError:
        raise
    except Exception as error:
        raise FetchError("interrupted", _("The connection broke off before the end.")) from error


def _next_block(response: requests.Response) -> bytes:
    """What has arrived, without waiting for a whole block: who sends a byte a minute must meet the deadline, too."""
    if not hasattr(response.raw, "read1"):
        return bytes(response.raw.read(BLOCK, decode_content=True))
    return bytes(response.raw.read1(BLOCK, decode_content=True) or b"")


def _too_large(max_bytes: int) -> FetchError:
    return FetchError(
        "too_large",
        _("The answer is larger than %(mb)s MB, which is the limit.") % {"mb": max_bytes // 1024**2},
    )


def _check_disk(folder: Path, size: int) -> None:
    if not has_room(folder, size):
        raise FetchError("disk_full", _("The disk is nearly full, so the transfer was stopped."))


def _content_type(response: requests.Response) -> str:
    return response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
