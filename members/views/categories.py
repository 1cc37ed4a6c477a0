"""Kinds of readers (managers), the standing of one reader (librarians), the own privacy (everybody)."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from members.access import access_library, access_one, access_reader
from members.decorators import capability_required
from members.forms_categories import CategoryForm, PrivacyForm, StandingForm
from members.models import PatronCategory, User
from members.permissions import Capability
from members.selectors.categories import categories_of, history_privacy_of
from members.services import categories as services
from network_portal.core.errors import RuleViolation
from network_portal.core.requests import PortalRequest


@capability_required(Capability.RULES_EDIT)
def category_list(request: PortalRequest, code: str) -> HttpResponse:
    library = access_library(request.actor, code)
    page = {"library": library, "categories": categories_of(library)}
    return render(request, "members/categories.html", page)


@capability_required(Capability.RULES_EDIT)
def category_new(request: PortalRequest, code: str) -> HttpResponse:
    return _category_form(request, code, None)


@capability_required(Capability.RULES_EDIT)
def category_edit(request: PortalRequest, code: str, pk: int) -> HttpResponse:
    library = access_library(request.actor, code)
    return _category_form(request, code, access_one(categories_of(library), pk=pk))


def _category_form(request: PortalRequest, code: str, category: PatronCategory | None) -> HttpResponse:
    library = access_library(request.actor, code)
    form = CategoryForm(request.POST or None, instance=category)
    if request.method == "POST" and form.is_valid():
        try:
            services.category_save(
                library=library, actor=request.actor, category=category, **form.cleaned_data
            )
        except RuleViolation as rule:
            form.add_error("code", str(rule))
        else:
            messages.success(request, _("The kind of reader is saved."))
            return redirect("members:categories", code=library.short_code)
    return render(
        request, "members/category_form.html", {"form": form, "library": library, "category": category}
    )


@capability_required(Capability.RULES_EDIT)
def category_remove(request: PortalRequest, code: str, pk: int) -> HttpResponse:
    library = access_library(request.actor, code)
    category = access_one(categories_of(library), pk=pk)
    if request.method == "POST":
        services.category_remove(category=category, actor=request.actor)
        messages.success(request, _("The kind of reader is removed."))
        return redirect("members:categories", code=library.short_code)
    return render(request, "members/category_remove.html", {"library": library, "category": category})


@capability_required(Capability.PEOPLE_CONFIRM)
def person_standing(request: PortalRequest, pk: int) -> HttpResponse:
    membership = access_reader(request.actor, pk)
    form = StandingForm(request.POST or None, library=membership.library, membership=membership)
    if request.method == "POST" and form.is_valid():
        services.standing_set(membership=membership, actor=request.actor, **form.cleaned_data)
        messages.success(request, _("Saved for %(name)s.") % {"name": membership.user})
        return redirect("members:people")
    return render(request, "members/person_standing.html", {"form": form, "membership": membership})


@login_required
def privacy(request: PortalRequest) -> HttpResponse:
    user = cast(User, request.user)
    form = PrivacyForm(request.POST or None, initial={"history_privacy": history_privacy_of(user)})
    if request.method == "POST" and form.is_valid():
        choice = form.cleaned_data["history_privacy"]
        services.history_privacy_set(user=user, choice=choice, actor=request.actor)
        messages.success(request, _("Your choice is saved."))
        return redirect("members:account")
    return render(request, "members/privacy.html", {"form": form})
