"""Small worlds for tests: libraries and people, made in one line each."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from members.choices import LibraryType, MembershipStatus, Role
from members.models import Library, Membership, User
from members.working import working_of
from network_portal.core.actor import Actor
from network_portal.core.models import OutgoingMail

PASSWORD = "buku-bagus-sekali"


def make_library(code: str, **fields: Any) -> Library:
    values = {
        "name": f"Perpustakaan {code.title()}",
        "city": "Bandung",
        "library_type": LibraryType.PUBLIC,
        **fields,
    }
    return Library.objects.create(short_code=code, **values)


def make_user(email: str, *, verified: bool = True, **fields: Any) -> User:
    fields.setdefault("name", email.split("@")[0].title())
    user = User.objects.create_user(email=email, password=fields.pop("password", PASSWORD), **fields)
    EmailAddress.objects.create(user=user, email=email, primary=True, verified=verified)
    return user


def make_member(
    email: str,
    library: Library,
    role: str = Role.PATRON,
    status: str = MembershipStatus.CONFIRMED,
    **fields: Any,
) -> User:
    """A person with one membership."""
    user = make_user(email, **fields)
    Membership.objects.create(user=user, library=library, role=role, status=status)
    return user


def actor_of(user: User) -> Actor:
    return working_of(user).actor


def client_of(user: User | None, **kwargs: Any) -> Client:
    client = Client(**kwargs)
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def add_second_factor(user: User) -> None:
    TOTP.activate(user, generate_totp_secret())


def last_mail(template: str) -> OutgoingMail:
    return OutgoingMail.objects.filter(template=template).latest("pk")


def link_in(row: OutgoingMail) -> str:
    """The path of the first link in the mail's text."""
    url = next(word for word in row.body_text.split() if word.startswith("http"))
    return "/" + url.split("/", 3)[3]
