"""Errors that people are told about. Views need not catch them: middleware turns them into a message."""

from __future__ import annotations

from typing import Any


class PortalError(Exception):
    """Base of the portal's own errors."""


class RuleViolation(PortalError):
    """A rule says no. `code` is stable (for programs and tests), `message` is for the person, translated."""

    def __init__(self, code: str, message: Any, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.extra = extra

    def __str__(self) -> str:
        return str(self.message)


class Conflict(RuleViolation):
    """Somebody else was faster: the object is no longer in the state that the page showed (HTTP 409)."""
