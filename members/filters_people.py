"""Narrowing and sorting the lists of staff and readers by what stands in the address."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from members.choices import STAFF_ROLES
from members.choices_people import ImportState
from members.models import Membership, PatronImport
from network_portal.core.lists import ListFilter
from network_portal.core.requests import typed

# What `sort` may say; the first is the usual order.
STAFF_SORTS = {
    "name": ("user__name", "user__email", "pk"), "email": ("user__email", "pk"),
    "role": ("role", "user__name", "pk"), "since": ("-created_at", "-pk"),
}  # fmt: skip
READER_SORTS = {
    "asked": ("created_at", "pk"), "newest": ("-created_at", "-pk"), "name": ("user__name", "user__email", "pk"),
    "email": ("user__email", "pk"), "card": ("card_number", "pk"), "ends": ("expires_on", "pk"),
}  # fmt: skip


class StaffFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        method="search", label=_("Name or e-mail"), widget=forms.TextInput(attrs={"type": "search"})
    )
    role = django_filters.ChoiceFilter(
        label=_("Role"),
        empty_label=_("All roles"),
        choices=[(role.value, role.label) for role in STAFF_ROLES],
    )

    class Meta:
        model = Membership
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form.label_suffix = ""

    def search(self, rows: QuerySet[Membership], name: str, value: str) -> QuerySet[Membership]:
        return rows.filter(Q(user__name__icontains=value) | Q(user__email__icontains=value))


class ImportFilter(ListFilter):
    """Files of readers that were uploaded."""

    q = django_filters.CharFilter(
        method="search", label=_("File"), widget=forms.TextInput(attrs={"type": "search"})
    )
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=ImportState.choices, empty_label=_("All states")
    )
    sort = django_filters.OrderingFilter(
        label=_("Order"), empty_label=_("Newest first"),
        fields=(("id", "old"), ("file_name", "name"), ("total", "rows")),
        choices=(("old", _("Oldest first")), ("name", _("By name")), ("-rows", _("Longest first"))),
    )  # fmt: skip

    class Meta:
        model = PatronImport
        fields: tuple[str, ...] = ()

    def search(self, rows: QuerySet[PatronImport], name: str, value: str) -> QuerySet[PatronImport]:
        return rows.filter(file_name__icontains=typed(value))


def sort_of(sorts: dict[str, tuple[str, ...]], asked: str) -> str:
    """The asked order, or the usual one."""
    return asked if asked in sorts else next(iter(sorts))
