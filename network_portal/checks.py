"""System checks for wrong combinations of settings; registered by core's AppConfig, run by `check` and by wsgi.py.

Production means neither DEBUG nor DEMO: there no secret has a default, and nothing starts with a weak one.
This file also tells /readyz how to ask for the search index.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from network_portal.core import readiness

TAG = "jejaring"
_KEY_LENGTH = 50
_KEY_VARIETY = 8
_KNOWN_KEYS = (
    "django-insecure",
    "change",
    "example",
    "secret-key",
    "secretkey",
    "dev-only",
    "only-for-tools",
    "test-",
)
_KNOWN_PASSWORDS = ("", "postgres", "password", "secret", "jejaring", "changeme", "change-me", "redis")


def _production() -> bool:
    return not settings.DEBUG and not settings.DEMO


def key_is_weak(key: str) -> bool:
    """Short, monotonous, or one that documentation and templates carry around."""
    lowered = key.lower()
    return (
        len(key) < _KEY_LENGTH or len(set(key)) < _KEY_VARIETY or any(part in lowered for part in _KNOWN_KEYS)
    )


@register(TAG)
def check_secrets(**_kwargs: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    key = _secret_key()
    if not key:
        found.append(
            Error(
                "SECRET_KEY is not set.",
                hint="Make one: python -c 'import secrets; print(secrets.token_urlsafe(50))'",
                id="jejaring.E001",
            )
        )
    elif _production() and key_is_weak(key):
        found.append(
            Error(
                "SECRET_KEY is too short, too uniform or a known example.",
                hint="Make one: python -c 'import secrets; print(secrets.token_urlsafe(50))'",
                id="jejaring.E002",
            )
        )
    if not settings.DATABASE_URL:
        found.append(
            Error(
                "DATABASE_URL is not set.", hint="postgres://user:password@host:5432/name", id="jejaring.E003"
            )
        )
    elif _production() and _known_password(settings.DATABASE_URL):
        found.append(Error("DATABASE_URL has no password, or a well-known one.", id="jejaring.E004"))
    if not settings.REDIS_URL:
        found.append(Error("REDIS_URL is not set.", hint="redis://:password@host:6379/0", id="jejaring.E005"))
    elif _production() and _known_password(settings.REDIS_URL):
        found.append(Error("REDIS_URL has no password, or a well-known one.", id="jejaring.E006"))
    return found


def _secret_key() -> str:
    try:
        return str(settings.SECRET_KEY)
    except ImproperlyConfigured:  # Django's own words for an empty one
        return ""


def _known_password(url: str) -> bool:
    """A Unix socket (no host) needs none: the system says who may open it."""
    parts = urlsplit(url)
    return bool(parts.hostname) and (parts.password or "").lower() in _KNOWN_PASSWORDS


@register(TAG)
def check_exposure(**_kwargs: Any) -> list[CheckMessage]:
    if not _production():
        return []
    found: list[CheckMessage] = []
    if not settings.ALLOWED_HOSTS:
        found.append(Error("ALLOWED_HOSTS is empty: every request would be refused.", id="jejaring.E007"))
    if "*" in settings.ALLOWED_HOSTS:
        found.append(
            Error(
                "ALLOWED_HOSTS contains '*': links in mails could be made to lead elsewhere.",
                id="jejaring.E008",
            )
        )
    if settings.EMBEDDED_SERVERS:
        found.append(
            Error(
                "Production would use the demo's own PostgreSQL from var/embedded.json.",
                hint="Set DATABASE_URL, REDIS_URL and SECRET_KEY.",
                id="jejaring.E009",
            )
        )
    if not settings.EMAIL_HOST:
        found.append(
            Warning("EMAIL_HOST is not set: mails become files that nobody gets.", id="jejaring.W001"),
        )
    if not settings.STAFF_MFA_REQUIRED:
        found.append(
            Warning("STAFF_MFA_REQUIRED is off: staff log in with a password alone.", id="jejaring.W002")
        )
    return found


@register(TAG)
def check_proxy(**_kwargs: Any) -> list[CheckMessage]:
    """gunicorn speaks plain HTTP: https exists only where a proxy ends TLS and says so."""
    if not _production():
        return []
    if settings.HTTPS and not settings.BEHIND_PROXY:
        return [
            Warning(
                "HTTPS is on but BEHIND_PROXY is off: every page would redirect to itself.",
                hint="Set BEHIND_PROXY=1 behind a proxy that ends TLS and sets X-Forwarded-Proto itself; "
                "without TLS, which is for trials alone, set HTTPS=0.",
                id="jejaring.W003",
            )
        ]
    if not settings.HTTPS:
        hint = "Set HTTPS=1" + (
            "." if settings.BEHIND_PROXY else " and BEHIND_PROXY=1 behind a proxy that ends TLS."
        )
        return [
            Warning("HTTPS is off: passwords and cookies travel in the clear.", hint=hint, id="jejaring.W004")
        ]
    return []


@register(TAG)
def check_combinations(**_kwargs: Any) -> list[CheckMessage]:
    if settings.DEBUG and settings.DEMO:
        return [Error("DEBUG and DEMO are both on; the demo runs without DEBUG.", id="jejaring.E010")]
    if settings.DEBUG and any(_is_public(host) for host in settings.ALLOWED_HOSTS):
        return [
            Error(
                "DEBUG is on while ALLOWED_HOSTS names a public host: error pages would show everything.",
                id="jejaring.E011",
            )
        ]
    return []


def _is_public(host: str) -> bool:
    return "." in host.strip(".") and not host.startswith(("127.", "10.", "192.168.", "[")) and host != "*"


def _index_opens() -> None:
    import_string("catalog.search.engine.get_engine")().document_count()


# By name, as settings name apps: core imports nothing from the rooms above it.
readiness.register("index", _index_opens)


def errors_only(messages: Sequence[CheckMessage]) -> list[CheckMessage]:
    return [message for message in messages if message.level >= 40 and not message.is_silenced()]


def refuse_unsafe_start() -> None:
    """End the process with the reasons on standard error; gunicorn then stops instead of serving."""
    errors = errors_only(run_checks(tags=[TAG]))
    if not errors:
        return
    sys.stderr.write("The portal does not start: its settings are not safe.\n")
    for error in errors:
        hint = f" {error.hint}" if error.hint else ""
        sys.stderr.write(f"  {error.id}: {error.msg}{hint}\n")
    # Exit code 4 is gunicorn's own "the application could not be loaded": its master stops, too.
    sys.exit(4)
