"""Errors as RFC 9457 problem details: `code` is stable, `detail` is a sentence for a person. Used by catalog.api."""

from __future__ import annotations

from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response

from catalog.services.push_sessions import Busy
from network_portal.core.errors import Conflict, RuleViolation
from network_portal.core.ratelimit import TooManyRequests

CONTENT_TYPE = "application/problem+json"
FORBIDDEN = ("source_off", "library_off")  # what is asked for is understood, and not allowed


class Refusal(Exception):
    """What was sent can't be taken. Raised while reading a request."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(code)
        self.status, self.code, self.detail = status, code, detail


def problem(status: int, code: str, detail: str, *, retry_after: int = 0, challenge: str = "") -> Response:
    response = Response(
        {"type": "about:blank", "status": status, "code": code, "detail": detail},
        status=status,
        content_type=CONTENT_TYPE,
    )
    if retry_after:
        response["Retry-After"] = str(retry_after)
    if challenge:
        response["WWW-Authenticate"] = challenge
    return response


def answer_of(error: Exception) -> Response | None:
    """The answer to an error; None for one that is a fault of the portal."""
    if isinstance(error, Refusal):
        return problem(error.status, error.code, error.detail)
    if isinstance(error, TooManyRequests):
        return problem(
            429, "too_many_requests", _("Too many requests. Wait a little."), retry_after=error.retry_after
        )
    if isinstance(error, Busy):
        return problem(409, error.code, str(error), retry_after=error.retry_after)
    if isinstance(error, Conflict):
        return problem(409, error.code, str(error))
    if isinstance(error, RuleViolation):
        return problem(403 if error.code in FORBIDDEN else 400, error.code, str(error))
    if isinstance(error, (Http404, exceptions.NotFound)):
        return problem(404, "not_found", _("There is no such source for this key."))
    if isinstance(error, exceptions.AuthenticationFailed | exceptions.NotAuthenticated):
        return problem(401, "key_wrong", str(error.detail), challenge='Bearer realm="api"')
    if isinstance(error, exceptions.APIException):
        return problem(error.status_code, str(error.default_code), str(error.detail))
    return None


def too_large(limit: str) -> Refusal:
    return Refusal(status.HTTP_413_REQUEST_ENTITY_TOO_LARGE, "too_large", limit)
