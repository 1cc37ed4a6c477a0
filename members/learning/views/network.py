"""The coordinator's page: proposals that wait, figures of a year, which networks open at once."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from members.choices_learning import ProgrammeKind
from members.decorators import capability_required
from members.learning import selectors
from members.learning.figures import figures_of_year, in_order, kinds_of_year, order_labels
from members.learning.present import figures_csv
from members.learning.programmes import rule_set
from members.permissions import Capability
from network_portal.core.requests import PortalRequest, whole_number


@capability_required(Capability.NETWORK_MANAGE)
def overview(request: PortalRequest) -> HttpResponseBase:
    this_year = timezone.localdate().year
    year = whole_number(request.GET.get("year", "")) or this_year
    year = year if 2000 <= year <= this_year + 1 else this_year
    sort = request.GET.get("sort", "")
    rows = in_order(figures_of_year(year), sort)
    if request.GET.get("format") == "csv":
        return figures_csv(year, rows)
    networks = selectors.networks_with_rule()
    if request.method == "POST":
        chosen = next((one for one, _open in networks if str(one.pk) == request.POST.get("network")), None)
        if chosen is None:
            raise Http404
        rule_set(actor=request.actor, network=chosen, open_at_once="open" in request.POST)
        messages.success(request, _("Saved."))
        return redirect("members:learning_overview")
    context = {
        "proposed": selectors.programmes_proposed(), "rows": rows, "year": year, "networks": networks,
        "sort": sort, "orders": order_labels(),
        "years": range(this_year, this_year - 4, -1),
        "kinds": [(ProgrammeKind(kind).label, n) for kind, n in kinds_of_year(year)],
        "hours": sum(row.hours for row in rows), "people": sum(row.people for row in rows),
    }  # fmt: skip
    return render(request, "members/learning/overview.html", context)
