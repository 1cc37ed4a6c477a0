"""Narrowing the lists of libraries and readers by what stands in the address."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from members.choices import LibraryType
from members.models import Library, Membership
from members.selectors.libraries import city_counts


class LibraryFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        method="search", label=_("Name or code"), widget=forms.TextInput(attrs={"type": "search"})
    )
    city = django_filters.ChoiceFilter(label=_("City"), empty_label=_("All cities"))
    type = django_filters.ChoiceFilter(
        field_name="library_type", label=_("Type"), choices=LibraryType.choices, empty_label=_("All types")
    )

    class Meta:
        model = Library
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["city"].extra["choices"] = [(city, f"{city} ({n})") for city, n in city_counts()]
        self.form.label_suffix = ""

    def search(self, rows: QuerySet[Library], name: str, value: str) -> QuerySet[Library]:
        return rows.filter(
            Q(name__icontains=value)
            | Q(short_code__icontains=value)
            | Q(isil__icontains=value)
            | Q(city__icontains=value)
        )

    @property
    def is_narrowed(self) -> bool:
        return self.form.is_valid() and any(self.form.cleaned_data.values())


class ReaderFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        method="search",
        label=_("Name, e-mail or card number"),
        widget=forms.TextInput(attrs={"type": "search"}),
    )

    class Meta:
        model = Membership
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form.label_suffix = ""

    def search(self, rows: QuerySet[Membership], name: str, value: str) -> QuerySet[Membership]:
        return rows.filter(
            Q(user__name__icontains=value) | Q(user__email__icontains=value) | Q(card_number__icontains=value)
        )
