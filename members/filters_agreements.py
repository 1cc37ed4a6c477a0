"""What the list of agreements can be narrowed and ordered by."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.choices import AgreementScope
from members.choices_agreements import VersionStatus
from members.models import Agreement
from network_portal.core.lists import ListFilter
from network_portal.core.requests import typed

NOW, OVER, DRAFT = "now", "over", "draft"


class AgreementFilter(ListFilter):
    q = filters.CharFilter(
        method="search", label=_("Name or library"), widget=forms.TextInput(attrs={"type": "search"})
    )
    scope = filters.ChoiceFilter(label=_("Between"), choices=AgreementScope.choices, empty_label=_("All"))
    state = filters.ChoiceFilter(
        method="in_state", label=_("State"), empty_label=_("All states"),
        choices=((NOW, _("It counts now")), (OVER, _("Ended")), (DRAFT, _("Draft"))),
    )  # fmt: skip
    sort = filters.ChoiceFilter(
        method="in_order", label=_("Order"), empty_label=_("By name"),
        choices=(("new", _("Newest first")), ("ends", _("What ends first"))),
    )  # fmt: skip

    class Meta:
        model = Agreement
        fields: tuple[str, ...] = ()

    def search(self, rows: QuerySet[Agreement], name: str, value: str) -> QuerySet[Agreement]:
        value = typed(value)
        inside = Agreement.libraries.through.objects.filter(library__name__icontains=value)
        return rows.filter(
            Q(name__icontains=value)
            | Q(network__name__icontains=value)
            | Q(pk__in=inside.values("agreement_id"))
        )

    def in_state(self, rows: QuerySet[Agreement], name: str, value: str) -> QuerySet[Agreement]:
        today = timezone.localdate()
        counts = Agreement.objects.filter(
            Q(versions__valid_until=None) | Q(versions__valid_until__gte=today),
            versions__status=VersionStatus.PUBLISHED, versions__valid_from__lte=today,
        )  # fmt: skip
        told = Agreement.objects.filter(versions__published_at__isnull=False)
        coming = Agreement.objects.filter(
            versions__status=VersionStatus.PUBLISHED, versions__valid_from__gt=today
        )
        if value == NOW:
            return rows.filter(pk__in=counts.values("pk"))
        if value == DRAFT:
            return rows.exclude(pk__in=told.values("pk"))
        return rows.filter(pk__in=told.values("pk")).exclude(
            Q(pk__in=counts.values("pk")) | Q(pk__in=coming.values("pk"))
        )

    def in_order(self, rows: QuerySet[Agreement], name: str, value: Any) -> QuerySet[Agreement]:
        """The page puts what waits for its reader first, then this order."""
        if value == "new":
            return rows.annotate(newest=Max("versions__pk")).order_by("-newest", "-pk")
        last = rows.annotate(
            last=Max("versions__valid_until", filter=Q(versions__status=VersionStatus.PUBLISHED))
        )
        return last.order_by("last", "name")
