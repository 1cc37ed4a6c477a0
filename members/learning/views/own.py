"""What a person does: register, withdraw, give an opinion, write notes of an internship; and their own list."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from members.learning import calendars, selectors
from members.learning.access import access_internship, access_mine, access_programme, runs
from members.learning.evaluations import evaluation_give, may_evaluate
from members.learning.forms import AssessForm, MentorForm, NoteForm, OpinionForm, RegisterForm, StayForm
from members.learning.internships import internship_assess, mentor_set, note_write, weeks_of
from members.learning.places import registration_ask, registration_withdraw, why_not
from members.learning.times import coming_first, sessions_told
from network_portal.core.errors import RuleViolation
from network_portal.core.requests import PortalRequest


@login_required
def mine(request: PortalRequest) -> HttpResponse:
    rows = [
        (one, sessions_told(one.programme), may_evaluate(one))
        for one in coming_first(selectors.registrations_of_person(request.actor.user_id))
    ]
    link = settings.PORTAL_URL + calendars.own_link(request.user.pk)  # type: ignore[arg-type]
    return render(request, "members/learning/mine.html", {"rows": rows, "link": link})


@login_required
@require_POST
def link_renew(request: PortalRequest) -> HttpResponse:
    calendars.own_link_renew(actor=request.actor)
    messages.success(request, _("Your calendar has a new link. The older one ended."))
    return redirect("members:learning_mine")


@login_required
def register(request: PortalRequest, pk: int) -> HttpResponse:
    programme = access_programme(request.actor, pk)
    form_class = StayForm if programme.is_internship else RegisterForm
    form = form_class(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            row = registration_ask(programme=programme, actor=request.actor, **form.cleaned_data)
        except RuleViolation as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, row.get_status_display() + ".")
            return redirect("members:learning_programme", pk=pk)
    refusal = why_not(programme, request.actor)
    context = {"programme": programme, "form": form, "refusal": refusal[1] if refusal else "",
               "sessions": sessions_told(programme)}  # fmt: skip
    return render(request, "members/learning/register.html", context)


@login_required
def withdraw(request: PortalRequest, pk: int) -> HttpResponse:
    programme = access_programme(request.actor, pk)
    row = access_mine(request.actor, programme)
    if request.method == "POST":
        registration_withdraw(registration=row, actor=request.actor)
        messages.success(request, _("You have withdrawn. Somebody else can come now."))
        return redirect("members:learning_programme", pk=pk)
    return render(request, "members/learning/withdraw.html", {"programme": programme})


@login_required
def opinion(request: PortalRequest, pk: int) -> HttpResponse:
    programme = access_programme(request.actor, pk)
    row = access_mine(request.actor, programme)
    form = OpinionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        evaluation_give(registration=row, **form.cleaned_data)
        messages.success(request, _("Thank you. Your answers are kept without your name."))
        return redirect("members:learning_mine")
    context = {"programme": programme, "form": form, "open": may_evaluate(row)}
    return render(request, "members/learning/opinion.html", context)


@login_required
def internship(request: PortalRequest, pk: int) -> HttpResponse:
    """One page for intern, host and sending library; each finds the form that is theirs."""
    row = access_internship(request.actor, pk)
    stay = row.internship
    is_intern, hosts = row.user_id == request.actor.user_id, runs(request.actor, row.programme)
    forms: dict[str, Any] = {}
    if stay.assessed_at is None and row.has_place:
        if is_intern and weeks_of(stay):
            forms["note"] = NoteForm(_posted(request, "note"), stay=stay)
        if hosts:
            forms["mentor"] = MentorForm(_posted(request, "mentor"), initial={"mentor": stay.mentor})
            forms["assess"] = AssessForm(_posted(request, "assess"), auto_id="assess_%s")
    sent = None
    if request.method == "POST":
        sent = forms.get(request.POST.get("form", ""))
        if sent is None:
            raise Http404
        services: dict[str, Any] = {"note": note_write, "mentor": mentor_set, "assess": internship_assess}
        if sent.is_valid():
            services[request.POST["form"]](registration=row, actor=request.actor, **sent.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("members:learning_internship", pk=pk)
    context = {"row": row, "stay": stay, "notes": stay.notes.all(), "forms": forms, "form": sent}
    return render(request, "members/learning/internship.html", context)


def _posted(request: PortalRequest, name: str) -> Any:
    return request.POST if request.method == "POST" and request.POST.get("form") == name else None
