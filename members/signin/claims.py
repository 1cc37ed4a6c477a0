"""Who came, as the library's settings read it out of the claims. No database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from members.models import SignInProvider
from members.signin.faults import SignInFault


@dataclass(frozen=True)
class Identity:
    """A person at a sign-in server. `kinds` are the values of the claim of the kind of reader, in their order."""

    issuer: str
    subject: str
    email: str
    email_verified: bool
    name: str = ""
    card_number: str = ""
    kinds: tuple[str, ...] = ()


def identity_of(provider: SignInProvider, claims: Mapping[str, Any]) -> Identity:
    """Raises SignInFault `no_email`. Only a plain "yes" of the server makes an address verified."""
    email = _text(claims, provider.claim_email, 254)
    try:
        validate_email(email)
    except ValidationError:
        raise SignInFault("no_email", provider.claim_email) from None
    standard = provider.claim_email == "email"
    return Identity(
        issuer=provider.issuer, subject=str(claims["sub"]), email=email.lower(),
        email_verified=standard and claims.get("email_verified") in (True, "true"),
        name=_name(provider, claims), card_number=_text(claims, provider.claim_card, 40),
        kinds=_values(claims, provider.claim_category),
    )  # fmt: skip


def _name(provider: SignInProvider, claims: Mapping[str, Any]) -> str:
    whole = _text(claims, provider.claim_name, 150)
    parts = (_text(claims, part, 75) for part in ("given_name", "family_name"))
    return whole or " ".join(part for part in parts if part)


def found(claims: Mapping[str, Any], claim: str) -> Any:
    """A claim by its name; where there is none of this name, dots lead into it (realm_access.roles)."""
    if not claim or claim in claims:
        return claims.get(claim)
    value: Any = claims
    for part in claim.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _text(claims: Mapping[str, Any], claim: str, limit: int) -> str:
    value = found(claims, claim)
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return " ".join(str(value).replace("\x00", "").split())[:limit]


def _values(claims: Mapping[str, Any], claim: str) -> tuple[str, ...]:
    value = found(claims, claim)
    many = value if isinstance(value, list) else [value]
    return tuple(one[:100] for one in many[:50] if isinstance(one, str) and one)
