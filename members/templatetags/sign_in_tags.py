"""The ways in through a library, for the login page and a library's own page."""

from __future__ import annotations

from django import template

from members.models import Library, SignInBinding, SignInProvider, User
from members.signin.selectors import bindings_of, providers_open

register = template.Library()
FEW = 6


@register.simple_tag
def sign_in_ways() -> dict[str, list[SignInProvider] | bool]:
    """The libraries with a sign-in of their own, if they are few; else only that there are many. One query."""
    found = list(providers_open()[: FEW + 1])
    return {"few": found if len(found) <= FEW else [], "many": len(found) > FEW}


@register.simple_tag
def signs_in(library: Library) -> bool:
    return providers_open().filter(library=library).exists()


@register.simple_tag
def sign_in_fails(library: Library) -> bool:
    """A reader met a fault of the server, and nobody has come in since."""
    return providers_open().filter(library=library).exclude(fault="").exists()


@register.simple_tag
def comes_through(user: User) -> list[SignInBinding]:
    """Through which libraries the person comes in, for the page of their account."""
    return list(bindings_of(user))
