"""A library's staff: who works there, adding by e-mail, ending."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from members.access import access_library, access_staff
from members.decorators import capability_required
from members.forms import StaffForm
from members.permissions import Capability
from members.selectors.people import staff_of
from members.services.memberships import membership_end
from members.services.staff import staff_add
from network_portal.core.errors import RuleViolation
from network_portal.core.requests import PortalRequest


@capability_required(Capability.LIBRARY_EDIT)
def staff_list(request: PortalRequest, code: str) -> HttpResponse:
    library = access_library(request.actor, code)
    network = request.actor.can(Capability.NETWORK_MANAGE)
    form = StaffForm(request.POST or None, network=network)
    if request.method == "POST" and form.is_valid():
        try:
            membership = staff_add(
                library=library, actor=request.actor, language=get_language() or "", **form.cleaned_data
            )
        except RuleViolation as error:
            form.add_error("email", str(error))
        else:
            messages.success(request, _("%(name)s was added and got a mail.") % {"name": membership.user})
            return redirect("members:staff", code=library.short_code)
    context = {"library": library, "staff": staff_of(library), "form": form, "network": network}
    return render(request, "members/staff.html", context)


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
