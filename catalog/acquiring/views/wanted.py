"""The wanted list of the network, as a page and as a file."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog.acquiring.forms import WantedForm
from catalog.acquiring.presenters import tabs, wanted_rows
from catalog.acquiring.selectors.wanted import newest_day, wanted_titles, with_plans
from members.decorators import capability_required
from members.permissions import Capability
from network_portal.core.csv_file import csv_answer
from network_portal.core.requests import PortalRequest

A_PAGE = 25


@capability_required(Capability.STATS_VIEW)
@require_safe
def wanted_list(request: PortalRequest) -> HttpResponse:
    form = WantedForm(request.GET)
    page = Paginator(wanted_titles(form.asked, request.actor), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form, "page": page, "lines": with_plans(page.object_list), "narrowed": form.narrowed(),
        "tabs": tabs(request.actor, "wanted"), "may": request.actor.can(Capability.ACQUIRE), "until": newest_day(),
    }  # fmt: skip
    return render(request, "catalog/acquiring/wanted.html", context)


@capability_required(Capability.STATS_VIEW)
@require_safe
def wanted_csv(request: PortalRequest) -> HttpResponseBase:
    rows = wanted_titles(WantedForm(request.GET).asked, request.actor)
    header = [
        _("Title"), _("Author"), _("ISBN"), _("Year"), _("Searched in vain"), _("Requests not filled"),
        _("Asked for, in no catalogue"), _("More requests than copies"), _("Libraries"), _("Held by"), _("Asked last"),
        _("Plans"), _("Address"),
    ]  # fmt: skip
    return csv_answer("wanted", header, wanted_rows(rows))
