"""Last copies of the own library, and promises to keep them."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from catalog.acquiring.forms import KeepForm, LastForm
from catalog.acquiring.presenters import CountedPaginator, language_choices, last_rows, tabs
from catalog.acquiring.selectors import last as selectors
from catalog.acquiring.selectors.plans import edition_of
from catalog.acquiring.services import keeping as services
from catalog.selectors.overlap import library_of
from members.access import access_one
from members.decorators import capability_required
from members.permissions import Capability
from network_portal.core.csv_file import csv_answer
from network_portal.core.errors import RuleViolation
from network_portal.core.requests import PortalRequest

A_PAGE = 25


@capability_required(Capability.STATS_VIEW)
@require_safe
def last_list(request: PortalRequest) -> HttpResponse:
    context = {"tabs": tabs(request.actor, "last"), "may": request.actor.can(Capability.ACQUIRE)}
    if (library := library_of(request.actor)) is None:
        return render(request, "catalog/acquiring/last.html", context)
    form = LastForm(request.GET, languages=language_choices(library))
    rows = selectors.last_copies(library, form.asked)
    pages = CountedPaginator(rows, A_PAGE, selectors.count_kept(library, form.asked, rows))
    page = pages.get_page(request.GET.get("page"))
    marks = selectors.marks_of(library, [row.pk for row in page.object_list])
    context |= {"library": library, "form": form, "page": page, "marks": marks, "narrowed": form.narrowed()}
    return render(request, "catalog/acquiring/last.html", context)


@capability_required(Capability.STATS_VIEW)
@require_safe
def last_csv(request: PortalRequest) -> HttpResponseBase:
    if (library := library_of(request.actor)) is None:
        raise Http404
    form = LastForm(request.GET, languages=language_choices(library))
    header = [_("Title"), _("Author"), _("Publisher"), _("Year"), _("Language"), _("Address")]
    return csv_answer("last-copies", header, last_rows(selectors.last_copies(library, form.asked)))


@capability_required(Capability.ACQUIRE)
def keep(request: PortalRequest, pk: int) -> HttpResponse:
    """Promise to keep the own copy of an edition."""
    if (edition := edition_of(pk)) is None:
        raise Http404
    form = KeepForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.keep_promise(edition=edition, actor=request.actor, **form.cleaned_data)
        except RuleViolation as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Promised. Weeding checks respect it from now on."))
            return redirect("catalog:edition", edition.pk)
    context = {"form": form, "edition": edition, "promises": selectors.promises_of(edition)}
    return render(request, "catalog/acquiring/keep.html", context, status=422 if form.errors else 200)


@capability_required(Capability.STATS_VIEW)
@require_safe
def kept_list(request: PortalRequest) -> HttpResponse:
    whose = request.GET.get("whose", "")
    page = Paginator(selectors.promises_shown(request.actor, whose=whose), A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "page": page, "whose": whose, "tabs": tabs(request.actor, "kept"), "may": request.actor.can(Capability.ACQUIRE),
    }  # fmt: skip
    return render(request, "catalog/acquiring/kept.html", context)


@capability_required(Capability.ACQUIRE)
@require_POST
def keep_end(request: PortalRequest, pk: int) -> HttpResponse:
    promise = access_one(selectors.promises_own(request.actor), pk=pk)
    services.promise_end(promise=promise, actor=request.actor)
    messages.success(request, _("The promise is ended."))
    return redirect("acquiring:kept")
