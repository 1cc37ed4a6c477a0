"""How often titles were requested in a period, for the search statistics of the catalogue. Without readers."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Q

from catalog.selectors.usage import AskedFor
from loans.choices import Outcome
from loans.models import Request

MOST = 500


def asked_for(first: date, last: date) -> list[AskedFor]:
    """By edition; what was asked for without one, by its title. The commonest first."""
    rows = Request.objects.filter(created_at__date__gte=first, created_at__date__lte=last)
    unfilled = Count("pk", filter=Q(outcome=Outcome.UNFILLED))
    by_edition = rows.exclude(edition=None).values("edition_id", "edition__title", "edition__author")
    blank = rows.filter(edition=None).values("title")
    held = by_edition.annotate(n=Count("pk"), u=unfilled).order_by("-n", "edition_id")[:MOST]
    without = blank.annotate(n=Count("pk"), u=unfilled).order_by("-n", "title")[:MOST]
    return [
        *(AskedFor(r["edition__title"], r["edition__author"], r["edition_id"], r["n"], r["u"]) for r in held),
        *(AskedFor(r["title"], "", None, r["n"], r["u"]) for r in without),
    ]
