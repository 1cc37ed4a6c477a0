"""What the work lists can be narrowed by. One set of filters for a page and whatever is made of the same rows."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from loans.choices import RequestStatus
from loans.models import Request, SupplyAttempt
from loans.selectors.queues import network_libraries


class RequestFilter(filters.FilterSet):
    """Requests by number, title or reader."""

    q = filters.CharFilter(
        method="search", label=_("Number, title or reader"), widget=forms.TextInput(attrs={"type": "search"})
    )

    class Meta:
        model = Request
        fields: list[str] = []

    def search(self, rows: QuerySet[Request], name: str, value: str) -> QuerySet[Request]:
        value = value.strip()
        return rows.filter(
            Q(number__icontains=value)
            | Q(title__icontains=value)
            | Q(patron__name__icontains=value)
            | Q(patron__email__iexact=value)
        )


class NetworkFilter(RequestFilter):
    """The coordinator's list, by status and by library on either side."""

    status = filters.ChoiceFilter(
        choices=RequestStatus.choices, label=_("State"), empty_label=_("All states")
    )
    library = filters.ModelChoiceFilter(
        queryset=lambda _request: network_libraries(), method="of_library", label=_("Library"),
        empty_label=_("All libraries"),
    )  # fmt: skip

    def of_library(self, rows: QuerySet[Request], name: str, value: Any) -> QuerySet[Request]:
        supplied = SupplyAttempt.objects.filter(supplier=value).values("request_id")
        return rows.filter(Q(requesting_library=value) | Q(pk__in=supplied))


class AttemptFilter(filters.FilterSet):
    """What a library is asked for, by number, title or barcode; never by reader."""

    q = filters.CharFilter(
        method="search", label=_("Number, title or barcode"), widget=forms.TextInput(attrs={"type": "search"})
    )

    class Meta:
        model = SupplyAttempt
        fields: list[str] = []

    def search(self, rows: QuerySet[SupplyAttempt], name: str, value: str) -> QuerySet[SupplyAttempt]:
        value = value.strip()
        return rows.filter(
            Q(request__number__icontains=value)
            | Q(request__title__icontains=value)
            | Q(barcode__iexact=value)
        )
