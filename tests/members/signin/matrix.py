"""Rows of the permission matrix about signing in through a library: one of the world's library, turned on."""

from __future__ import annotations

from typing import Any

from members.models import Library, SignInBinding, SignInProvider


def turned_on(library: Library) -> SignInProvider:
    return SignInProvider.objects.get_or_create(
        library=library,
        defaults={"issuer": "https://127.0.0.1:9", "client_id": "c", "sealed_secret": "x", "is_on": True},
    )[0]


def code(world: Any) -> dict[str, Any]:
    return {"code": turned_on(world.library).library.short_code}


def bound(world: Any) -> dict[str, Any]:
    row, _new = SignInBinding.objects.get_or_create(
        user=world.people["patron"], library=world.library, issuer="https://127.0.0.1:9", subject="s"
    )
    return {"pk": row.pk}


def nothing(_world: Any) -> dict[str, Any]:
    return {}


# Who is logged in has no need of these pages and is led on.
ROWS: tuple[tuple[Any, ...], ...] = (
    ("members:sign_in_choice", "200 200 200 200 200 200"),
    ("members:sign_in_library", "200 302 302 302 302 302", code),
    ("members:sign_in_back", "400 302 302 302 302 302", code),
    ("members:sign_in_prove", "302 302 302 302 302 302", code),
    ("members:signed_out", "200 302 302 302 302 302", code),
    ("members:sign_in_end", "login 200 404 404 404 404", bound),
    ("members:sign_in_settings", "login 403 404 403 200 200", code),
    ("members:sign_in_test", "login 403 404 403 302 302", code, nothing, "post"),
    ("members:sign_in_switch", "login 403 404 403 302 302", code, nothing, "post"),
)
