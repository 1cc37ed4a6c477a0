"""Reading lists: one's own, with or without an account, and what others share by a link."""

from __future__ import annotations

from functools import wraps
from typing import Any, Protocol

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from catalog.exporting.files import menu
from catalog.forms.lists import AddForm, ListForm
from catalog.guests import guest_of, remember
from catalog.models import ReadingList
from catalog.selectors.lists import editions_named, entries_of, lists_of, lists_shared
from catalog.services import lists as services
from catalog.services.lists import Keeper
from catalog.views.exporting import export_answer
from members.access import access_one
from members.permissions import Capability
from network_portal.core.errors import RuleViolation
from network_portal.core.requests import PortalRequest

MOST = 500  # titles added at once


class _View(Protocol):
    def __call__(self, request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponseBase: ...


def keeper_of(request: PortalRequest) -> Keeper:
    """The account, else the guest that the browser's signed cookie names; neither where nothing was kept yet."""
    if request.actor.user_id is not None:
        return Keeper(request.actor.user_id)
    return Keeper(guest=guest_of(request))


def _own(view: _View) -> _View:
    """The list with this number, if it is the reader's own; 404 for anybody else's."""

    @wraps(view)
    def found(request: PortalRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, access_one(lists_of(keeper_of(request)), pk=pk), *args, **kwargs)

    return never_cache(found)


@never_cache
@require_safe
def list_index(request: PortalRequest) -> HttpResponse:
    rows = lists_of(keeper_of(request))
    return render(request, "catalog/lists.html", {"rows": rows, "guest": request.actor.user_id is None})


@never_cache
def list_add(request: PortalRequest) -> HttpResponse:
    """GET asks onto which list; POST puts the titles (`edition`, as often as wanted) there."""
    keeper = keeper_of(request)
    named = request.POST if request.method == "POST" else request.GET
    numbers = [int(pk) for pk in named.getlist("edition")[:MOST] if pk.isdecimal() and len(pk) < 19]
    editions = editions_named(numbers)
    if not editions:
        messages.info(request, _("Tick at least one title first."))
        return redirect(_back(request))
    form = AddForm(request.POST or None, lists=list(lists_of(keeper)))
    if request.method == "POST" and form.is_valid():
        if not keeper.user_id and not keeper.guest:
            keeper = Keeper(guest=services.new_guest())
        try:
            row = form.chosen or services.list_make(keeper=keeper, name=form.cleaned_data["name"])
            added = services.list_add(row=row, editions=[edition.pk for edition in editions])
        except RuleViolation as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _told(row, added, len(editions)))
            return remember(request, redirect(_back(request)), keeper.guest)
    context = {"form": form, "editions": editions, "back": _back(request)}
    page = "catalog/_list_add.html" if request.htmx else "catalog/list_add.html"
    return render(request, page, context, status=422 if form.errors else 200)


def _told(row: ReadingList, added: int, asked: int) -> str:
    if not added:
        return _("It is on “%(name)s” already.") % {"name": row.name}
    told = ngettext("%(n)s title is on “%(name)s” now.", "%(n)s titles are on “%(name)s” now.", added)
    return told % {"n": added, "name": row.name}


def _back(request: PortalRequest) -> str:
    """Where the person came from, if that is a page of ours."""
    for address in (
        request.POST.get("back", ""),
        request.GET.get("back", ""),
        request.META.get("HTTP_REFERER", ""),
    ):
        if address and url_has_allowed_host_and_scheme(
            address, {request.get_host()}, require_https=request.is_secure()
        ):
            return address
    return reverse("catalog:lists")


@_own
@require_safe
def list_page(request: PortalRequest, row: ReadingList) -> HttpResponse:
    form = ListForm(initial={"name": row.name, "note": row.note})
    return render(request, "catalog/list.html", _context(request, row, form))


@_own
@require_POST
def list_change(request: PortalRequest, row: ReadingList) -> HttpResponse:
    """Its name and note."""
    form = ListForm(request.POST)
    if form.is_valid():
        try:
            services.list_rename(row=row, name=form.cleaned_data["name"], note=form.cleaned_data["note"])
        except RuleViolation as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("catalog:list", row.pk)
    row.refresh_from_db()
    return render(request, "catalog/list.html", _context(request, row, form), status=422)


@_own
@require_POST
def list_share(request: PortalRequest, row: ReadingList) -> HttpResponse:
    services.list_share(row=row, shared=request.POST.get("shared") == "1")
    told = (
        _("Whoever has the link can read the list now.")
        if row.share_token
        else _("The link no longer works.")
    )
    messages.success(request, told)
    return redirect("catalog:list", row.pk)


@_own
def list_delete(request: PortalRequest, row: ReadingList) -> HttpResponse:
    if request.method == "POST":
        services.list_delete(row=row)
        messages.success(request, _("The list “%(name)s” is deleted.") % {"name": row.name})
        return redirect("catalog:lists")
    return render(request, "catalog/list_delete.html", {"row": row})


@_own
@require_POST
def entry_change(request: PortalRequest, row: ReadingList, edition: int) -> HttpResponse:
    what = request.POST.get("what", "")
    services.entry_change(row=row, edition=edition, what=what, note=request.POST.get("note", ""))
    return redirect(
        reverse("catalog:list", args=[row.pk]) + ("" if what == "remove" else f"#title-{edition}")
    )


@_own
@require_safe
def list_export(request: PortalRequest, row: ReadingList) -> HttpResponseBase:
    return _exported(request, row)


@require_safe
def list_shared(request: PortalRequest, token: str) -> HttpResponse:
    row = _shared(token)
    response = render(
        request, "catalog/list_shared.html", {"row": row, "entries": entries_of(row), "menu": menu()}
    )
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "same-origin"  # the address is the key to the list
    return response


@require_safe
def list_shared_export(request: PortalRequest, token: str) -> HttpResponseBase:
    return _exported(request, _shared(token))


def _shared(token: str) -> ReadingList:
    return access_one(lists_shared(), share_token=token)


def _exported(request: PortalRequest, row: ReadingList) -> HttpResponseBase:
    return export_answer(request, [entry.edition_id for entry in entries_of(row)], f"jejaring-list-{row.pk}")


def _context(request: PortalRequest, row: ReadingList, form: ListForm) -> dict[str, object]:
    link = reverse("catalog:list_shared", args=[row.share_token]) if row.share_token else ""
    return {
        "row": row, "entries": entries_of(row), "form": form, "menu": menu(),
        "link": request.build_absolute_uri(link) if link else "", "guest": row.owner_id is None,
        "may_publish": request.actor.can(Capability.KNOWLEDGE_SHARE),
    }  # fmt: skip
