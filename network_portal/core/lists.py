"""What all lists of the portal share: narrowing and ordering by the address, pages, and the same rows as CSV.

A list declares a `ListFilter` (with an OrderingFilter `sort` where there is more than one order) and answers with
`list_answer`; its template includes components/list_filter.html above and components/list_foot.html below the table.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import django_filters
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from network_portal.core.csv_file import csv_answer

PAGE_SIZE = 50
NOT_NARROWING = ("sort", "page", "format")
YES, NO = "yes", "no"


class EmptyFilter(django_filters.ChoiceFilter):
    """Whether nothing stands in a column (YES), or something does (NO); with words of its own for both."""

    def filter(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        return rows.filter(**{f"{self.field_name}__isnull": value == YES}) if value in (YES, NO) else rows


class ListFilter(django_filters.FilterSet):
    """Labels without a colon, and whether anything narrows the list. What can't be understood is not applied."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form.label_suffix = ""

    @property
    def is_narrowed(self) -> bool:
        return any(self.data.get(name) for name in self.form.fields if name not in NOT_NARROWING)


@dataclass(frozen=True)
class Csv:
    """A list as a file: its name, its columns, and the cells of a row."""

    name: str
    header: Sequence[str]
    cells: Callable[[Any], Sequence[object]]


def list_answer(
    request: HttpRequest, template: str, *, found: django_filters.FilterSet, csv: Csv, size: int = PAGE_SIZE,
    context: Callable[[Page[Any]], dict[str, Any]] | None = None,
) -> HttpResponseBase:  # fmt: skip
    """A page of what was found, or with format=csv all of it, streamed. `context` is made of the page's rows."""
    if request.GET.get("format") == "csv":
        return rows_answer(csv, found.qs)
    page = Paginator(found.qs, size).get_page(request.GET.get("page"))
    return render(request, template, {"filter": found, "page": page, **(context(page) if context else {})})


def rows_answer(csv: Csv, rows: QuerySet[Any]) -> HttpResponseBase:
    """All rows as a file, in portions. What they are prefetched with is fetched by the portion."""
    return csv_answer(csv.name, csv.header, (csv.cells(row) for row in rows.iterator(chunk_size=500)))


def moment(at: datetime | None) -> str:
    """A moment in a file: local time, in a form that spreadsheets read."""
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if at else ""
