"""Narrowing and ordering the coordinator's list of applications."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from members.choices import LibraryType
from members.choices_joining import ApplicationStatus, CatalogueSystem
from members.models import JoinApplication

SHOWN = tuple((one.value, one.label) for one in ApplicationStatus if one is not ApplicationStatus.UNCONFIRMED)


class ApplicationFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        method="search", label=_("Name, city or contact"), widget=forms.TextInput(attrs={"type": "search"})
    )
    status = django_filters.ChoiceFilter(label=_("State"), choices=SHOWN, empty_label=_("All states"))
    type = django_filters.ChoiceFilter(
        field_name="library_type", label=_("Type"), choices=LibraryType.choices, empty_label=_("All types")
    )
    system = django_filters.ChoiceFilter(
        label=_("System"), choices=CatalogueSystem.choices, empty_label=_("All systems")
    )
    sort = django_filters.OrderingFilter(
        label=_("Order"), empty_label=_("Newest first"),
        fields=(("created_at", "old"), ("name", "name"), ("city", "city"), ("status", "status")),
        choices=(("old", _("Oldest first")), ("name", _("By name")), ("city", _("By city")), ("status", _("By state"))),
    )  # fmt: skip

    class Meta:
        model = JoinApplication
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form.label_suffix = ""

    def search(self, rows: QuerySet[JoinApplication], name: str, value: str) -> QuerySet[JoinApplication]:
        return rows.filter(
            Q(name__icontains=value)
            | Q(city__icontains=value)
            | Q(contact_name__icontains=value)
            | Q(contact_email__icontains=value)
        )

    @property
    def is_narrowed(self) -> bool:
        return self.form.is_valid() and any(self.form.cleaned_data.values())
