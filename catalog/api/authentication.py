"""Who calls: an agent, by its key alone. No session, no cookie, so nothing a web page could make a browser send."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from catalog.models import SourceKey
from catalog.services.keys import key_find, key_used
from network_portal.core.ratelimit import take

WRONG_PER_MINUTE, WRONG_BURST = 20, 20  # wrong keys from one address
PER_MINUTE, BURST = 240, 120  # requests with one key


class KeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer <key>`."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, SourceKey] | None:
        scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if not scheme:
            return None
        key = key_find(secret.strip()) if scheme.lower() == "bearer" else None
        if key is None:
            _limit("push-wrong", _address(request), WRONG_PER_MINUTE, WRONG_BURST)
            raise AuthenticationFailed(_("This key is not valid. Make a new one on the page of the source."))
        _limit("push", f"key{key.pk}", PER_MINUTE, BURST)
        key_used(key)
        return AnonymousUser(), key

    def authenticate_header(self, _request: Request) -> str:
        return 'Bearer realm="api"'


class HasKey(BasePermission):
    def has_permission(self, request: Request, _view: APIView) -> bool:
        return isinstance(request.auth, SourceKey)


def _limit(name: str, who: str, per_minute: int, burst: int) -> None:
    if settings.RATE_LIMITS:
        take(name, who, per_minute=per_minute, burst=burst)


def _address(request: Request) -> str:
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_PROXY else ""
    return forwarded.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))
