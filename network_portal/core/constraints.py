"""The database's own check that a column holds a value of its list. Called by the models of every app."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.db.models import Q


def one_of(field: str, values: Iterable[str], *, name: str, blank: bool = False) -> models.CheckConstraint:
    """`field` is one of `values`, or empty where `blank`. Give `Choices.values`."""
    allowed = [*values, ""] if blank else list(values)
    return models.CheckConstraint(name=name, condition=Q(**{f"{field}__in": allowed}))
