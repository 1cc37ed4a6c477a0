"""Applications, as coordinators see them; and the first steps of a new member, as its manager does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from members.access import access_library
from members.decorators import capability_required
from members.filters_joining import ApplicationFilter
from members.forms_joining import AcceptForm, AskForm, RefuseApplicationForm
from members.joining import services
from members.joining.checklist import SEARCH, checklist_of
from members.joining.present import (
    applicant_facts,
    applicant_timeline,
    csv_header,
    csv_rows,
    doubles_told,
    progress_of,
)
from members.models import JoinApplication
from members.permissions import Capability
from members.selectors.joining import application_by_pk, applications, words_of
from network_portal.core.csv_file import csv_answer
from network_portal.core.requests import PortalRequest

PAGE_SIZE = 50
FORMS: dict[str, type[Any]] = {"ask": AskForm, "refuse": RefuseApplicationForm, "accept": AcceptForm}


@capability_required(Capability.NETWORK_MANAGE)
def application_list(request: PortalRequest) -> HttpResponseBase:
    found = ApplicationFilter(request.GET, queryset=applications())
    if request.GET.get("format") == "csv":
        return csv_answer("applications", csv_header(), csv_rows(found.qs.iterator(chunk_size=500)))
    page = Paginator(found.qs, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "members/joining/applications.html", {"filter": found, "page": page})


@capability_required(Capability.NETWORK_MANAGE)
def application(request: PortalRequest, pk: int) -> HttpResponse:
    row = _application(pk)
    context = {
        "application": row, "facts": applicant_facts(row), "words": words_of(row),
        "steps": applicant_timeline(row), "doubles": doubles_told(row), "checklist": progress_of(row.library),
    }  # fmt: skip
    return render(request, "members/joining/application.html", context)


@capability_required(Capability.NETWORK_MANAGE)
def application_do(request: PortalRequest, pk: int, action: str) -> HttpResponse:
    """One decision: a page of its own where something is missing, else back to the application."""
    row = _application(pk)
    if action not in FORMS:
        raise Http404
    # What is decided is told, not asked again; a second press of a button finds it decided by itself.
    if not row.is_open:
        messages.info(request, _("This is decided: %(state)s.") % {"state": row.get_status_display()})
        return redirect("members:application", pk=row.pk)
    made = FORMS[action]
    form = made(request.POST or None, **({"application": row} if action == "accept" else {}))
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, _DECIDE[action](request, row, form.cleaned_data))
            return redirect("members:application", pk=row.pk)
        except ValidationError as error:
            form.add_error(None, "; ".join(error.messages))
    context = {"application": row, "form": form, "action": action}
    return render(request, "members/joining/decide.html", context)


@capability_required(Capability.LIBRARY_EDIT)
def first_steps(request: PortalRequest, code: str) -> HttpResponse:
    """The new member's list, for its manager; the coordinator lets the library take part from here."""
    library = access_library(request.actor, code)
    opening = request.method == "POST"
    checklist = checklist_of(library)
    if opening and request.actor.can(Capability.NETWORK_MANAGE) and checklist.may_open:
        services.library_open(library=library, actor=request.actor)
        messages.success(request, _("%(name)s takes part from now on.") % {"name": library.name})
        return redirect("members:first_steps", code=library.short_code)
    context = {
        "library": library, "checklist": checklist,
        "may_open": checklist.may_open and request.actor.can(Capability.NETWORK_MANAGE),
    }  # fmt: skip
    return render(request, "members/joining/first_steps.html", context)


@capability_required(Capability.LIBRARY_EDIT)
@require_POST
def first_search(request: PortalRequest, code: str) -> HttpResponse:
    """Open the joint catalogue with the library's own titles, and remember that this was done."""
    library = access_library(request.actor, code)
    services.step_take(library=library, step=SEARCH)
    return redirect(f"{reverse('catalog:search')}?library={library.pk}")


def _accept(request: PortalRequest, row: JoinApplication, data: dict[str, Any]) -> str:
    services.application_accept(application=row, actor=request.actor, **data)
    return _("%(name)s is accepted, and its manager is invited.") % {"name": row.name}


def _ask(request: PortalRequest, row: JoinApplication, data: dict[str, Any]) -> str:
    services.application_ask(application=row, actor=request.actor, **data)
    return _("The question is on its way.")


def _refuse(request: PortalRequest, row: JoinApplication, data: dict[str, Any]) -> str:
    services.application_refuse(application=row, actor=request.actor, **data)
    return _("The application is refused, and the library is told why.")


_DECIDE: dict[str, Callable[[PortalRequest, JoinApplication, dict[str, Any]], str]] = {
    "accept": _accept, "ask": _ask, "refuse": _refuse,
}  # fmt: skip


def _application(pk: int) -> JoinApplication:
    row = application_by_pk(pk)
    if row is None:
        raise Http404
    return row
