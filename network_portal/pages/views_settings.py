"""The network's settings in one place, for coordinators: read, search, change, go back to the default."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from members.decorators import capability_required
from members.permissions import Capability
from network_portal.core.errors import RuleViolation
from network_portal.core.netsettings import Decision, decision_of
from network_portal.core.netsettings.deciding import decide
from network_portal.core.requests import PortalRequest, typed
from network_portal.pages.settings_page.decided import Present, present_one
from network_portal.pages.settings_page.told import settings_told


@capability_required(Capability.NETWORK_MANAGE)
@require_safe
def settings_list(request: PortalRequest) -> HttpResponse:
    query = typed(request.GET.get("q", ""))[:80]
    return render(request, "pages/settings.html", {"areas": settings_told(query), "query": query})


@capability_required(Capability.NETWORK_MANAGE)
def setting(request: PortalRequest, code: str) -> HttpResponse:
    """GET shows it; POST keeps the value, or with `usual` goes back to the default."""
    decision = decision_of(code)
    if decision is None:
        raise Http404
    now = present_one(decision)
    form = _form(decision, now, request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        try:
            if "usual" in request.POST or form.is_valid():
                value = None if "usual" in request.POST else form.cleaned_data["value"]
                decide(decision, value, actor=request.actor, seen=typed(request.POST.get("seen", "")))
                messages.success(request, _("Saved. It holds everywhere within a few seconds."))
                return redirect("pages:settings")
            status = 422
        except RuleViolation as refused:
            form.add_error(None, str(refused))
            now, status = present_one(decision), 409
    context = {"decision": decision, "now": now, "form": form, "about": f"core.setting.{code}"}
    return render(request, "pages/setting.html", context, status=status)


def _form(decision: Decision[Any], now: Present, posted: Any) -> forms.Form:
    form = forms.Form(posted, initial={"value": decision.initial(now.value)}, label_suffix="")
    form.fields["value"] = decision.field()
    return form
