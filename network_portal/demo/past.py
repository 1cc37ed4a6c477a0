"""Lets days pass: for one of the demo's requests between two steps of its story, and for its catalogues.

The services know no other time than now, and rightly so. So each step of a story is taken now, by the ordinary services
and with every check; then what the request has lived through so far is moved back by some days, and the next step is
taken. Mails and the audit trail are left alone: they say when the demo was built.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import DateField, F, Model, QuerySet

from catalog.models import Edition, Run, SourceRecord
from loans.models import Request


def days_pass(request: Request, days: int) -> None:
    """Move every date of the request, its attempts, its history and its messages `days` days into the past."""
    if not days:
        return
    itself = Request.objects.filter(pk=request.pk)
    for rows in (itself, request.attempts.all(), request.events.all(), request.messages.all()):
        _move(rows, timedelta(days=days))


def catalogues_came(weeks: int) -> None:
    """Move all loadings so far, and what they brought, so many weeks into the past."""
    for model in (Run, SourceRecord, Edition):
        names = [field.name for field in model._meta.concrete_fields if isinstance(field, DateField)]
        moved = {name: F(name) - timedelta(weeks=weeks) for name in names}
        model._default_manager.update(**moved)


def _move(rows: QuerySet[Any], by: timedelta) -> None:
    model: type[Model] = rows.model
    names = [
        f.name for f in model._meta.concrete_fields if isinstance(f, DateField)
    ]  # moments are DateFields, too
    for row in rows.values("pk", *names):
        dates = {name: row[name] - by for name in names if row[name] is not None}
        rows.filter(pk=row["pk"]).update(**dates)
