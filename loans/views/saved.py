"""Saved views of the queues: saving the list as it is, and removing one's own."""

from __future__ import annotations

from urllib.parse import parse_qsl

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from loans.access_desk import access_saved_view
from loans.forms.desk import SavedViewForm
from loans.presenters.queue_page import QUEUES, filters_in_words
from loans.selectors.saved import own_saved_views
from loans.services.saved_views import view_remove, view_save
from members.decorators import capability_required
from members.permissions import Capability, require
from network_portal.core.errors import RuleViolation
from network_portal.core.requests import PortalRequest

DESK = (Capability.REQUEST_MANAGE, Capability.SUPPLY_MANAGE, Capability.NETWORK_REQUESTS)


@capability_required(*DESK)
def queue_views(request: PortalRequest, queue: str) -> HttpResponse:
    """GET shows what would be saved (the address's filters); POST saves it under a name."""
    found = QUEUES.get(queue)
    if found is None:
        raise Http404
    require(request.actor, found.capability)
    query = request.POST.get("query", "") if request.method == "POST" else request.GET.urlencode()
    form = SavedViewForm(request.POST or None)
    list_url = reverse(f"loans:queue_{queue}")
    if request.method == "POST" and form.is_valid():
        try:
            view = view_save(actor=request.actor, queue=queue, query=query, **form.cleaned_data)
        except RuleViolation as rule:
            form.add_error("name", str(rule))
        else:
            messages.success(request, _("Saved as “%(name)s”.") % {"name": view.name})
            return redirect(f"{list_url}?{view.query}")
    page = {
        "form": form, "query": query, "list_url": list_url, "back": f"{list_url}?{query}",
        "told": filters_in_words(found, dict(parse_qsl(query))),
        "views": [view for view in own_saved_views(request.actor) if view.queue == queue],
    }  # fmt: skip
    return render(request, "loans/queue_views.html", page, status=400 if form.errors else 200)


@capability_required(*DESK)
@require_POST
def queue_view_remove(request: PortalRequest, pk: int) -> HttpResponse:
    """Remove one's own view; another person's is 404, even a shared one."""
    view = access_saved_view(request.actor, pk)
    view_remove(view=view)
    messages.success(request, _("The view “%(name)s” is removed.") % {"name": view.name})
    return redirect("loans:queue_views", queue=view.queue) if view.queue in QUEUES else redirect("pages:home")
