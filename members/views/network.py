"""How requests travel in a network: its rules and its members' places. Coordinators only."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from members.choices import Topology
from members.decorators import capability_required
from members.forms_network import AddMemberForm, DailyForm, NetworkForm, places_formset
from members.models import Network
from members.permissions import Capability
from members.presenters_networks import network_cards, network_facts, ring_of, tree_of
from members.selectors.networks import network_by_code, network_members, networks_with_members
from members.services import networks as services
from network_portal.core.requests import PortalRequest


@capability_required(Capability.NETWORK_MANAGE)
def network_list(request: PortalRequest) -> HttpResponse:
    return render(request, "members/networks.html", {"networks": network_cards(networks_with_members())})


@capability_required(Capability.NETWORK_MANAGE)
def network_new(request: PortalRequest) -> HttpResponse:
    form = NetworkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            network = services.network_create(actor=request.actor, **form.values)
        except ValidationError as error:
            form.add_error(None, "; ".join(error.messages))
        else:
            messages.success(request, _("The network is made. Add its members next."))
            return redirect("members:network_places", code=network.code)
    return render(request, "members/network_form.html", {"form": form, "network": None})


@capability_required(Capability.NETWORK_MANAGE)
def network_routing(request: PortalRequest, code: str) -> HttpResponse:
    network = _network(code)
    form = NetworkForm(request.POST or None, instance=network)
    if request.method == "POST" and form.is_valid():
        try:
            services.network_update(network=_network(code), actor=request.actor, **form.values)
        except ValidationError as error:
            form.add_error(None, "; ".join(error.messages))
        else:
            messages.success(request, _("Saved. Requests follow the new rules from their next round on."))
            return redirect("members:network_routing", code=network.code)
    return render(request, "members/network_form.html", {"form": form, "network": network})


@capability_required(Capability.NETWORK_MANAGE)
def network_daily(request: PortalRequest, code: str) -> HttpResponse:
    """Days on the way, minutes to undo, renewing by itself."""
    network = _network(code)
    form = DailyForm(request.POST or None, instance=network)
    if request.method == "POST" and form.is_valid():
        try:
            services.network_update(network=_network(code), actor=request.actor, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, "; ".join(error.messages))
        else:
            messages.success(request, _("Saved. It counts for what begins from now on."))
            return redirect("members:network_daily", code=network.code)
    return render(request, "members/network_daily.html", {"form": form, "network": _network(code)})


@capability_required(Capability.NETWORK_MANAGE)
def network_places(request: PortalRequest, code: str) -> HttpResponse:
    """Members and their places in ring, tree and groups; adding a library is a form of its own on the page."""
    network = _network(code)
    adding = request.POST.get("what") == "add"
    add = AddMemberForm(request.POST if adding else None, network=network)
    places = places_formset(network, request.POST if request.method == "POST" and not adding else None)
    form = add if adding else places
    if request.method == "POST" and form.is_valid():
        try:
            if adding:
                services.member_add(network=network, library=add.cleaned_data["library"], actor=request.actor)
            else:
                rows = [row.instance for row in places.forms]
                services.members_arrange(network=network, actor=request.actor, rows=rows)
        except ValidationError as error:
            messages.error(request, "; ".join(error.messages))
        else:
            messages.success(request, _("Saved."))
            return redirect("members:network_places", code=network.code)
    members = list(network_members(network))
    context = {
        "network": network,
        "add": add,
        "places": places,
        "facts": network_facts(network),
        "ring": ring_of(members) if network.topology == Topology.RING else [],
        "tree": tree_of(members) if network.topology == Topology.TREE else [],
    }
    return render(request, "members/network_places.html", context)


def _network(code: str) -> Network:
    network = network_by_code(code)
    if network is None:
        raise Http404
    return network
