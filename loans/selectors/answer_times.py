"""How long libraries took to answer, for the record page below (catalog.selectors.lending asks through a list)."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from loans.choices import Service
from loans.models import SupplierStats

FEWEST_ANSWERS = 3  # fewer say nothing about the next one


def answer_hours(library_ids: Collection[int], kind: str) -> dict[int, Decimal]:
    """Median working hours of each library's last loans: of this format, else of all. One query."""
    rows = SupplierStats.objects.filter(
        library_id__in=library_ids, service=Service.LOAN, format__in=("", kind), answered__gte=FEWEST_ANSWERS,
        median_hours__isnull=False,
    ).order_by("format")  # fmt: skip
    return {pk: hours for pk, hours in rows.values_list("library_id", "median_hours") if hours is not None}
