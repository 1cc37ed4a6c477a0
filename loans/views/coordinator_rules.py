"""What a guided network's desk lets the portal decide: list in plain sentences, add, change, reorder, dry run."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from loans.forms.coordinator import CoordinatorRuleForm
from loans.models import CoordinatorRule
from loans.presenters.coordinator import rule_lists
from loans.selectors.coordinator import networks_of_desk, rules_of_desk
from loans.services.coordinator_rules import rule_move, rule_remove, rule_save
from members.access import access_one
from members.decorators import capability_required
from members.models import Network
from members.permissions import Capability
from network_portal.core.requests import PortalRequest


@capability_required(Capability.RULES_EDIT)
def desk_rules(request: PortalRequest) -> HttpResponse:
    networks = list(networks_of_desk(request.actor))
    if not networks:
        raise Http404
    told = [(network, rule_lists(network)) for network in networks]
    return render(request, "loans/desk_rules.html", {"networks": told})


@capability_required(Capability.RULES_EDIT)
def desk_rule_new(request: PortalRequest, code: str) -> HttpResponse:
    return _form(request, access_one(networks_of_desk(request.actor), code=code), None)


@capability_required(Capability.RULES_EDIT)
def desk_rule(request: PortalRequest, pk: int) -> HttpResponse:
    rule = access_one(rules_of_desk(request.actor), pk=pk)
    if request.method == "POST" and "remove" in request.POST:
        rule_remove(rule=rule, actor=request.actor)
        messages.success(request, _("The rule is removed."))
        return redirect("loans:desk_rules")
    return _form(request, rule.network, rule)


@capability_required(Capability.RULES_EDIT)
@require_POST
def desk_rule_move(request: PortalRequest, pk: int) -> HttpResponse:
    rule = access_one(rules_of_desk(request.actor), pk=pk)
    rule_move(rule=rule, up=request.POST.get("to") == "up", actor=request.actor)
    return redirect("loans:desk_rules")


def _form(request: PortalRequest, network: Network, rule: CoordinatorRule | None) -> HttpResponse:
    initial: dict[str, Any] = {"effect": "release", "direction": "out", "is_active": True}
    if rule is not None:
        initial = {
            **rule.conditions,
            "effect": rule.effect,
            "direction": rule.direction,
            "is_active": rule.is_active,
        }
    form = CoordinatorRuleForm(request.POST or None, network=network, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        rule_save(
            network=network, actor=request.actor, rule=rule, effect=values["effect"], direction=values["direction"],
            is_active=values["is_active"], conditions=form.conditions,
        )  # fmt: skip
        messages.success(request, _("The rule is saved."))
        return redirect("loans:desk_rules")
    page = {"form": form, "rule": rule, "network": network}
    return render(request, "loans/desk_rule.html", page, status=400 if form.errors else 200)
