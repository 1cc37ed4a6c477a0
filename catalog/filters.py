"""What the lists of the catalogue's staff pages can be narrowed and ordered by."""

from __future__ import annotations

import django_filters as filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from catalog.choices import Decided
from catalog.models import MatchAct, PublishedList
from network_portal.core.lists import NO, YES, EmptyFilter, ListFilter
from network_portal.core.requests import typed

SEARCH = {"type": "search"}
DAY = {"type": "date"}


class DecisionFilter(ListFilter):
    """Decisions of people about records."""

    q = filters.CharFilter(
        method="search", label=_("Person, note or title"), widget=forms.TextInput(attrs=SEARCH)
    )
    kind = filters.ChoiceFilter(label=_("Decision"), choices=Decided.choices, empty_label=_("All"))
    undone = EmptyFilter(
        field_name="undone_at", label=_("Counts"), empty_label=_("All"),
        choices=((YES, _("Counts now")), (NO, _("Taken back"))),
    )  # fmt: skip
    first = filters.DateFilter(
        field_name="at", lookup_expr="date__gte", label=_("From"), widget=forms.DateInput(attrs=DAY)
    )
    last = filters.DateFilter(
        field_name="at", lookup_expr="date__lte", label=_("Until"), widget=forms.DateInput(attrs=DAY)
    )
    sort = filters.OrderingFilter(
        label=_("Order"), empty_label=_("Newest first"), fields=(("at", "old"), ("by__name", "who")),
        choices=(("old", _("Oldest first")), ("who", _("By person"))),
    )  # fmt: skip

    class Meta:
        model = MatchAct
        fields: tuple[str, ...] = ()

    def search(self, rows: QuerySet[MatchAct], name: str, value: str) -> QuerySet[MatchAct]:
        """Decisions are few beside titles: those of each decision are looked at, not all that have the words."""
        value = typed(value)
        about = MatchAct.objects.filter(
            Q(pairs__one__edition__title__icontains=value) | Q(pairs__other__edition__title__icontains=value)
        )
        return rows.filter(
            Q(note__icontains=value) | Q(by__name__icontains=value) | Q(pk__in=about.values("pk"))
        )


class PublishedListFilter(ListFilter):
    """Bibliographies that libraries show everybody."""

    q = filters.CharFilter(method="search", label=_("Words"), widget=forms.TextInput(attrs=SEARCH))
    library = filters.CharFilter(
        field_name="library__short_code", lookup_expr="iexact", widget=forms.HiddenInput()
    )
    sort = filters.OrderingFilter(
        label=_("Order"), empty_label=_("Newest first"),
        fields=(("list__name", "name"), ("library__name", "library"), ("-titles", "long")),
        choices=(("name", _("By name")), ("library", _("By library")), ("long", _("Longest first"))),
    )  # fmt: skip

    class Meta:
        model = PublishedList
        fields: tuple[str, ...] = ()

    def search(self, rows: QuerySet[PublishedList], name: str, value: str) -> QuerySet[PublishedList]:
        value = typed(value)
        return rows.filter(Q(list__name__icontains=value) | Q(list__note__icontains=value))
