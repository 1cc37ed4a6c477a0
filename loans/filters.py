"""What the work lists can be narrowed by. One set of filters for a page, its CSV, its counts and a saved view.

Searching uses indexes alone, since a list may have a million rows: words of title, author and number, the beginning of
a number, a copy's barcode, an ISBN by way of the catalogue's keys, and readers of the own library by name.
"""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from loans.choices import AttemptStatus, FlagKind, Level, MessageKind, RequestStatus, Service, StatementState
from loans.forms.quick import QuickSelect
from loans.models import Message, Request, RequestFlag, Statement, SupplyAttempt
from loans.selectors.finding import barcode_matches, isbn_matches, reader_matches, word_matches
from loans.selectors.handling import MINE, NOBODYS, handled_by
from loans.selectors.queues import are_few, network_libraries
from members.permissions import Capability
from network_portal.core.lists import NO, YES, EmptyFilter, ListFilter
from network_portal.core.requests import typed

OWNERS = (
    ("requesting", _("the borrowing library")),
    ("supplying", _("the lending library")),
    ("patron", _("the reader")),
    ("coordinator", _("the coordinator")),
    ("portal", _("the portal")),
)


class ScanInput(forms.TextInput):
    """Where people type and scanners write: desk.js leads whatever a scanner types on the page here."""

    def __init__(self) -> None:
        super().__init__(attrs={"type": "search", "data-scan": True, "autocomplete": "off", "spellcheck": "false",
                                "aria-describedby": "search-hint"})  # fmt: skip


