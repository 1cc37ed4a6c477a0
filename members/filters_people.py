"""Narrowing and sorting the lists of staff and readers by what stands in the address."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from members.choices import STAFF_ROLES
from members.models import Membership

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


def sort_of(sorts: dict[str, tuple[str, ...]], asked: str) -> str:
    """The asked order, or the usual one."""
    return asked if asked in sorts else next(iter(sorts))
