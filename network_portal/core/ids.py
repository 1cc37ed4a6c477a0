"""Ids of the web request or task at hand, for logs and audit entries."""

from __future__ import annotations

import structlog


def current_request_id() -> str:
    """The request id that django-structlog binds for web requests and carries into Celery tasks; '' outside."""
    context = structlog.contextvars.get_contextvars()
    return str(context.get("request_id") or context.get("task_id") or "")
