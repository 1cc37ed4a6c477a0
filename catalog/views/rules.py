"""The rules of a source: their list, one form for each kind with its preview, and applying them to what is stored."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from catalog import selectors
from catalog.forms.rules import LABELS, PlacesForm, RuleForm
from catalog.harvesting.rules import Rule, problem
from catalog.models import Source
from catalog.presenters.rules import as_typed, example_views, places, rule_rows
from catalog.services import rules as services
from catalog.services.runs import run_renormalise
from members.decorators import capability_required
from members.permissions import Capability
from network_portal.core.errors import RuleViolation
from network_portal.core.requests import PortalRequest


@capability_required(Capability.SOURCE_VIEW)
def source_rules(request: PortalRequest, pk: int) -> HttpResponse:
    source = selectors.access_source(request.actor, pk)
    context = {
        "source": source,
        "rows": rule_rows(source.rules),
        "kinds": LABELS.items(),
        "state": services.state_of(source),
        "may_manage": request.actor.can(Capability.SOURCE_MANAGE),
    }
    return render(request, "catalog/source_rules.html", context)


@capability_required(Capability.SOURCE_MANAGE)
def source_rule_new(request: PortalRequest, pk: int, do: str) -> HttpResponse:
    source = selectors.access_source(request.actor, pk)
    if do not in LABELS:
        raise Http404
    names = [rule.get("do") if not problem(rule) else "" for rule in source.rules]
    if do == "map_location" and do in names:  # its table holds all places at once
        return redirect("catalog:source_rule", pk, names.index(do))
    return _edit(request, source, do, None)


@capability_required(Capability.SOURCE_MANAGE)
def source_rule(request: PortalRequest, pk: int, place: int) -> HttpResponse:
    source = selectors.access_source(request.actor, pk)
    if place >= len(source.rules) or problem(source.rules[place]):
        raise Http404
    return _edit(request, source, source.rules[place]["do"], place)


@capability_required(Capability.SOURCE_MANAGE)
def source_rule_change(request: PortalRequest, pk: int, place: int) -> HttpResponse:
    """Move a rule up or down, or delete it."""
    source = selectors.access_source(request.actor, pk)
    if request.method == "POST":
        state, action = request.POST.get("state", ""), request.POST.get("action", "")
        if action == "delete":
            services.rule_remove(source=source, place=place, state=state, actor=request.actor)
            messages.success(request, _("The rule is deleted."))
        elif action in ("up", "down"):
            services.rule_move(
                source=source, place=place, up=action == "up", state=state, actor=request.actor
            )
    return redirect("catalog:source_rules", pk)


@capability_required(Capability.SOURCE_MANAGE)
def source_rules_apply(request: PortalRequest, pk: int) -> HttpResponse:
    """Read what is stored again by the rules of today."""
    source = selectors.access_source(request.actor, pk)
    if request.method != "POST":
        return redirect("catalog:source_rules", pk)
    return redirect("catalog:run", run_renormalise(source=source, actor=request.actor).pk)


def _edit(request: PortalRequest, source: Source, do: str, place: int | None) -> HttpResponse:
    """GET shows the form, POST what it would do, and with `save` keeps it."""
    kept: Rule | None = None if place is None else source.rules[place]
    form = _form(request, source, do, kept)
    preview = None
    if request.method == "POST" and form.is_valid():
        if "save" in request.POST:
            try:
                services.rule_put(
                    source=source, rule=form.rule, place=place, state=request.POST.get("state", ""),
                    actor=request.actor,
                )  # fmt: skip
            except RuleViolation as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("The rule is saved. It holds for the next loading."))
                return redirect("catalog:source_rules", source.pk)
        else:
            preview = services.rules_preview(source, services.with_rule(source.rules, form.rule, place))
    context = {
        "source": source,
        "form": form,
        "label": LABELS[do],
        "place": place,
        "state": services.state_of(source),
        "preview": preview,
        "examples": example_views(preview.examples) if preview else [],
    }
    return render(request, "catalog/source_rule.html", context, status=422 if form.errors else 200)


def _form(request: PortalRequest, source: Source, do: str, kept: Rule | None) -> RuleForm | PlacesForm:
    if do == "map_location" and (kept is None or "map" in kept):
        return PlacesForm(request.POST or None, places=places(source, kept))
    return RuleForm(request.POST or None, do=do, initial=as_typed(kept or {}))
