"""A person's own pages: profile, home library, the library they work for, and where login leads."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from members.adapters import set_language_cookie
from members.forms import HomeLibraryForm, ProfileForm
from members.joining.present import checklist_for, leads_to_first_steps
from members.models import User
from members.permissions import Capability
from members.presenters import account_overview
from members.services import account as services
from members.services.account import home_library_ask
from members.working import SESSION_KEY
from network_portal.core.errors import RuleViolation
from network_portal.core.requests import PortalRequest, whole_number


@login_required
def overview(request: PortalRequest) -> HttpResponse:
    context = {
        "overview": account_overview(request.user, request.working),
        "checklist": checklist_for(request.actor),
    }
    return render(request, "members/account.html", context)


@login_required
def profile(request: PortalRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        user = services.profile_update(user=_person(request), actor=request.actor, **form.cleaned_data)
        with translation.override(user.language):
            messages.success(request, _("Your details are saved."))
        response = redirect("members:account")
        set_language_cookie(response, user.language)
        return response
    return render(request, "members/profile.html", {"form": form})


@login_required
def home_library(request: PortalRequest) -> HttpResponse:
    form = HomeLibraryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            membership = home_library_ask(user=_person(request), actor=request.actor, **form.cleaned_data)
        except RuleViolation as error:
            form.add_error("library", str(error))
        else:
            text = _("Your request went to %(library)s. You get a mail as soon as they have decided.")
            messages.success(request, text % {"library": membership.library.name})
            return redirect("members:account")
    return render(request, "members/home_library.html", {"form": form})


@login_required
def working_library(request: PortalRequest) -> HttpResponse:
    """GET offers the libraries one may work for; POST chooses one and returns to the page one came from."""
    if request.method != "POST":
        return render(
            request, "members/working_library.html", {"working": request.working, "next": _next(request)}
        )
    chosen = whole_number(request.POST.get("library", ""))
    membership = services.working_library_set(
        user=_person(request), library_id=chosen or 0, actor=request.actor
    )
    request.session[SESSION_KEY] = membership.library_id
    messages.success(request, _("You now work for %(library)s.") % {"library": membership.library.name})
    return redirect(_next(request) or "members:after_login")


@login_required
def after_login(request: PortalRequest) -> HttpResponse:
    """Staff land on their work, readers on their requests, who still waits on their account."""
    ways = (
        (Capability.NETWORK_REQUESTS, "pages:overview"),
        (Capability.REQUEST_MANAGE, "pages:today"),
        (Capability.REQUEST_CREATE, "loans:my_requests"),
    )
    if request.working.second_factor_missing:
        return redirect(request.second_factor_url)
    if leads_to_first_steps(request.actor):
        return redirect("members:first_steps", code=request.working.current.library.short_code)
    for capability, name in ways:
        if request.actor.can(capability):
            return redirect(name)
    return redirect("members:account")


def _next(request: PortalRequest) -> str:
    url = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if safe else ""


def _person(request: PortalRequest) -> User:
    """The person behind the request; the pages that ask stand behind login_required."""
    return cast(User, request.user)
