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
from network_portal.core.lists import ListFilter


class LibraryFilter(ListFilter):
    q = django_filters.CharFilter(
        method="search", label=_("Name or code"), widget=forms.TextInput(attrs={"type": "search"})
    )
    city = django_filters.ChoiceFilter(label=_("City"), empty_label=_("All cities"))
    type = django_filters.ChoiceFilter(
        field_name="library_type", label=_("Type"), choices=LibraryType.choices, empty_label=_("All types")
    )
    sort = django_filters.OrderingFilter(
        label=_("Order"), empty_label=_("By name"),
        fields=(("city", "city"), ("library_type", "type"), ("-created_at", "new")),
        choices=(("city", _("By city")), ("type", _("By type")), ("new", _("Newest first"))),
    )  # fmt: skip

    class Meta:
        model = Library
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form.fields["city"].choices = [
            ("", _("All cities")), *((city, f"{city} ({n})") for city, n in city_counts())
        ]  # fmt: skip

    def search(self, rows: QuerySet[Library], name: str, value: str) -> QuerySet[Library]:
        return rows.filter(
            Q(name__icontains=value)
            | Q(short_code__icontains=value)
            | Q(isil__icontains=value)
            | Q(city__icontains=value)
        )


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
