"""When a library works: its week and its closed days, and the days on which every library is closed."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.access import access_library, access_one
from members.decorators import capability_required
from members.forms_calendar import ClosedDayForm, HolidaysForm, WeekForm
from members.holidays import has_proposals, holidays_of
from members.models import Library
from members.permissions import Capability
from members.selectors.calendars import (
    closed_days,
    holiday_year_missing,
    last_reckoning,
    own_hours,
    taken_holidays,
)
from members.services import calendars as services
from network_portal.core.errors import RuleViolation
from network_portal.core.requests import PortalRequest

THIS_CENTURY = 2000


@capability_required(Capability.LIBRARY_EDIT)
def library_calendar(request: PortalRequest, code: str) -> HttpResponse:
    """One page, three forms: the button pressed says which one was sent."""
    library = access_library(request.actor, code)
    hours = own_hours(library)
    sent = request.POST.get("do", "") if request.method == "POST" else ""
    week = WeekForm(request.POST if sent == "hours" else None, hours=hours)
    closing = ClosedDayForm(request.POST if sent == "close" else None)
    if _done(request, sent, library, week, closing):
        return redirect("members:library_calendar", code=library.short_code)
    context = {
        "library": library, "week": week, "usual": not hours, "closing": closing, "days": closed_days(library),
        "everybody": closed_days(None), "reckoning": last_reckoning(library),
        "form": closing if sent == "close" else week,
        "may_change_network": request.actor.can(Capability.NETWORK_MANAGE),
    }  # fmt: skip
    return render(request, "members/calendar.html", context)


@capability_required(Capability.NETWORK_MANAGE)
def network_calendar(request: PortalRequest) -> HttpResponse:
    """Days on which every library of the portal is closed, such as national holidays."""
    sent = request.POST.get("do", "") if request.method == "POST" else ""
    closing = ClosedDayForm(request.POST if sent == "close" else None)
    if _done(request, sent, None, None, closing):
        return redirect("members:network_calendar")
    today = timezone.localdate()
    context = {
        "closing": closing, "days": closed_days(None), "form": closing, "reckoning": last_reckoning(None),
        "missing": holiday_year_missing(today), "years": (today.year, today.year + 1),
    }  # fmt: skip
    return render(request, "members/network_calendar.html", context)


@capability_required(Capability.NETWORK_MANAGE)
def network_holidays(request: PortalRequest, year: int) -> HttpResponse:
    """National holidays of a year: ticked are the certain ones; what a decree sets is compared with it first."""
    if not THIS_CENTURY <= year <= timezone.localdate().year + 5:
        raise Http404
    form = HolidaysForm(request.POST or None, holidays=holidays_of(year), taken=taken_holidays(year))
    if request.method == "POST" and form.is_valid():
        try:
            count = services.holidays_take(year=year, days=form.chosen(), actor=request.actor)
        except RuleViolation as refused:
            form.add_error(None, refused.message)
        else:
            text = ngettext("%(count)s holiday is taken over.", "%(count)s holidays are taken over.", count)
            messages.success(request, text % {"count": count})
            return redirect("members:network_calendar")
    context = {"form": form, "year": year, "proposed": has_proposals(year)}
    return render(request, "members/network_holidays.html", context)


def _done(
    request: PortalRequest, sent: str, library: Library | None, week: WeekForm | None, closing: ClosedDayForm
) -> bool:
    """Carry out what was sent; False where nothing was, or where a form has to be shown again."""
    try:
        if sent == "hours" and week is not None and library is not None and week.is_valid():
            services.hours_set(library=library, actor=request.actor, week=week.week())
            messages.success(request, _("The working hours are saved."))
        elif sent == "close" and closing.is_valid():
            services.closed_day_add(library=library, actor=request.actor, **closing.cleaned_data)
            messages.success(request, _("The closed days are saved."))
        elif sent == "open":
            row = access_one(closed_days(library), pk=request.POST.get("closed_day"))
            services.closed_day_remove(closed_day=row, actor=request.actor)
            messages.success(request, _("The library is open on these days again."))
        else:
            return False
    except RuleViolation as refused:
        (week if sent == "hours" and week is not None else closing).add_error(None, refused.message)
        return False
    return True
