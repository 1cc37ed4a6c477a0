"""Ring, tree and groups of a network, changed one press at a time. Coordinators only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.access import access_one
from members.decorators import capability_required
from members.forms import PlainForm
from members.models import Network, NetworkMember
from members.permissions import Capability
from members.presenters_networks import network_facts, tree_of
from members.presenters_places import cells_of, ring_places
from members.selectors.networks import network_by_code, network_members
from members.services import places
from network_portal.core.requests import PortalRequest, whole_number

STEPS = {"up": places.UP, "down": places.DOWN}


class PutForm(PlainForm):
    """Where one member stands: below whom, and with whom."""

    member = forms.ChoiceField(label=gettext_lazy("Library"))
    parent = forms.ChoiceField(label=gettext_lazy("Stands below"), required=False)
    cell = forms.CharField(
        label=gettext_lazy("Group"), max_length=40, required=False,
        help_text=gettext_lazy("Libraries of one group ask each other before all others."),
    )  # fmt: skip

    def __init__(self, *args: Any, members: list[NetworkMember], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = sorted((one.library.name, str(one.pk)) for one in members)
        choices = [(pk, name) for name, pk in names]
        self.fields["member"].choices = choices  # type: ignore[attr-defined]
        self.fields["parent"].choices = [("", _("Nobody: at the top")), *choices]  # type: ignore[attr-defined]


@capability_required(Capability.NETWORK_MANAGE)
def network_order(request: PortalRequest, code: str) -> HttpResponse:
    network = _network(code)
    members = list(network_members(network))
    moving = request.POST.get("step") in STEPS
    form = PutForm(request.POST if request.method == "POST" and not moving else None, members=members)
    if request.method == "POST" and (moving or form.is_valid()):
        try:
            _change(request, network, form, moving=moving)
        except ValidationError as error:
            if form.is_bound:
                form.add_error(None, error)
            else:
                messages.error(request, "; ".join(error.messages))
        else:
            return redirect("members:network_order", code=network.code)
    context = {
        "network": network, "form": form, "facts": network_facts(network), "ring": ring_places(members),
        "tree": tree_of(members), "cells": cells_of(members),
    }  # fmt: skip
    return render(request, "members/standing/order.html", context)


def _change(request: PortalRequest, network: Network, form: PutForm, *, moving: bool) -> None:
    if moving:
        member = access_one(network_members(network), pk=whole_number(request.POST.get("member", "")))
        step = STEPS[request.POST["step"]]
        places.member_move(network=network, member=member, step=step, actor=request.actor)
        return
    data = form.cleaned_data
    member = access_one(network_members(network), pk=int(data["member"]))
    parent_id = int(data["parent"]) if data["parent"] else None
    places.member_put(
        network=network, member=member, parent_id=parent_id, cell=data["cell"], actor=request.actor
    )
    messages.success(request, _("Saved."))


def _network(code: str) -> Network:
    network = network_by_code(code)
    if network is None:
        raise Http404
    return network
