"""What is searched, opened and asked for, for librarians; and the list of what is wanted but held by nobody."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog.netsettings import LEAST_ASKERS
from catalog.presenters.csv_file import csv_answer
from catalog.presenters.use_plot import use_plot
from catalog.selectors import usage
from members.decorators import capability_required
from members.permissions import Capability
from network_portal.core.requests import PortalRequest

LONGEST = 732  # days
MOST_IN_FILE = 5000


@capability_required(Capability.STATS_VIEW)
@require_safe
def search_statistics(request: PortalRequest) -> HttpResponse:
    first, last = period_of(request)
    days = usage.use_by_day(first, last)
    context = {
        **_frame(first, last), "plot": use_plot(days),
        "totals": [(_("Searches"), sum(d.searches for d in days)), (_("Found nothing"), sum(d.nothing for d in days)),
                   (_("Titles opened"), sum(d.opened for d in days))],
        "asked": usage.questions(first, last), "in_vain": usage.questions(first, last, in_vain=True),
        "opened": usage.most_opened(first, last), "requested": usage.most_requested(first, last),
        "days": [day for day in days if day.searches or day.opened],
    }  # fmt: skip
    return render(request, "catalog/search_statistics.html", context)


@capability_required(Capability.STATS_VIEW)
@require_safe
def search_statistics_csv(request: PortalRequest) -> HttpResponseBase:
    first, last = period_of(request)
    asked = usage.questions(first, last, most=MOST_IN_FILE)
    opened = usage.most_opened(first, last, most=MOST_IN_FILE)
    requested = usage.most_requested(first, last, most=MOST_IN_FILE)
    rows = [
        *((_("Search"), q.text, q.times, q.nothing) for q in asked),
        *((_("Opened title"), o.edition.full_title, o.times, "") for o in opened),
        *((_("Requested title"), r.title, r.requests, r.unfilled) for r in requested),
    ]
    header = [_("What"), _("Text"), _("Times"), _("Of them in vain")]
    return csv_answer(f"searches-{first}-{last}", header, rows)


@capability_required(Capability.STATS_VIEW)
@require_safe
def wanted(request: PortalRequest) -> HttpResponse:
    first, last = period_of(request)
    context = {**_frame(first, last), "rows": usage.wanted(first, last)}
    return render(request, "catalog/search_wanted.html", context)


@capability_required(Capability.STATS_VIEW)
@require_safe
def wanted_csv(request: PortalRequest) -> HttpResponseBase:
    first, last = period_of(request)
    rows = [(row.text, row.searches, row.requests) for row in usage.wanted(first, last)]
    header = [_("Wanted"), _("Searched in vain"), _("Requests")]
    return csv_answer(f"wanted-{first}-{last}", header, rows)


def period_of(request: PortalRequest) -> tuple[date, date]:
    """`first` and `last` of the address; the last thirty days where they make no sense."""
    today = timezone.localdate()
    try:
        first = parse_date(request.GET.get("first", "")) or today - timedelta(days=29)
        last = parse_date(request.GET.get("last", "")) or today
    except ValueError:
        return today - timedelta(days=29), today
    first, last = sorted((first, min(last, today)))
    return max(first, last - timedelta(days=LONGEST)), last


def _frame(first: date, last: date) -> dict[str, Any]:
    today = timezone.localdate()
    spans = ((_("7 days"), 7), (_("30 days"), 30), (_("3 months"), 91), (_("12 months"), 365))
    presets = [(label, f"first={today - timedelta(days=n - 1)}&last={today}") for label, n in spans]
    query = f"first={first}&last={last}"
    return {
        "first": first, "last": last, "query": query, "least": LEAST_ASKERS.now(),
        "presets": [(label, preset, preset == query) for label, preset in presets],
    }  # fmt: skip
