"""The library's readers: who waits to be confirmed, who is."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from members.access import access_reader
from members.choices import MembershipStatus
from members.decorators import capability_required
from members.filters import ReaderFilter
from members.filters_people import READER_SORTS
from members.forms import RefuseForm
from members.models import Membership
from members.permissions import Capability
from members.presenters_people import reader_header, reader_rows
from members.selectors.people import readers_counts, readers_in, readers_sorted, readers_visible_to
from members.services.memberships import membership_confirm, membership_end, membership_refuse
from network_portal.core import audit
from network_portal.core.csv_file import csv_answer
from network_portal.core.requests import PortalRequest

PAGE_SIZE = 50
TABS = (MembershipStatus.PENDING.value, MembershipStatus.CONFIRMED.value, "all")


@capability_required(Capability.PEOPLE_CONFIRM)
def people_list(request: PortalRequest) -> HttpResponse:
    tab = request.GET.get("tab", TABS[0])
    tab = tab if tab in TABS else TABS[0]
    found = ReaderFilter(request.GET, queryset=_readers(request, tab))
    page = Paginator(found.qs, PAGE_SIZE).get_page(request.GET.get("page"))
    labels = {TABS[0]: _("Waiting"), TABS[1]: _("Confirmed"), TABS[2]: _("All")}
    counts = readers_counts(request.actor)
    tabs = [
        {"label": labels[name], "url": f"{reverse('members:people')}?tab={name}", "count": counts[name],
         "current": name == tab}
        for name in TABS
    ]  # fmt: skip
    context = {
        "page": page, "tabs": tabs, "tab": tab, "filter": found,
        "may_import": request.actor.can(Capability.LIBRARY_EDIT),
    }  # fmt: skip
    return render(request, "members/people.html", context)


def _readers(request: PortalRequest, tab: str) -> QuerySet[Membership]:
    """The readers of a tab; without a wish in the order that belongs to the tab."""
    rows = readers_in(readers_visible_to(request.actor), tab)
    return readers_sorted(rows, READER_SORTS.get(request.GET.get("sort", ""), ()))


@capability_required(Capability.PEOPLE_CONFIRM)
def people_export(request: PortalRequest) -> StreamingHttpResponse:
    """What the list shows, every page of it; narrowed and sorted alike."""
    tab = request.GET.get("tab", "all")
    found = ReaderFilter(request.GET, queryset=_readers(request, tab if tab in TABS else "all"))
    audit.record("members.people.exported", actor=request.actor)
    rows = found.qs.iterator(chunk_size=2000)
    return csv_answer("readers", reader_header(), reader_rows(rows))


@capability_required(Capability.PEOPLE_CONFIRM)
def person_confirm(request: PortalRequest, pk: int) -> HttpResponse:
    waiting = access_reader(request.actor, pk)
    if request.method != "POST":  # a login came between
        return redirect("members:people")
    membership = membership_confirm(membership=waiting, actor=request.actor)
    messages.success(
        request, _("%(name)s is now a reader of your library and got a mail.") % {"name": membership.user}
    )
    return redirect("members:people")


@capability_required(Capability.PEOPLE_CONFIRM)
def person_refuse(request: PortalRequest, pk: int) -> HttpResponse:
    membership = access_reader(request.actor, pk)
    form = RefuseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        membership_refuse(membership=membership, reason=form.cleaned_data["reason"], actor=request.actor)
        messages.success(
            request, _("%(name)s was refused and got a mail with your reason.") % {"name": membership.user}
        )
        return redirect("members:people")
    return render(request, "members/person_refuse.html", {"form": form, "membership": membership})


@capability_required(Capability.PEOPLE_CONFIRM)
def person_end(request: PortalRequest, pk: int) -> HttpResponse:
    membership = access_reader(request.actor, pk)
    if request.method == "POST":
        membership_end(membership=membership, actor=request.actor)
        messages.success(
            request, _("%(name)s is no longer a reader of your library.") % {"name": membership.user}
        )
        return redirect("members:people")
    return render(
        request, "members/membership_end.html", {"membership": membership, "back": reverse("members:people")}
    )
