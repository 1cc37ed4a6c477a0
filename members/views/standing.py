"""A library's membership: what is open, who is told, what happened; the coordinator decides here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.access import access_library
from members.decorators import capability_required
from members.forms import PlainForm
from members.forms_policies import DAY
from members.models import Library
from members.permissions import Capability
from members.selectors.standing import standing_of
from members.standing import services
from members.standing.letters import told_of
from members.standing.open_business import open_items
from members.standing.present import away_rows, standing_said, timeline
from network_portal.core.errors import RuleViolation
from network_portal.core.requests import PortalRequest


class SuspendForm(PlainForm):
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Managers of this library and of its partners read it in a mail."),
    )  # fmt: skip


class SuspendUntilForm(SuspendForm):
    back_on = forms.DateField(
        label=gettext_lazy("Takes part again on"), required=False,
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        help_text=gettext_lazy("Empty: until a coordinator lets it take part again."),
    )  # fmt: skip


class LeaveForm(SuspendForm):
    last_day = forms.DateField(
        label=gettext_lazy("Everything is back by"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d")
    )


FORMS: dict[str, type[PlainForm]] = {
    "suspend": SuspendUntilForm, "leave": LeaveForm, "stay": PlainForm, "finish": PlainForm,
    "return": PlainForm,
}  # fmt: skip
SERVICES: dict[str, Callable[..., Library]] = {
    "suspend": services.standing_suspend, "leave": services.leaving_announce,
    "stay": services.leaving_call_off, "finish": services.leaving_finish, "return": services.standing_return,
}  # fmt: skip


@capability_required(Capability.LIBRARY_EDIT)
def standing(request: PortalRequest, code: str) -> HttpResponse:
    library = access_library(request.actor, code)
    decides = request.actor.can(Capability.NETWORK_MANAGE)
    action = request.POST.get("action", "")
    forms_shown: dict[str, Any] = {name: made(auto_id=f"{name}_%s") for name, made in FORMS.items()}
    if request.method == "POST" and decides and action in FORMS:
        form = FORMS[action](request.POST, auto_id=f"{action}_%s")
        forms_shown[action] = form
        if form.is_valid() and _done(request, library, action, form):
            return redirect("members:standing", code=library.short_code)
    items = open_items(library.pk)
    context = {
        "library": library, "items": items, "told": told_of(library.pk), "forms": forms_shown,
        "steps": timeline(standing_of(library)), "leaving": services.is_leaving(library), "decides": decides,
        "said": standing_said(library),
    }  # fmt: skip
    return render(request, "members/standing/standing.html", context)


def _done(request: PortalRequest, library: Library, action: str, form: PlainForm) -> bool:
    try:
        SERVICES[action](library=library, actor=request.actor, **form.cleaned_data)
    except RuleViolation as error:
        messages.error(request, str(error))
        return False
    messages.success(request, _("Done, and everybody concerned is told."))
    return True


@capability_required(Capability.NETWORK_MANAGE)
def away(request: PortalRequest) -> HttpResponse:
    """Every library that is suspended or leaving, and what still holds it up."""
    return render(request, "members/standing/away.html", {"rows": away_rows()})
