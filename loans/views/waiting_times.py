"""How long libraries have to act in a network: the coordinator's form, read back as sentences."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from loans.forms.waiting_times import WaitingTimesForm
from loans.presenters.waiting_times import waiting_times
from loans.services.waiting_times import timers_set
from members.decorators import capability_required
from members.permissions import Capability
from members.selectors.networks import network_by_code
from network_portal.core.requests import PortalRequest


@capability_required(Capability.NETWORK_MANAGE)
def network_times(request: PortalRequest, code: str) -> HttpResponse:
    network = network_by_code(code)
    if network is None:
        raise Http404
    form = WaitingTimesForm(request.POST or None, times=waiting_times(network))
    if request.method == "POST" and form.is_valid():
        timers_set(network=network, timers=form.timers(), actor=request.actor)
        messages.success(request, _("Saved. The hours count for what begins to wait from now on."))
        return redirect("loans:network_times", code=network.code)
    status = 400 if form.errors else 200
    return render(request, "loans/network_times.html", {"network": network, "form": form}, status=status)
