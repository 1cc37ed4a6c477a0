"""Saved searches: one's own, with an account; and ending their mails without one, from the mail itself."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog.forms.saved import SavedSearchForm
from catalog.presenters.saved import in_words, saved_views
from catalog.search.page import search_url
from catalog.search.query import SearchQuery
from catalog.selectors.saved import saved_searches_of
from catalog.services import saved
from members.access import access_one
from network_portal.core.errors import RuleViolation
from network_portal.core.requests import PortalRequest


@login_required
@never_cache
@require_safe
def saved_list(request: PortalRequest) -> HttpResponse:
    return render(
        request, "catalog/saved_list.html", {"searches": saved_views(saved_searches_of(request.actor))}
    )


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def saved_new(request: PortalRequest) -> HttpResponse:
    """The question stands in the address, as on the search page."""
    query = SearchQuery.from_params(request.GET).with_()
    form = SavedSearchForm(request.POST or None, initial={"name": in_words(query)[:120]})
    if request.method == "POST" and form.is_valid():
        try:
            row = saved.search_save(owner_id=request.actor.user_id or 0, query=query, **form.cleaned_data)
        except RuleViolation as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("Saved as “%(name)s”.") % {"name": row.name})
            return redirect("catalog:saved")
    context = {"form": form, "told": in_words(query), "back": search_url(query)}
    return render(request, "catalog/saved_form.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def saved_change(request: PortalRequest, pk: int) -> HttpResponse:
    row = access_one(saved_searches_of(request.actor), pk=pk)
    [view] = saved_views([row])
    form = SavedSearchForm(request.POST or None, initial={"name": row.name, "alert": row.alert})
    if request.method == "POST" and form.is_valid():
        try:
            saved.search_change(row=row, **form.cleaned_data)
        except RuleViolation as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("catalog:saved")
    context = {"form": form, "told": view.told, "row": row, "back": view.url}
    return render(request, "catalog/saved_form.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def saved_delete(request: PortalRequest, pk: int) -> HttpResponse:
    row = access_one(saved_searches_of(request.actor), pk=pk)
    saved.search_delete(row=row)
    messages.success(request, _("“%(name)s” is removed.") % {"name": row.name})
    return redirect("catalog:saved")


# Mail programs send the POST themselves when somebody presses their own button: without a cookie, so without a form's
# token. Whoever has the signed address may end these mails, and no more.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def saved_stop(request: PortalRequest, token: str) -> HttpResponse:
    """GET asks only: mail filters look at every link."""
    row = saved.search_by_token(token)
    if row is None:
        raise Http404
    if request.method == "POST":
        saved.alert_stop(row=row)
    context = {"row": row, "stopped": request.method == "POST"}
    response = render(request, "catalog/saved_stop.html", context)
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "same-origin"  # the address is a key
    return response
