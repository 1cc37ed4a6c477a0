"""The coordinator's list of catalogues outside the network, offered to readers beside their own results."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from catalog.forms.outside import OutsideForm
from catalog.models import OutsideCatalogue
from catalog.selectors.outside import outside_catalogue, outside_catalogues
from catalog.services import outside as services
from members.decorators import capability_required
from members.permissions import Capability
from network_portal.core.requests import PortalRequest


@capability_required(Capability.NETWORK_MANAGE)
def outside_list(request: PortalRequest) -> HttpResponse:
    return render(request, "catalog/outside.html", {"catalogues": outside_catalogues()})


@capability_required(Capability.NETWORK_MANAGE)
def outside_new(request: PortalRequest) -> HttpResponse:
    return _edit(request, OutsideCatalogue(position=outside_catalogues().count() + 1))


@capability_required(Capability.NETWORK_MANAGE)
def outside_edit(request: PortalRequest, pk: int) -> HttpResponse:
    return _edit(request, outside_catalogue(pk))


@capability_required(Capability.NETWORK_MANAGE)
def outside_remove(request: PortalRequest, pk: int) -> HttpResponse:
    if request.method == "POST":
        services.outside_delete(catalogue=outside_catalogue(pk), actor=request.actor)
        messages.success(request, _("The catalogue is off the list."))
    return redirect("catalog:outside")


def _edit(request: PortalRequest, catalogue: OutsideCatalogue) -> HttpResponse:
    form = OutsideForm(request.POST or None, instance=catalogue)
    if request.method == "POST" and form.is_valid():
        services.outside_save(catalogue=catalogue, values=form.cleaned_data, actor=request.actor)
        messages.success(request, _("Saved."))
        return redirect("catalog:outside")
    return render(request, "catalog/outside_form.html", {"form": form, "catalogue": catalogue})
