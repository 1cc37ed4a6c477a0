"""What a sign-in server says about itself (OpenID Connect Discovery 1.0) and its keys; remembered for a while.

Everything is fetched through core.http: no private addresses, a size and a time limit.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from authlib.oidc.discovery import get_well_known_url
from django.conf import settings
from django.core.cache import cache
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from members.signin.faults import SignInFault, fault_of
from network_portal.core import http

TIMEOUT = 8  # seconds, for each question
MAX_BYTES = 256 * 1024
REMEMBER = 600  # seconds
SILENT = ("timeout", "unreachable")
SILENT_SECONDS = 15
ADDRESSES = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(frozen=True)
class Server:
    """The checked description of a sign-in server."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""
    end_session_endpoint: str = ""
    auth_methods: tuple[str, ...] = ("client_secret_basic",)


def server_at(issuer: str, *, fresh: bool = False) -> Server:
    """Raises SignInFault. `fresh` asks anew instead of looking into what is remembered."""
    url = get_well_known_url(issuer, external=True)
    try:
        data = _json(url, fresh=fresh)
    except SignInFault as fault:
        if fault.code == "http_status" and fault.detail.startswith("404"):
            raise SignInFault("no_discovery", url) from fault
        raise
    return _checked(issuer, data)


def keys_of(server: Server, *, fresh: bool = False) -> KeySet:
    """The public keys; a key of an unknown kind is left out. Raises SignInFault."""
    data = _json(server.jwks_uri, fresh=fresh)
    try:
        return KeySet.import_key_set({"keys": [_public(key) for key in data["keys"] if _may_sign(key)]})
    except (JoseError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise SignInFault("no_keys") from error


def is_secure(url: str) -> bool:
    """https://, or http:// where private addresses are allowed anyway (development, one's own machine)."""
    parts = urlsplit(url)
    schemes = ("https", "http") if settings.ALLOW_PRIVATE_ADDRESSES else ("https",)
    return parts.scheme in schemes and bool(parts.hostname) and not parts.username


def _checked(issuer: str, data: dict[str, Any]) -> Server:
    if data.get("issuer") != issuer:
        raise SignInFault("issuer_differs", str(data.get("issuer", "")))
    for name in ADDRESSES:
        if not isinstance(data.get(name), str):
            raise SignInFault("address_missing", name)
    userinfo = data.get("userinfo_endpoint")
    found = {name: data[name] for name in ADDRESSES}
    found["userinfo_endpoint"] = userinfo if isinstance(userinfo, str) else ""
    for name, url in found.items():
        if url and not _well_formed(url):
            raise SignInFault("address_insecure", name)
    end = data.get("end_session_endpoint")
    found["end_session_endpoint"] = end if isinstance(end, str) and _well_formed(end) else ""
    if "code" not in _names(data, "response_types_supported", "code"):
        raise SignInFault("no_code_flow")
    if "S256" not in _names(data, "code_challenge_methods_supported", "S256"):
        raise SignInFault("no_pkce")
    methods = _names(data, "token_endpoint_auth_methods_supported", "client_secret_basic")
    if not {"client_secret_basic", "client_secret_post"} & set(methods):
        raise SignInFault("client_auth", ", ".join(methods))
    return Server(issuer=issuer, auth_methods=methods, **found)


def _well_formed(url: str) -> bool:
    try:
        return is_secure(url)
    except ValueError:
        return False


def _names(data: dict[str, Any], key: str, usual: str) -> tuple[str, ...]:
    """A list of the description; what is not said is what the standard supposes."""
    value = data.get(key)
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else (usual,)


def _may_sign(key: dict[str, Any]) -> bool:
    """Never a secret shared by both sides ("oct"): who can check with it could write with it, too."""
    return key.get("kty") in ("RSA", "EC", "OKP") and key.get("use", "sig") == "sig"


def _public(key: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in key.items() if name not in ("key_ops", "x5c", "d")}


def _json(url: str, *, fresh: bool) -> dict[str, Any]:
    """A JSON object, from memory if it was asked for in the last minutes. Raises SignInFault."""
    name = _name("said", url)
    known = None if fresh else cache.get(name)
    if isinstance(known, dict):
        return known
    headers = {"Accept": "application/json"}
    answer = guarded(
        url, lambda: http.get(url, max_bytes=MAX_BYTES, timeout=TIMEOUT, headers=headers), fresh=fresh
    )
    data = parsed(answer.body, url)
    cache.set(name, data, REMEMBER)
    return data


def guarded(url: str, ask: Callable[[], http.FetchResult], *, fresh: bool = False) -> http.FetchResult:
    """Ask, unless nothing answered there a moment ago: a server that hangs must not hold every web process."""
    name = _name("silent", url)
    if not fresh and (code := cache.get(name)):
        raise SignInFault(code, url)
    try:
        return ask()
    except http.FetchError as error:
        fault = fault_of(error, url)
        if fault.code in SILENT:
            cache.set(name, fault.code, SILENT_SECONDS)
        raise fault from error


def _name(kind: str, url: str) -> str:
    return f"sign-in-{kind}:{hashlib.sha256(url.encode()).hexdigest()}"


def parsed(body: bytes, url: str) -> dict[str, Any]:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise SignInFault("no_json", url) from error
    if not isinstance(data, dict):
        raise SignInFault("no_json", url)
    return data
