"""Trying a sign-in server out, without a reader: description, keys, and whether it knows our client."""

from __future__ import annotations

from members.models import SignInProvider
from members.signin.discovery import keys_of, server_at
from members.signin.faults import SignInFault
from members.signin.flow import token_request
from members.signin.sealing import unseal

# What a server answers that knows the client and finds the made-up code wanting (RFC 6749, 5.2).
UNKNOWN_CLIENT = ("invalid_client", "unauthorized_client")


def probe(provider: SignInProvider) -> None:
    """Raises SignInFault with the first thing that is wrong. Everything is asked anew, nothing remembered."""
    secret = unseal(provider.sealed_secret)
    server = server_at(provider.issuer, fresh=True)
    keys_of(server, fresh=True)
    fields = {"grant_type": "authorization_code", "code": "a-test-of-the-connection",
              "redirect_uri": "https://test.invalid/", "code_verifier": "0" * 48}  # fmt: skip
    status, data = token_request(server, provider.client_id, secret, fields)
    if status != 200 and data.get("error") in UNKNOWN_CLIENT:
        raise SignInFault("client_refused")
