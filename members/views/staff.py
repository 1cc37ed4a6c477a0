"""A library's staff: who works there, adding by e-mail, roles, invitations, ending."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from members.access import access_library, access_staff
from members.decorators import capability_required
from members.filters_people import STAFF_SORTS, StaffFilter, sort_of
from members.forms import StaffForm
from members.forms_people import RoleForm
from members.models import Library
from members.permissions import Capability
from members.presenters_people import staff_header, staff_rows
from members.selectors.people import staff_to_list
from members.services import staff as services
from members.services.memberships import membership_end
from network_portal.core import audit
from network_portal.core.csv_file import csv_answer
from network_portal.core.errors import RuleViolation
from network_portal.core.requests import PortalRequest

PAGE_SIZE = 50


@capability_required(Capability.LIBRARY_EDIT)
def staff_list(request: PortalRequest, code: str) -> HttpResponse:
    library = access_library(request.actor, code)
    network = request.actor.can(Capability.NETWORK_MANAGE)
    form = StaffForm(request.POST or None, network=network)
    if request.method == "POST" and form.is_valid():
        try:
            membership = services.staff_add(
                library=library, actor=request.actor, language=get_language() or "", **form.cleaned_data
            )
        except RuleViolation as error:
            form.add_error("email", str(error))
        else:
            messages.success(request, _("%(name)s was added and got a mail.") % {"name": membership.user})
            return redirect("members:staff", code=library.short_code)
    found, sort = _found(request, library)
    page = Paginator(found.qs, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "library": library, "page": page, "filter": found, "sort": sort, "form": form, "network": network,
    }  # fmt: skip
    return render(request, "members/staff.html", context)


def _found(request: PortalRequest, library: Library) -> tuple[StaffFilter, str]:
    sort = sort_of(STAFF_SORTS, request.GET.get("sort", ""))
    return StaffFilter(request.GET, queryset=staff_to_list(library, STAFF_SORTS[sort])), sort


@capability_required(Capability.LIBRARY_EDIT)
def staff_export(request: PortalRequest, code: str) -> StreamingHttpResponse:
    library = access_library(request.actor, code)
    found, _sort = _found(request, library)
    audit.record("members.staff.exported", actor=request.actor, target=library)
    return csv_answer(f"staff-{library.short_code}", staff_header(), staff_rows(found.qs))


@capability_required(Capability.LIBRARY_EDIT)
def staff_role(request: PortalRequest, code: str, pk: int) -> HttpResponse:
    library = access_library(request.actor, code)
    membership = access_staff(request.actor, library, pk)
    form = RoleForm(request.POST or None, roles=services.roles_grantable(request.actor), role=membership.role)
    if request.method == "POST" and form.is_valid():
        try:
            changed = services.staff_role_set(
                membership=membership, role=form.cleaned_data["role"], actor=request.actor
            )
        except RuleViolation as error:
            form.add_error("role", str(error))
        else:
            said = {"name": changed.user, "role": changed.get_role_display()}
            messages.success(request, _("%(name)s: the role is now %(role)s.") % said)
            return redirect("members:staff", code=library.short_code)
    context = {"library": library, "membership": membership, "form": form}
    return render(request, "members/staff_role.html", context)


@capability_required(Capability.LIBRARY_EDIT)
def staff_resend(request: PortalRequest, code: str, pk: int) -> HttpResponse:
    library = access_library(request.actor, code)
    membership = access_staff(request.actor, library, pk)
    if request.method == "POST":  # else a login came between
        services.invitation_resend(membership=membership, actor=request.actor)
        messages.success(
            request, _("%(name)s gets the invitation again, with a new link.") % {"name": membership.user}
        )
    return redirect("members:staff", code=library.short_code)


@capability_required(Capability.LIBRARY_EDIT)
def staff_withdraw(request: PortalRequest, code: str, pk: int) -> HttpResponse:
    library = access_library(request.actor, code)
    membership = access_staff(request.actor, library, pk)
    back = reverse("members:staff", kwargs={"code": library.short_code})
    if request.method == "POST":
        services.invitation_withdraw(membership=membership, actor=request.actor)
        messages.success(request, _("The invitation of %(name)s is withdrawn.") % {"name": membership.user})
        return redirect(back)
    return render(request, "members/staff_withdraw.html", {"membership": membership, "back": back})


@capability_required(Capability.LIBRARY_EDIT)
def staff_end(request: PortalRequest, code: str, pk: int) -> HttpResponse:
    library = access_library(request.actor, code)
    membership = access_staff(request.actor, library, pk)
    back = reverse("members:staff", kwargs={"code": library.short_code})
    if request.method == "POST":
        membership_end(membership=membership, actor=request.actor)
        messages.success(request, _("%(name)s no longer works for this library.") % {"name": membership.user})
        return redirect(back)
    return render(request, "members/membership_end.html", {"membership": membership, "back": back})
