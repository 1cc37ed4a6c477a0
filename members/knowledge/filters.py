"""What the list of news can be narrowed and ordered by."""

from __future__ import annotations

import django_filters as filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.choices_knowledge import NewsState
from members.models import Announcement
from network_portal.core.lists import ListFilter
from network_portal.core.requests import typed


class NewsFilter(ListFilter):
    """By words; what is kept at the top stays there in the usual order."""

    q = filters.CharFilter(
        method="search", label=_("Words"), widget=forms.TextInput(attrs={"type": "search"})
    )
    sort = filters.OrderingFilter(
        label=_("Order"), empty_label=_("Newest first"), fields=(("starts_at", "old"), ("ends_at", "ends")),
        choices=(("old", _("Oldest first")), ("ends", _("What ends first"))),
    )  # fmt: skip

    class Meta:
        model = Announcement
        fields: tuple[str, ...] = ()

    def search(self, rows: QuerySet[Announcement], name: str, value: str) -> QuerySet[Announcement]:
        value, found = typed(value), Q()
        for field in ("title_id", "title_en", "body_id", "body_en"):
            found |= Q(**{f"{field}__icontains": value})
        return rows.filter(found)


class NewsWriterFilter(NewsFilter):
    """Also by state, for whoever writes them."""

    state = filters.ChoiceFilter(
        method="in_state", label=_("State"), empty_label=_("Told now"),
        choices=(
            ("draft", _("Draft")), ("coming", _("Begins later")), ("past", _("Ended")), ("all", _("All states")),
        ),
    )  # fmt: skip

    def in_state(self, rows: QuerySet[Announcement], name: str, value: str) -> QuerySet[Announcement]:
        now, told = timezone.now(), Q(state=NewsState.PUBLISHED)
        asked = {
            "draft": Q(state=NewsState.DRAFT), "coming": told & Q(starts_at__gt=now),
            "past": told & Q(ends_at__lte=now),
        }  # fmt: skip
        return rows.filter(asked.get(value, Q()))
