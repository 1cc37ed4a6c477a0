"""Where the pictures of books come from, for coordinators: change it, try it, see what came of it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from catalog.covers import provider
from catalog.forms.covers import ProviderForm, TryForm
from catalog.selectors.covers import cover_counts
from catalog.services import covers as services
from members.decorators import capability_required
from members.permissions import Capability
from network_portal.core.requests import PortalRequest


@capability_required(Capability.NETWORK_MANAGE)
def covers(request: PortalRequest) -> HttpResponse:
    now = provider.current()
    values = {
        "is_on": bool(now.address), "address": now.address, "hosts": " ".join(now.hosts), "per_minute": now.per_minute,
    }  # fmt: skip
    form = ProviderForm(request.POST or None, initial=values)
    if request.method == "POST" and form.is_valid():
        services.provider_save(values=form.cleaned_data, actor=request.actor)
        messages.success(request, _("Saved. It holds from now on."))
        return redirect("catalog:covers")
    context = {"form": form, "try_form": TryForm(), "now": now, "counts": cover_counts()}
    return render(request, "catalog/covers.html", context)


@capability_required(Capability.NETWORK_MANAGE)
@require_POST
def covers_try(request: PortalRequest) -> HttpResponse:
    """Asks the provider while one waits: half a second, fifteen at most."""
    form = TryForm(request.POST)
    if form.is_valid():
        trial = services.cover_try(isbn=form.cleaned_data["isbn"])
        tell = messages.success if trial.pictures else messages.error
        tell(request, _trial_words(trial))
    else:
        messages.error(request, " ".join(map(str, form.errors["isbn"])))
    return redirect("catalog:covers")


@capability_required(Capability.NETWORK_MANAGE)
@require_POST
def covers_again(request: PortalRequest) -> HttpResponse:
    count = services.ask_again(actor=request.actor)
    text = ngettext("%(n)s title is asked for again.", "%(n)s titles are asked for again.", count)
    messages.success(request, text % {"n": count})
    return redirect("catalog:covers")


@capability_required(Capability.NETWORK_MANAGE)
@require_POST
def covers_forget(request: PortalRequest) -> HttpResponse:
    count = services.covers_forget(actor=request.actor)
    text = ngettext("%(n)s picture is forgotten.", "%(n)s pictures are forgotten.", count)
    messages.success(request, text % {"n": count})
    return redirect("catalog:covers")


@capability_required(Capability.NETWORK_MANAGE)
@require_POST
def covers_reset(request: PortalRequest) -> HttpResponse:
    services.provider_reset(actor=request.actor)
    messages.success(request, _("The server's own setting holds again."))
    return redirect("catalog:covers")


def _trial_words(trial: services.Trial) -> str:
    if trial.pictures:
        size = {"width": trial.pictures.width, "height": trial.pictures.height, "address": trial.address}
        return _("A picture of %(width)s by %(height)s came from %(address)s.") % size
    told = {
        "no_address": _(
            "There is no address for this ISBN: fetching is off, or the number has no short form."
        ),
        "none": _("The provider has no picture for this ISBN (%(address)s)."),
        "no_picture": _("What came from %(address)s is no picture of a book."),
    }
    other = _("%(address)s could not be fetched: %(reason)s")
    return told.get(trial.reason, other) % {"address": trial.address, "reason": trial.reason}
