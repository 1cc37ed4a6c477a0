"""The link to a copy: signed by the portal, so that a made-up one costs no query; it opens only with a login."""

from __future__ import annotations

from hashlib import sha256

from django.core import signing

_SALT = "loans.copy-link"
_SEPARATOR = "."


def token_for(attempt_id: int) -> str:
    """The token of an attempt's delivery: always the same, so that pages and mails need not store it."""
    return signing.Signer(salt=_SALT, sep=_SEPARATOR).sign(str(attempt_id))


def token_hash(token: str) -> str:
    """What the database keeps: whoever reads a backup cannot make a link of it."""
    return sha256(token.encode()).hexdigest()


def signed_here(token: str) -> bool:
    try:
        signing.Signer(salt=_SALT, sep=_SEPARATOR).unsign(token)
    except signing.BadSignature:
        return False
    return True
