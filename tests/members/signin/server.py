"""A small OpenID provider on loopback: discovery, keys, authorisation, token and userinfo endpoints, RSA keys.

It keeps to the rules, checks PKCE, redirect address and client secret, and uses each code once. `lie` makes it break
one rule at a time.
"""

from __future__ import annotations

import hmac
import json
import time
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlencode, urlsplit

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import Key, RSAKey

CLIENT = "jejaring"
SECRET = "rahasia & panjang/+"
KEYS = [RSAKey.generate_key(2048, {"kid": kid, "use": "sig", "alg": "RS256"}) for kid in ("satu", "dua")]


class Provider:
    """`person` is who signs in next; `lie` names what the server does wrong; `asked` counts requests by path."""

    def __init__(self) -> None:
        self.lie = ""
        self.person: dict[str, Any] = {"sub": "s-1", "email": "ani@kampus.example", "email_verified": True,
                                       "name": "Ani Lestari"}  # fmt: skip
        self.key: Key = KEYS[0]
        self.algorithm = "RS256"
        self.codes: dict[str, dict[str, Any]] = {}
        self.asked: list[str] = []
        self.changes: dict[str, Any] = {}  # claims of the ID token that are written over
        self.description: dict[str, Any] = {}  # parts of the discovery document that are written over
        self.userinfo: dict[str, Any] = {}  # claims that only the userinfo endpoint gives
        self.port = 0

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}/realm"

    def discovery(self) -> dict[str, Any]:
        base = self.issuer
        return {
            "issuer": base, "authorization_endpoint": f"{base}/authorize", "token_endpoint": f"{base}/token",
            "jwks_uri": f"{base}/keys", "userinfo_endpoint": f"{base}/userinfo",
            "response_types_supported": ["code"], "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"], "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"], **self.description,
        }  # fmt: skip

    def authorize(self, query: dict[str, str]) -> str:
        """The address to which the reader is sent back, with a code."""
        code = f"code-{len(self.codes)}"
        self.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def token(self, headers: Any, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if _client(headers, form) != (CLIENT, SECRET):
            return 401, {"error": "invalid_client"}
        asked = self.codes.pop(form.get("code", ""), None)
        good = (
            asked is not None
            and asked["redirect_uri"] == form.get("redirect_uri")
            and asked["code_challenge_method"] == "S256"
            and asked["code_challenge"] == create_s256_code_challenge(form.get("code_verifier", ""))
        )
        if asked is None or not good:
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "masuk", "token_type": "Bearer", "id_token": self.id_token(asked)}

    def id_token(self, asked: dict[str, Any]) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"], **self.person,
            **self.changes,
        }  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": self.algorithm, "kid": self.key.kid}
        if self.lie == "none":
            return _forged({"alg": "none"}, claims, None)
        if self.lie == "hs256":
            return _forged({**header, "alg": "HS256"}, claims, self.key.as_pem(private=False))
        if self.lie == "stranger":
            return jwt.encode(header, claims, KEYS[1 - KEYS.index(self.key)])
        return jwt.encode(header, claims, self.key, algorithms=[self.algorithm])


def _forged(header: dict[str, Any], claims: dict[str, Any], key: bytes | None) -> str:
    """By hand, as an attacker would: without signature, or signed with what everybody may know."""
    parts = [urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (header, claims)]
    signed = b".".join(parts)
    signature = hmac.new(key, signed, "sha256").digest() if key else b""
    return (signed + b"." + urlsafe_b64encode(signature).rstrip(b"=")).decode()


def _client(headers: Any, form: dict[str, str]) -> tuple[str, str]:
    scheme, _space, value = headers.get("Authorization", "").partition(" ")
    if scheme == "Basic":
        name, _colon, secret = b64decode(value).decode().partition(":")
        return unquote_plus(name), unquote_plus(secret)
    return form.get("client_id", ""), form.get("client_secret", "")


def handler_of(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, query = self._asked()
            if path == "/realm/.well-known/openid-configuration":
                self._discovery()
            elif path == "/realm/keys":
                self._json({"keys": [provider.key.as_dict(private=False)]})
            elif path == "/realm/authorize":
                # A person would type a password here; a press of the button stands for it.
                self._html(f'<h1>Masuk kampus</h1><a href="{escape(provider.authorize(query))}">Masuk</a>')
            elif path == "/realm/userinfo" and self.headers.get("Authorization") == "Bearer masuk":
                self._json({"sub": provider.person["sub"], **provider.userinfo})
            else:
                self._json({}, 404)

        def do_POST(self) -> None:
            self._asked()
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            status, data = provider.token(self.headers, form)
            if provider.lie == "token_redirect":
                self._redirect(f"http://127.0.0.2:{provider.port}/realm/token")
            else:
                self._json(data, status)

        def _discovery(self) -> None:
            if provider.lie == "huge":
                self._send(b'{"issuer": "' + b"x" * 600_000 + b'"}', "application/json", 200)
            elif provider.lie == "no_json":
                self._html("<h1>Selamat datang</h1>")
            elif provider.lie == "redirect":
                self._redirect("http://10.0.0.1/realm/.well-known/openid-configuration")
            elif provider.lie == "slow":
                time.sleep(0.6)
            else:
                self._json(provider.discovery())

        def _asked(self) -> tuple[str, dict[str, str]]:
            parts = urlsplit(self.path)
            provider.asked.append(parts.path.removeprefix("/realm"))
            return parts.path, {name: values[0] for name, values in parse_qs(parts.query).items()}

        def _redirect(self, to: str) -> None:
            self.send_response(302)
            self.send_header("Location", to)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def _json(self, data: dict[str, Any], status: int = 200) -> None:
            self._send(json.dumps(data).encode(), "application/json", status)

        def _html(self, text: str) -> None:
            page = f'<!doctype html><html lang="id"><title>Kampus</title><main>{text}</main></html>'
            self._send(page.encode(), "text/html; charset=utf-8", 200)

        def _send(self, body: bytes, kind: str, status: int) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: Any) -> None:
            """Quiet."""

    return Handler


@contextmanager
def running() -> Iterator[Provider]:
    provider = Provider()
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(provider))
    provider.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
