"""Joining, as an applicant sees it: the form, the mailed links, and the application's own page."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from members.forms_joining import JoinForm, WordsForm
from members.joining import links, services
from members.joining.present import applicant_facts, applicant_timeline, is_twice, progress_of
from members.joining.tidy import application_withdraw
from members.models import JoinApplication
from members.selectors.joining import application_by_pk, words_of
from network_portal.core.requests import PortalRequest


def join(request: PortalRequest) -> HttpResponse:
    """The application. What programs send looks accepted to them and is thrown away."""
    form = JoinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not form.is_by_a_program:
            services.application_submit(actor=request.actor, language=get_language() or "id", **form.facts)
        return redirect("members:join_sent")
    return render(request, "members/joining/join.html", {"form": form})


def join_sent(request: PortalRequest) -> HttpResponse:
    return render(request, "members/joining/sent.html")


def join_confirm(request: PortalRequest, token: str) -> HttpResponse:
    """GET shows a button, POST confirms: mail programs that open links in advance confirm nothing."""
    read = links.confirm_read(token)
    if read is None:
        return render(request, "members/joining/link_old.html", status=410)
    if request.method == "POST":
        row = services.application_confirm(pk=read[0], email=read[1], actor=request.actor)
        if row is None:
            raise Http404
        messages.success(request, _("Thank you, the address is confirmed. We read your application."))
        return redirect(links.status_path(row.pk))
    return render(request, "members/joining/confirm.html", {"email": read[1]})


def join_status(request: PortalRequest, token: str) -> HttpResponse:
    """How the application stands; a question is answered here."""
    row = _application(links.status_read(token))
    if request.POST.get("action") == "withdraw":
        application_withdraw(application=row, actor=request.actor)
        messages.success(request, _("Your application is taken back."))
        return redirect(request.path)
    form = WordsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.application_answer(application=row, text=form.cleaned_data["text"], actor=request.actor)
        messages.success(request, _("Thank you, your answer is on its way."))
        return redirect(request.path)
    context = {
        "application": row, "form": form, "words": words_of(row), "steps": applicant_timeline(row),
        "facts": applicant_facts(row), "checklist": progress_of(row.library), "twice": is_twice(row),
    }  # fmt: skip
    return render(request, "members/joining/status.html", context)


def _application(pk: int | None) -> JoinApplication:
    row = application_by_pk(pk) if pk is not None else None
    if row is None:
        raise Http404
    return row
