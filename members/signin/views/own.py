"""A reader's own ways in through libraries: ending one of them."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from members.access import access_one
from members.models import User
from members.signin.bindings import binding_end as end
from members.signin.selectors import bindings_of
from network_portal.core.errors import RuleViolation
from network_portal.core.requests import PortalRequest


@login_required
def binding_end(request: PortalRequest, pk: int) -> HttpResponse:
    """GET says what it means; POST ends it."""
    binding = access_one(bindings_of(cast(User, request.user)), pk=pk)
    if request.method != "POST":
        return render(request, "members/signin/end.html", {"binding": binding})
    try:
        end(binding=binding, actor=request.actor)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("You no longer come in through %(name)s.") % {"name": binding.library.name}
        )
    return redirect("members:account")