class StatementFilter(ListFilter):
    """Monthly statements by state, year and currency; the coordinator's also by library."""

    state = filters.ChoiceFilter(
        label=_("State"), choices=StatementState.choices, empty_label=_("All states")
    )
    year = filters.NumberFilter(
        field_name="month", lookup_expr="year", label=_("Year"), min_value=2000, max_value=2200,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    library = filters.ModelChoiceFilter(
        queryset=lambda _request: network_libraries(), method="of_library", label=_("Library"),
        empty_label=_("All libraries"),
    )  # fmt: skip
    sort = filters.OrderingFilter(
        label=_("Order"), empty_label=_("Newest first"), fields=(("month", "old"), ("state", "state")),
        choices=(("old", _("Oldest first")), ("state", _("By state"))),
    )  # fmt: skip

    class Meta:
        model = Statement
        fields: list[str] = []

    def of_library(self, rows: QuerySet[Statement], name: str, value: Any) -> QuerySet[Statement]:
        return rows.filter(Q(left=value) | Q(right=value))


class StuckFilter(ListFilter):
    """What is late, by whose turn it is and by words; the longest wait first."""

    q = filters.CharFilter(
        method="search", label=_("Number or title"), widget=forms.TextInput(attrs={"type": "search"})
    )
    side = filters.ChoiceFilter(field_name="owner_side", choices=OWNERS, widget=forms.HiddenInput())
    sort = filters.OrderingFilter(
        label=_("Order"), empty_label=_("Longest wait first"),
        fields=(("deadline_at", "due"), ("title", "title")),
        choices=(("-due", _("Shortest wait first")), ("title", _("By title"))),
    )  # fmt: skip

    class Meta:
        model = Request
        fields: list[str] = []

    def search(self, rows: QuerySet[Request], name: str, value: str) -> QuerySet[Request]:
        """Late requests are few beside all. Whoever sees the whole network also finds them by library; others may
        not learn in this way who is at a hidden end."""
        value = typed(value)
        found = word_matches(value, among_few=True)
        if self.request and self.request.actor.can(Capability.NETWORK_REQUESTS):
            found |= Q(requesting_library__name__icontains=value) | Q(owner_library__name__icontains=value)
        return rows.filter(found)


class MessageFilter(ListFilter):
    """Messages to a library: unread ones, from readers or from a library, by words."""

    q = filters.CharFilter(
        method="search", label=_("Words, number or title"), widget=forms.TextInput(attrs={"type": "search"})
    )
    read = EmptyFilter(
        field_name="read_at", label=_("Read"), empty_label=_("All"),
        choices=((YES, _("Nobody has read it yet")), (NO, _("Read"))),
    )  # fmt: skip
    kind = filters.ChoiceFilter(
        label=_("From"), choices=(("patron", _("Readers")), ("library", _("Other libraries"))),
        empty_label=_("All"), method="from_whom",
    )  # fmt: skip
    sort = filters.OrderingFilter(
        label=_("Order"), empty_label=_("New ones first"), fields=(("id", "age"), ("request__number", "number")),
        choices=(("-age", _("Newest first")), ("age", _("Oldest first")), ("number", _("By number"))),
    )  # fmt: skip

    class Meta:
        model = Message
        fields: list[str] = []

    def search(self, rows: QuerySet[Message], name: str, value: str) -> QuerySet[Message]:
        value = typed(value)
        return rows.filter(
            Q(body__icontains=value)
            | Q(request__title__icontains=value)
            | Q(request__number__istartswith=value)
        )

    def from_whom(self, rows: QuerySet[Message], name: str, value: str) -> QuerySet[Message]:
        patron = Q(kind=MessageKind.PATRON)
        return rows.filter(patron if value == "patron" else ~patron)


class QueueFilter(filters.FilterSet):
    """What every queue has; `at` is the way from a row to its request."""

    at = ""
    level = filters.ChoiceFilter(
        method="of_level", label=_("Speed"), choices=Level.choices, empty_label=_("All")
    )
    service = filters.ChoiceFilter(
        method="of_service", label=_("Service"), choices=Service.choices, empty_label=_("All")
    )
    flag = filters.ChoiceFilter(
        method="with_flag", label=_("Mark"), choices=FlagKind.choices, empty_label=_("All")
    )
    owner = filters.ChoiceFilter(
        method="of_owner", label=_("Waits for"), choices=OWNERS, empty_label=_("All")
    )
    whose = filters.ChoiceFilter(
        method="of_handler", label=_("Looked after by"), choices=((MINE, _("me")), (NOBODYS, _("nobody yet"))),
        empty_label=_("All"),
    )  # fmt: skip
    stuck = filters.BooleanFilter(
        method="is_stuck", label=_("Only what is stuck"), widget=forms.CheckboxInput(attrs={"value": "true"})
    )

    def of_level(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(**{f"{self.at}level": value})

    def of_service(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(**{f"{self.at}service": value})

    def of_handler(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return handled_by(rows, self.request.actor, value, at=self.at) if self.request else rows

    def of_owner(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(**{f"{self.at}owner_side": value, f"{self.at}closed_at": None})

    def with_flag(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        request = OuterRef("request_id" if self.at else "pk")
        return rows.filter(Exists(RequestFlag.objects.filter(request=request, kind=value, cleared_at=None)))

    def is_stuck(self, rows: QuerySet[Any], name: str, value: bool | None) -> QuerySet[Any]:
        return rows.filter(**{f"{self.at}stuck_since__isnull": False}) if value else rows

    @property
    def narrowed(self) -> bool:
        """Is anything but the search box set? Then the page shows the other filters too."""
        return any(value for name, value in self.data.items() if name in self.filters and name != "q")


class RequestFilter(QueueFilter):
    """Requests by number, title, author, ISBN, barcode or reader."""

    q = filters.CharFilter(
        method="search", label=_("Number, title, ISBN, barcode or reader"),
        widget=ScanInput,
    )  # fmt: skip

    status = filters.ChoiceFilter(
        choices=RequestStatus.choices, label=_("State"), empty_label=_("All states"), widget=QuickSelect
    )

    class Meta:
        model = Request
        fields: list[str] = []

    def search(self, rows: QuerySet[Request], name: str, value: str) -> QuerySet[Request]:
        value = typed(value)
        library = self.request.actor.library_id if self.request else None
        return rows.filter(
            word_matches(value, among_few=are_few(rows)) | isbn_matches(value, bounded=True)
            | barcode_matches(value, library)
            | reader_matches(value, library)
        )  # fmt: skip


class NetworkFilter(QueueFilter):
    """The coordinator's list, by state and by library on either side; readers are their own library's matter."""

    q = filters.CharFilter(method="search", label=_("Number, title or ISBN"), widget=ScanInput)
    status = filters.ChoiceFilter(
        choices=RequestStatus.choices, label=_("State"), empty_label=_("All states"), widget=QuickSelect
    )
    library = filters.ModelChoiceFilter(
        queryset=lambda _request: network_libraries(), method="of_library", label=_("Library"),
        empty_label=_("All libraries"), widget=QuickSelect,
    )  # fmt: skip

    class Meta:
        model = Request
        fields: list[str] = []

    def search(self, rows: QuerySet[Request], name: str, value: str) -> QuerySet[Request]:
        value = typed(value)
        return rows.filter(word_matches(value) | isbn_matches(value))

    def of_library(self, rows: QuerySet[Request], name: str, value: Any) -> QuerySet[Request]:
        supplied = SupplyAttempt.objects.filter(supplier=value).values("request_id")
        return rows.filter(Q(requesting_library=value) | Q(pk__in=supplied))


class AttemptFilter(QueueFilter):
    """What a library is asked for, by number, title, ISBN or barcode; never by reader."""

    at = "request__"
    q = filters.CharFilter(
        method="search",
        label=_("Number, title, ISBN or barcode"),
        widget=ScanInput,
    )
    status = filters.ChoiceFilter(
        choices=AttemptStatus.choices, label=_("State"), empty_label=_("All states"), widget=QuickSelect
    )

    class Meta:
        model = SupplyAttempt
        fields: list[str] = []

    def search(self, rows: QuerySet[SupplyAttempt], name: str, value: str) -> QuerySet[SupplyAttempt]:
        value = typed(value)
        return rows.filter(
            word_matches(value, self.at) | isbn_matches(value, self.at, bounded=True) | Q(barcode=value)
        )
