"""What libraries publish, on one page: bibliographies, lists of serials, new titles; each with feed and files."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.syndication.views import Feed
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from catalog.exporting.files import menu
from catalog.filters import PublishedListFilter
from catalog.models import ListEntry, PublishedList
from catalog.presenters.csv_file import csv_answer
from catalog.presenters.serials import serial_rows, serial_views
from catalog.selectors.lists import entries_of, lists_of
from catalog.selectors.published_lists import library_ways, published_lists, serial_headings_of, serials_of
from catalog.services import published_lists as services
from catalog.services.lists import Keeper
from catalog.views.exporting import export_answer
from catalog.views.feeds import KINDS
from members.access import access_one, access_public_library, belongs_to
from members.decorators import capability_required
from members.permissions import Capability
from network_portal.core.errors import RuleViolation
from network_portal.core.lists import Csv, list_answer, moment
from network_portal.core.requests import PortalRequest, typed

PAGE_SIZE, SERIALS = 30, 100


def _published(slug: str) -> PublishedList:
    return access_one(published_lists(), slug=slug)


def _lists_file(request: HttpRequest) -> Csv:
    header = (_("Name"), _("Library"), _("Note"), _("Titles"), _("Published"), _("Address"))

    def cells(row: PublishedList) -> tuple[object, ...]:
        address = request.build_absolute_uri(reverse("catalog:published_list", args=[row.slug]))
        titles = getattr(row, "titles", "")
        return row.list.name, row.library.name, row.list.note, titles, moment(row.published_at), address

    return Csv("shared-lists", header, cells)


@require_safe
def index(request: PortalRequest) -> HttpResponseBase:
    found = PublishedListFilter(request.GET, queryset=published_lists())
    return list_answer(
        request, "catalog/shared_lists.html", found=found, csv=_lists_file(request), size=PAGE_SIZE,
        context=lambda _page: {"libraries": library_ways()},
    )  # fmt: skip


@require_safe
def one(request: PortalRequest, slug: str) -> HttpResponse:
    published = _published(slug)
    may_withdraw = published.list.owner_id == request.actor.user_id or (
        request.actor.can(Capability.LIBRARY_EDIT) and belongs_to(request.actor, published.library_id)
    )
    context = {
        "published": published, "entries": entries_of(published.list), "menu": menu(), "may_withdraw": may_withdraw,
        "permalink": request.build_absolute_uri(reverse("catalog:published_list", args=[slug])),
    }  # fmt: skip
    return render(request, "catalog/shared_list.html", context)


@require_safe
def export(request: PortalRequest, slug: str) -> HttpResponseBase:
    entries = entries_of(_published(slug).list)
    return export_answer(request, [entry.edition_id for entry in entries], slug)


@capability_required(Capability.KNOWLEDGE_SHARE)
@require_POST
def publish(request: PortalRequest, pk: int) -> HttpResponse:
    row = access_one(lists_of(Keeper(request.actor.user_id)), pk=pk)
    try:
        published = services.list_publish(row=row, actor=request.actor)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
        return redirect("catalog:list", pk)
    messages.success(request, _("The list is published. Its address stays the same."))
    return redirect("catalog:published_list", published.slug)


@capability_required(Capability.KNOWLEDGE_SHARE)
@require_POST
def withdraw(request: PortalRequest, slug: str) -> HttpResponse:
    services.list_withdraw(published=_published(slug), actor=request.actor)
    messages.success(request, _("The list is no longer published."))
    return redirect("catalog:shared_lists")


@require_safe
def library_serials(request: PortalRequest, code: str) -> HttpResponse:
    library = access_public_library(request.actor, code)
    page = Paginator(serial_headings_of(library), SERIALS).get_page(request.GET.get("page"))
    headings = list(page)
    context = {
        "library": library,
        "page": page,
        "rows": serial_views(headings, serials_of(library, headings)),
    }
    return render(request, "catalog/shared_serials.html", context)


@require_safe
def library_serials_csv(request: PortalRequest, code: str) -> HttpResponseBase:
    library = access_public_library(request.actor, code)
    headings = list(serial_headings_of(library))
    held = serials_of(library, headings)
    rows = ((heading, serial) for heading in headings for serial in held.get(heading.pk, []))
    header = [_("Title"), "ISSN", _("Publisher"), _("Library"), _("City"), _("Coverage"), _("Call number")]
    return csv_answer(f"serials-{library.short_code.lower()}", header, serial_rows(rows))


class _Lists(Feed):
    """All lists, the newest first."""

    def get_object(self, request: HttpRequest, **kwargs: Any) -> HttpRequest:
        return request

    def title(self, about: HttpRequest) -> str:
        return _("Shared lists")

    def link(self, about: HttpRequest) -> str:
        return reverse("catalog:shared_lists")

    def feed_url(self, about: HttpRequest) -> str:
        return about.get_full_path()

    def items(self, about: HttpRequest) -> list[PublishedList]:
        return list(published_lists(library=typed(about.GET.get("library", "")))[:50])

    def item_title(self, item: PublishedList) -> str:
        return item.list.name

    def item_description(self, item: PublishedList) -> str:
        return item.list.note

    def item_link(self, item: PublishedList) -> str:
        return reverse("catalog:published_list", args=[item.slug])

    def item_author_name(self, item: PublishedList) -> str:
        return item.library.name

    def item_pubdate(self, item: PublishedList) -> datetime:
        return item.published_at


class _Titles(Feed):
    """The titles of one list, the latest added first."""

    def get_object(self, request: HttpRequest, published: PublishedList) -> PublishedList:
        self.address = request.get_full_path()
        return published

    def title(self, about: PublishedList) -> str:
        return about.list.name

    def link(self, about: PublishedList) -> str:
        return reverse("catalog:published_list", args=[about.slug])

    def feed_url(self, about: PublishedList) -> str:
        return self.address

    def items(self, about: PublishedList) -> list[ListEntry]:
        return sorted(entries_of(about.list), key=lambda entry: entry.added_at, reverse=True)[:50]

    def item_title(self, item: Any) -> str:
        return str(item.edition_now.full_title)

    def item_description(self, item: ListEntry) -> str:
        return item.note

    def item_link(self, item: Any) -> str:
        return str(item.edition_now.get_absolute_url())

    def item_pubdate(self, item: ListEntry) -> datetime:
        return item.added_at


@require_safe
def lists_feed(request: HttpRequest, kind: str) -> HttpResponse:
    return _answer(_Lists(), kind, request)


@require_safe
def list_feed(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    return _answer(_Titles(), kind, request, published=_published(slug))


def _answer(made: Feed, kind: str, request: HttpRequest, **about: Any) -> HttpResponse:
    if kind not in KINDS:
        raise Http404
    made.feed_type = KINDS[kind]
    response: HttpResponse = made(request, **about)
    response["X-Robots-Tag"] = "noindex"
    return response
