"""The own data: as a file, and erased; by staff for a reader of their library."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from members.access import access_reader
from members.decorators import capability_required
from members.models import User
from members.netsettings import ERASURE_GRACE_DAYS
from members.permissions import Capability
from members.privacy.export import export_zip
from members.selectors.privacy import erasure_waiting
from members.services import privacy as services
from network_portal.core import audit
from network_portal.core.errors import RuleViolation
from network_portal.core.privacy import obstacle_of
from network_portal.core.requests import PortalRequest


@login_required
def data_export(request: PortalRequest) -> HttpResponse:
    user = cast(User, request.user)
    audit.record("members.privacy.exported", actor=request.actor, target=user)
    return _file(user)


@login_required
def erase_own(request: PortalRequest) -> HttpResponse:
    """GET says what is erased and what hinders it; POST asks for it, or takes the wish back."""
    user = cast(User, request.user)
    if request.method == "POST":
        try:
            if "cancel" in request.POST:
                services.erasure_cancel(user=user, actor=request.actor)
                messages.success(request, _("Your account stays."))
            else:
                services.erasure_ask(user=user, actor=request.actor)
                messages.success(
                    request, _("Your account will be erased. You can take this back until then.")
                )
        except RuleViolation as error:
            messages.error(request, str(error))
        return redirect("members:privacy_erase")
    context = {
        "waiting": erasure_waiting(user),
        "hindrance": obstacle_of(user.pk),
        "days": ERASURE_GRACE_DAYS.now(),
    }
    return render(request, "members/privacy_erase.html", context)


@capability_required(Capability.PEOPLE_CONFIRM)
def person_data(request: PortalRequest, pk: int) -> HttpResponse:
    """What staff do for a reader who asks at the desk: the file, or erasing."""
    membership = access_reader(request.actor, pk)
    refusal = ""
    try:
        services.staff_may(membership.user, membership.library_id)
        if request.method == "POST" and "export" in request.POST:
            audit.record("members.privacy.exported", actor=request.actor, target=membership)
            return _file(membership.user)
        if request.method == "POST":
            services.erasure_ask(user=membership.user, actor=request.actor, for_library=membership.library_id)
            messages.success(request, _("The account will be erased; the person got a mail."))
            return redirect("members:person_data", pk=pk)
    except RuleViolation as error:
        refusal = str(error)
    context = {
        "membership": membership, "refusal": refusal, "waiting": erasure_waiting(membership.user),
        "hindrance": obstacle_of(membership.user_id), "days": ERASURE_GRACE_DAYS.now(),
    }  # fmt: skip
    return render(request, "members/privacy_person.html", context)


def _file(user: User) -> HttpResponse:
    answer = HttpResponse(export_zip(user), content_type="application/zip")
    answer["Content-Disposition"] = 'attachment; filename="jejaring-data.zip"'
    answer["Cache-Control"] = "no-store"
    return answer
