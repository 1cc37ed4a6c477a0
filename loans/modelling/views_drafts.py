"""Drafts of a network's model: writing them, comparing them, putting them live. Coordinators only."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from loans.modelling import drafts, preview, selectors
from loans.modelling.access import access_draft, access_network, access_version
from loans.modelling.differences import differences, label_of
from loans.modelling.drawing import picture_of
from loans.modelling.forms import PlacesForm, RulesForm
from loans.modelling.model import Model
from loans.modelling.presenters import draft_page, preview_page
from loans.modelling.rounds import round_the_ring
from loans.modelling.words import sentences
from members.decorators import capability_required
from members.models import NetworkDraft
from members.permissions import Capability
from network_portal.core.errors import Conflict, RuleViolation
from network_portal.core.requests import PortalRequest

manages = capability_required(Capability.NETWORK_MANAGE)


@manages
@require_POST
def draft_new(request: PortalRequest, code: str) -> HttpResponse:
    """Beside the live rules; `version` begins with a former one's."""
    network = access_network(request.actor, code)
    number = request.POST.get("version", "")
    version = access_version(request.actor, code, int(number[:9])) if number.isdecimal() else None
    draft = drafts.draft_create(network=network, actor=request.actor, version=version)
    return redirect("loans:network_draft", code=code, pk=draft.pk)


@manages
def draft(request: PortalRequest, code: str, pk: int) -> HttpResponse:
    kept = access_draft(request.actor, code, pk)
    live, mine = selectors.model_live(kept.network), selectors.model_of_draft(kept)
    base = selectors.model_of(kept.network, kept.base_settings, kept.base_places)
    context = draft_page(kept, live, mine) | {
        "network": kept.network,
        "draft": kept,
        "changes": differences(base, mine),
        "meanwhile": differences(base, live) if kept.base_version != kept.network.version else [],
        "pictures": [
            (label, picture_of(model, key=key, label=label))
            for label, model, key in (
                (_("As it is now"), live, "picture-now"),
                (_("The draft"), mine, "picture-then"),
            )
        ],
        "rules": sentences(mine),
        "preview": preview_page(kept),
    }
    return render(request, "loans/modelling/draft.html", context)


@manages
def draft_rules(request: PortalRequest, code: str, pk: int) -> HttpResponse:
    kept = access_draft(request.actor, code, pk)
    model = selectors.model_of_draft(kept)
    form = RulesForm(request.POST or None, model=model, note=kept.note)
    context: dict[str, Any] = {"network": kept.network, "draft": kept, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            drafts.draft_rules_save(
                draft=kept, settings=form.settings, note=form.cleaned_data["note"], actor=request.actor,
                revision=_revision(request),
            )  # fmt: skip
            return redirect("loans:network_draft", code=code, pk=pk)
        except Conflict as error:
            form.add_error(None, str(error.message))
            context["theirs"] = differences(_typed(model, settings=form.settings), model)
    return render(request, "loans/modelling/draft_rules.html", context)


@manages
def draft_places(request: PortalRequest, code: str, pk: int) -> HttpResponse:
    """Places in ring and tree, groups, who takes part; `round` proposes a ring and saves nothing."""
    kept = access_draft(request.actor, code, pk)
    model = selectors.model_of_draft(kept)
    if "round" in request.GET:
        model = round_the_ring(model)
    form = PlacesForm(request.POST or None, model=model)
    context: dict[str, Any] = {"network": kept.network, "draft": kept, "form": form, "shape": form.shape}
    if request.method == "POST" and form.is_valid():
        try:
            drafts.draft_places_save(
                draft=kept, places=form.places, actor=request.actor, revision=_revision(request)
            )
            return redirect("loans:network_draft", code=code, pk=pk)
        except Conflict as error:
            form.add_error(None, str(error.message))
            context["theirs"] = differences(_typed(model, places=form.places), model)
    return render(request, "loans/modelling/draft_places.html", context)


def _typed(model: Model, **changed: Any) -> Model:
    told = {"settings": model.settings, "places": model.places} | changed
    return selectors.model_of(model.network, told["settings"], told["places"])


@manages
def draft_preview(request: PortalRequest, code: str, pk: int) -> HttpResponse:
    """POST begins; GET answers with how far it is, for a page that waits."""
    kept = access_draft(request.actor, code, pk)
    if request.method == "POST":
        preview.preview_start(draft=kept, actor=request.actor)
    if request.method == "POST" or not request.headers.get("HX-Request"):
        return redirect(f"{draft_url(kept)}#preview")
    context = {"network": kept.network, "draft": kept, "preview": preview_page(kept)}
    return render(request, "loans/modelling/_preview.html", context)


def draft_url(kept: NetworkDraft) -> str:
    return reverse("loans:network_draft", args=[kept.network.code, kept.pk])


@manages
@require_POST
def draft_renew(request: PortalRequest, code: str, pk: int) -> HttpResponse:
    kept = access_draft(request.actor, code, pk)
    try:
        fresh, both, moved = drafts.draft_renew(draft=kept, revision=_revision(request), actor=request.actor)
    except RuleViolation as error:
        messages.error(request, str(error.message))
        return redirect("loans:network_draft", code=code, pk=pk)
    model = selectors.model_of_draft(fresh)
    told = [label_of(name) for name in both] + [model.name(library) for library in moved]
    messages.success(request, _("The draft has taken over what counts now."))
    if told:
        text = _("Changed on both sides; the draft's own was kept: %(what)s")
        messages.warning(request, text % {"what": ", ".join(told)})
    return redirect("loans:network_draft", code=code, pk=pk)


@manages
@require_POST
def draft_live(request: PortalRequest, code: str, pk: int) -> HttpResponse:
    kept = access_draft(request.actor, code, pk)
    try:
        number = drafts.draft_put_live(
            draft=kept, revision=_revision(request), actor=request.actor, tell="tell" in request.POST
        )
    except RuleViolation as error:
        messages.error(request, str(error.message))
        return redirect("loans:network_draft", code=code, pk=pk)
    text = _("Version %(number)s counts from now on. Requests on their way keep the plan they have.")
    messages.success(request, text % {"number": number})
    return redirect("loans:network_model", code=code)


@manages
@require_POST
def draft_drop(request: PortalRequest, code: str, pk: int) -> HttpResponse:
    kept = access_draft(request.actor, code, pk)
    try:
        drafts.draft_drop(draft=kept, revision=_revision(request), actor=request.actor)
    except RuleViolation as error:
        messages.error(request, str(error.message))
        return redirect("loans:network_draft", code=code, pk=pk)
    messages.success(request, _("The draft is dropped. What counts now stays as it is."))
    return redirect("loans:network_model", code=code)


def _revision(request: PortalRequest) -> int:
    """What the page was made from."""
    typed = request.POST.get("revision", "")
    return int(typed[:9]) if typed.isdecimal() else 0
