"""The versions of a network's model: who changed what and when; bringing one back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from loans.modelling import selectors
from loans.modelling.access import access_network, access_version
from loans.modelling.differences import differences
from loans.modelling.drafts import version_restore
from loans.modelling.drawing import picture_of
from loans.modelling.listing import listing
from loans.modelling.presenters import history
from loans.modelling.views import STAFF
from loans.modelling.words import sentences
from members.decorators import capability_required
from members.permissions import Capability
from network_portal.core.errors import RuleViolation
from network_portal.core.requests import PortalRequest


@capability_required(*STAFF)
def versions(request: PortalRequest, code: str) -> HttpResponse:
    network = access_network(request.actor, code)
    rows = history(network, selectors.versions_of(network))
    context = {"network": network, "rows": rows, "may_change": request.actor.can(Capability.NETWORK_MANAGE)}
    return render(request, "loans/modelling/versions.html", context)


@capability_required(*STAFF)
def version(request: PortalRequest, code: str, number: int) -> HttpResponse:
    """As it was, and what bringing it back would change."""
    kept = access_version(request.actor, code, number)
    then, live = (
        selectors.model_of(kept.network, kept.settings, kept.places),
        selectors.model_live(kept.network),
    )
    rows = listing(then)
    context = {
        "network": kept.network,
        "version": kept,
        "picture": picture_of(then),
        "rules": sentences(then),
        "rows": rows,
        "placed": any(row.place for row in rows),
        "is_live": kept.number == kept.network.version,
        "changes": differences(live, then),
        "may_change": request.actor.can(Capability.NETWORK_MANAGE),
    }
    return render(request, "loans/modelling/version.html", context)


@capability_required(Capability.NETWORK_MANAGE)
@require_POST
def version_back(request: PortalRequest, code: str, number: int) -> HttpResponse:
    kept = access_version(request.actor, code, number)
    seen = request.POST.get("seen", "")
    try:
        fresh = version_restore(
            network=kept.network, number=number, seen=int(seen[:9]) if seen.isdecimal() else 0,
            actor=request.actor, tell="tell" in request.POST,
        )  # fmt: skip
    except RuleViolation as error:
        messages.error(request, str(error.message))
        return redirect("loans:network_version", code=code, number=number)
    text = _("Version %(number)s counts again, as version %(fresh)s.")
    messages.success(request, text % {"number": number, "fresh": fresh})
    return redirect("loans:network_model", code=code)
