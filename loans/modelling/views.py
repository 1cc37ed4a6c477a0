"""How requests travel here: the model of a network as a picture, and trying it. Members read, coordinators change."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from loans.modelling import selectors
from loans.modelling.access import access_draft, access_network
from loans.modelling.drawing import can_map, picture_of
from loans.modelling.forms import TryForm
from loans.modelling.listing import listing
from loans.modelling.model import Model
from loans.modelling.titles import title_found
from loans.modelling.trying import try_model
from loans.modelling.words import sentences
from members.decorators import capability_required
from members.models import Network
from members.permissions import Capability
from network_portal.core.actor import Actor
from network_portal.core.requests import PortalRequest

STAFF = (Capability.REQUEST_MANAGE, Capability.SUPPLY_MANAGE, Capability.NETWORK_MANAGE)


@capability_required(*STAFF)
def network_models(request: PortalRequest) -> HttpResponse:
    """The way from the menu: to the one network of the own library, or to a choice; of all for who runs them."""
    runs = request.actor.can(Capability.NETWORK_MANAGE)
    networks = list(selectors.networks_all() if runs else selectors.networks_of(request.actor.library_id))
    if len(networks) == 1:
        return redirect("loans:network_model", code=networks[0].code)
    return render(request, "loans/modelling/networks.html", {"networks": networks, "runs": runs})


@capability_required(*STAFF)
def network_model(request: PortalRequest, code: str) -> HttpResponse:
    network = access_network(request.actor, code)
    model = selectors.model_live(network)
    may_change = request.actor.can(Capability.NETWORK_MANAGE)
    rows = listing(model)
    context = _pictured(request, model) | {
        "network": network,
        "rules": sentences(model),
        "rows": rows,
        "placed": any(row.place for row in rows),
        "may_change": may_change,
        "may_try": may_try(request.actor, network),
        "drafts": selectors.drafts_open(network) if may_change else [],
    }
    return render(request, "loans/modelling/model.html", context)


def may_try(actor: Actor, network: Network) -> bool:
    """Where the hub is opaque the order of libraries is the coordinator's own matter (addressing.plan_hidden)."""
    if actor.can(Capability.NETWORK_MANAGE):
        return True
    leads = actor.library_id in (network.coordinator_library_id, network.deputy_library_id)
    return leads or not (network.guided and network.hub_mode == "opaque")


@capability_required(*STAFF)
def network_try(request: PortalRequest, code: str) -> HttpResponse:
    """GET only: nothing is written, and the answer has an address. Librarians try their own library's requests; with
    `draft` a coordinator tries a draft."""
    network = access_network(request.actor, code)
    if not may_try(request.actor, network):
        raise Http404
    model, draft = _tried_model(request, network)
    only = None if request.actor.can(Capability.NETWORK_MANAGE) else request.actor.library_id
    form = TryForm(request.GET if "title" in request.GET else None, model=model, only=only)
    context: dict[str, Any] = {"network": network, "form": form, "draft": draft, "found": None}
    asks, steps = None, []
    if form.is_bound and form.is_valid():
        wish = form.cleaned_data
        found = title_found(wish["title"])
        context["found"] = found
        context["choices"] = [(edition, _with(request, title=str(edition.pk))) for edition in found.choice]
        if found.edition is not None:
            trial = try_model(
                model,
                library=wish["library"],
                edition=found.edition,
                service=wish["service"],
                level=wish["level"],
            )
            asks, steps = wish["library"].pk, trial.steps
            context |= {"trial": trial, "asks": wish["library"]}
    return render(
        request, "loans/modelling/try.html", context | _pictured(request, model, asks=asks, steps=steps)
    )


def _tried_model(request: PortalRequest, network: Network) -> tuple[Model, Any]:
    number = request.GET.get("draft", "")
    if not number:
        return selectors.model_live(network), None
    if not number.isdecimal() or not request.actor.can(Capability.NETWORK_MANAGE):
        raise Http404
    draft = access_draft(request.actor, network.code, int(number[:12]))
    return selectors.model_of_draft(draft), draft


def _pictured(request: PortalRequest, model: Model, **path: Any) -> dict[str, Any]:
    """The picture, with the way to the other kind where there is one."""
    picture = picture_of(model, kind=request.GET.get("picture", ""), **path)
    tabs = []
    if can_map(model):
        for kind, label in (("map", _("On the map")), ("plan", _("As a plan"))):
            current = picture.is_map == (kind == "map")
            tabs.append({"label": label, "url": _with(request, picture=kind), "current": current})
    return {"picture": picture, "kinds": tabs}


def _with(request: PortalRequest, **values: str) -> str:
    params = request.GET.copy()
    for name, value in values.items():
        params[name] = value
    return f"{request.path}?{urlencode(sorted(params.items()))}"
