"""The authorization code flow with PKCE, state and nonce (OpenID Connect Core 1.0, 3.1; RFC 7636; RFC 9700).

The protocol's pieces are Authlib's and joserfc's; every question goes through core.http. Called by the views.
"""

from __future__ import annotations

import hmac
from base64 import b64encode
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import quote_plus

from authlib.common.security import generate_token
from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import errors as jose
from joserfc import jwt

from members.models import SignInProvider
from members.signin.claims import found
from members.signin.discovery import MAX_BYTES, TIMEOUT, Server, guarded, keys_of, parsed, server_at
from members.signin.faults import SignInFault
from members.signin.sealing import unseal
from network_portal.core import http

# Asymmetric ones alone: "none" is no signature, and with HS256 whoever knows the public key could sign.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
LEEWAY = 60  # seconds that two clocks may differ
LENGTH = 48
GRANT = "authorization_code"
CLAIM_FAULTS = {"iss": "wrong_issuer", "aud": "wrong_audience", "azp": "wrong_audience", "nonce": "wrong_nonce",
                "exp": "expired", "nbf": "expired", "iat": "expired"}  # fmt: skip


@dataclass(frozen=True)
class Question:
    """What the reader's session remembers while they are at the sign-in server."""

    provider: int
    nonce: str
    verifier: str
    at: float
    next: str = ""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def ask(provider: SignInProvider, *, back: str, at: float, next_url: str = "") -> tuple[str, str, Question]:
    """Where to send the reader, the state to recognise them by, and what to remember. Raises SignInFault."""
    server = server_at(provider.issuer)
    state = generate_token(LENGTH)
    question = Question(provider.pk, generate_token(LENGTH), generate_token(LENGTH), at, next_url)
    url = prepare_grant_uri(
        server.authorization_endpoint, client_id=provider.client_id, response_type="code", redirect_uri=back,
        scope=provider.scopes, state=state, nonce=question.nonce, code_challenge_method="S256",
        code_challenge=create_s256_code_challenge(question.verifier),
    )  # fmt: skip
    return str(url), state, question


def end_address(provider: SignInProvider) -> str:
    """Where the reader logs out of the sign-in server itself (RP-Initiated Logout 1.0, 2); empty where it has no such
    page or does not answer. No way back is asked for: a server refuses one that its manager did not enter there."""
    try:
        end = server_at(provider.issuer).end_session_endpoint
    except SignInFault:
        return ""
    return str(add_params_to_uri(end, [("client_id", provider.client_id)])) if end else ""


def answer(provider: SignInProvider, question: Question, *, code: str, back: str) -> dict[str, Any]:
    """The claims about who came, all checks passed. Raises SignInFault."""
    server = server_at(provider.issuer)
    tokens = _tokens(provider, server, question, code, back)
    claims = _checked(provider, server, question, tokens)
    wanted = (provider.claim_email, provider.claim_name, provider.claim_card, provider.claim_category)
    if server.userinfo_endpoint and any(name and found(claims, name) is None for name in wanted):
        return _together(claims, _userinfo(server, tokens, claims["sub"]))
    return claims


def _together(claims: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """What the ID token says goes first. An address is as verified as the place says where it stands."""
    said_by = claims if claims.get("email") is not None else more
    return {**more, **claims, "email_verified": said_by.get("email_verified")}


def _tokens(
    provider: SignInProvider, server: Server, question: Question, code: str, back: str
) -> dict[str, Any]:
    fields = {"grant_type": GRANT, "code": code, "redirect_uri": back, "code_verifier": question.verifier}
    status, data = token_request(server, provider.client_id, unseal(provider.sealed_secret), fields)
    if status != 200:
        fault = "grant_refused" if data.get("error") == "invalid_grant" else "client_refused"
        raise SignInFault(fault, error_word(data.get("error")))
    if not isinstance(data.get("id_token"), str):
        raise SignInFault("no_token")
    return data


def token_request(
    server: Server, client_id: str, secret: str, fields: dict[str, str]
) -> tuple[int, dict[str, Any]]:
    """Status and answer of the token endpoint, asked with the client's secret. Raises SignInFault."""
    headers = {"Accept": "application/json"}
    if "client_secret_post" in server.auth_methods:
        fields = {**fields, "client_id": client_id, "client_secret": secret}
    else:  # RFC 6749, 2.3.1: both are encoded before they are joined
        pair = f"{quote_plus(client_id)}:{quote_plus(secret)}"
        headers["Authorization"] = "Basic " + b64encode(pair.encode()).decode()
    reply = guarded(
        server.token_endpoint,
        lambda: http.post_form(
            server.token_endpoint, fields, headers=headers, max_bytes=MAX_BYTES, timeout=TIMEOUT,
            statuses=(200, 400, 401),
        ),
    )  # fmt: skip
    return reply.status, parsed(reply.body, server.token_endpoint)


def _checked(
    provider: SignInProvider, server: Server, question: Question, tokens: dict[str, Any]
) -> dict[str, Any]:
    """Signature, issuer, audience, time and nonce of the ID token (Core 3.1.3.7)."""
    token = _signed(server, tokens["id_token"])
    claims = CodeIDToken(
        token.claims, token.header,
        {"iss": {"essential": True, "value": server.issuer},
         "aud": {"essential": True, "value": provider.client_id}},
        {"nonce": question.nonce, "client_id": provider.client_id, "access_token": tokens.get("access_token")},
    )  # fmt: skip
    try:
        claims.validate(leeway=LEEWAY)
    except jose.ClaimError as error:
        raise SignInFault(CLAIM_FAULTS.get(str(error.claim), "bad_claims"), str(error.claim)) from error
    except (TypeError, ValueError) as error:
        raise SignInFault("bad_claims") from error
    if not claims["sub"] or len(claims["sub"]) > 255 or "\x00" in claims["sub"]:
        raise SignInFault("bad_claims", "sub")
    return dict(claims)


def _signed(server: Server, id_token: str) -> jwt.Token:
    """The signature fits a key of the server. Keys change: with an unknown one they are asked for once more."""
    for fresh in (False, True):
        try:
            return jwt.decode(id_token, keys_of(server, fresh=fresh), algorithms=ALGORITHMS)
        except (jose.InvalidKeyIdError, jose.BadSignatureError) as error:
            if fresh:
                raise SignInFault("bad_signature") from error
        except (jose.UnsupportedAlgorithmError, jose.MissingAlgorithmError) as error:
            raise SignInFault("bad_algorithm") from error
        except (jose.JoseError, TypeError, ValueError) as error:
            raise SignInFault("bad_claims") from error
    raise AssertionError("unreachable")


def _userinfo(server: Server, tokens: dict[str, Any], subject: str) -> dict[str, Any]:
    """What the server tells beside the ID token, if it is about the same person (Core 5.3.2)."""
    if not isinstance(tokens.get("access_token"), str):
        return {}
    headers = {"Accept": "application/json", "Authorization": f"Bearer {tokens['access_token']}"}
    url = server.userinfo_endpoint
    reply = guarded(url, lambda: http.get(url, headers=headers, max_bytes=MAX_BYTES, timeout=TIMEOUT))
    data = parsed(reply.body, url)
    if not hmac.compare_digest(str(data.get("sub", "")).encode(), subject.encode()):
        raise SignInFault("subject_differs")
    return data


def error_word(value: Any) -> str:
    """An error code of OAuth as the server gives it; nothing else of what it says is kept."""
    text = value if isinstance(value, str) else ""
    return text if text.isascii() and text.replace("_", "").isalnum() and len(text) <= 60 else ""
