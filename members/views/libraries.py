"""Member libraries: the public list and pages, and what managers and coordinators change."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Page
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from members.access import access_library, access_public_library, belongs_to
from members.decorators import capability_required
from members.filters import LibraryFilter
from members.forms import LibraryForm, NewLibraryForm
from members.models import Library
from members.permissions import Capability
from members.presenters import lending_sentence, library_facts
from members.selectors.libraries import libraries_visible_to, library_figures
from members.services import libraries as services
from members.standing.present import standing_said
from network_portal.core.lists import Csv, list_answer
from network_portal.core.requests import PortalRequest


def library_list(request: PortalRequest) -> HttpResponseBase:
    found = LibraryFilter(request.GET, queryset=libraries_visible_to(request.actor))

    def context(page: Page[Library]) -> dict[str, Any]:
        return {
            "rows": [(library, lending_sentence(library)) for library in page], "figures": library_figures(),
            "actor_may_admit": request.actor.can(Capability.NETWORK_MANAGE),
        }  # fmt: skip

    header = (_("Code"), _("Library"), _("City"), _("Type"), "ISIL", _("Website"), _("State"))
    csv = Csv("libraries", header, lambda one: (
        one.short_code, one.name, one.city, one.get_library_type_display(), one.isil, one.website,
        one.get_status_display(),
    ))  # fmt: skip
    return list_answer(request, "members/libraries.html", found=found, csv=csv, context=context)


def library_detail(request: PortalRequest, code: str) -> HttpResponse:
    library = access_public_library(request.actor, code)
    own = belongs_to(request.actor, library.pk)
    context = {
        "library": library,
        "facts": library_facts(library),
        "said": standing_said(library),
        "may_edit": own and request.actor.can(Capability.LIBRARY_EDIT),
        "may_suspend": request.actor.can(Capability.NETWORK_MANAGE),
    }
    return render(request, "members/library.html", context)


@capability_required(Capability.LIBRARY_EDIT)
def library_edit(request: PortalRequest, code: str) -> HttpResponse:
    library = access_library(request.actor, code)
    form = LibraryForm(request.POST or None, instance=library)
    if request.method == "POST" and form.is_valid():
        services.library_update(library=library, actor=request.actor, **form.cleaned_data)
        messages.success(request, _("The library's page is saved."))
        return redirect("members:library", code=library.short_code)
    return render(request, "members/library_form.html", {"form": form, "library": library})


@capability_required(Capability.NETWORK_MANAGE)
def library_new(request: PortalRequest) -> HttpResponse:
    form = NewLibraryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            library = services.library_create(actor=request.actor, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The library is a member now. Name its manager next."))
            return redirect("members:staff", code=library.short_code)
    return render(request, "members/library_form.html", {"form": form, "library": None})
