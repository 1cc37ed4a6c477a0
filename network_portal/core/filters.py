"""What the staff lists of mail, background work and the audit trail can be narrowed and ordered by."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from network_portal.core.choices import JobStatus, MailStatus
from network_portal.core.lists import ListFilter
from network_portal.core.models import AuditEntry, JobRun, OutgoingMail
from network_portal.core.requests import typed
from network_portal.core.selectors import audit_about

AREAS = (
    ("members.", _("Libraries, people, agreements, learning")),
    ("catalog.", _("Catalogue and sources")),
    ("loans.", _("Requests and lending")),
    ("core.", _("Mail and the portal itself")),
)
SEARCH = {"type": "search"}
DAY = {"type": "date"}


def _search(label: Any) -> filters.CharFilter:
    return filters.CharFilter(method="search", label=label, widget=forms.TextInput(attrs=SEARCH))


def _day(label: Any, lookup: str, field: str) -> filters.DateFilter:
    return filters.DateFilter(
        field_name=field, lookup_expr=f"date__{lookup}", label=label, widget=forms.DateInput(attrs=DAY)
    )


def _order(first: Any, *, oldest: str = "id", **more: tuple[str, Any]) -> filters.OrderingFilter:
    """Newest first unless asked otherwise; `more`: name in the address = field and label."""
    fields = ((oldest, "old"), *((field, name) for name, (field, _label) in more.items()))
    choices = (("old", _("Oldest first")), *((name, label) for name, (_field, label) in more.items()))
    return filters.OrderingFilter(label=_("Order"), empty_label=first, fields=fields, choices=choices)


class MailFilter(ListFilter):
    q = _search(_("Address or subject"))
    status = filters.ChoiceFilter(label=_("State"), choices=MailStatus.choices, empty_label=_("All states"))
    first = _day(_("From"), "gte", "created_at")
    last = _day(_("Until"), "lte", "created_at")
    sort = _order(
        _("Newest first"), to=("to_email", _("By address")), tries=("-attempts", _("Most attempts first"))
    )

    class Meta:
        model = OutgoingMail
        fields: tuple[str, ...] = ()

    def search(self, rows: QuerySet[OutgoingMail], name: str, value: str) -> QuerySet[OutgoingMail]:
        value = typed(value)
        return rows.filter(Q(to_email__icontains=value) | Q(subject__icontains=value) | Q(target_id=value))


class JobFilter(ListFilter):
    q = _search(_("What or who"))
    status = filters.ChoiceFilter(label=_("State"), choices=JobStatus.choices, empty_label=_("All states"))
    first = _day(_("From"), "gte", "created_at")
    last = _day(_("Until"), "lte", "created_at")
    sort = _order(_("Newest first"), what=("label", _("By name")), who=("actor_name", _("By person")))

    class Meta:
        model = JobRun
        fields: tuple[str, ...] = ()

    def search(self, rows: QuerySet[JobRun], name: str, value: str) -> QuerySet[JobRun]:
        value = typed(value)
        return rows.filter(Q(label__icontains=value) | Q(actor_name__icontains=value))


class AuditFilter(ListFilter):
    """`of` (kind:number, also several times) and `code` come from the history of a page, not from the form."""

    q = _search(_("Person, library or thing"))
    area = filters.ChoiceFilter(
        field_name="code",
        lookup_expr="startswith",
        label=_("Area"),
        choices=AREAS,
        empty_label=_("Everything"),
    )
    first = _day(_("From"), "gte", "at")
    last = _day(_("Until"), "lte", "at")
    of = filters.CharFilter(method="of_things", widget=forms.MultipleHiddenInput)
    code = filters.CharFilter(lookup_expr="startswith", widget=forms.HiddenInput)
    sort = _order(_("Newest first"), who=("actor_name", _("By person")))

    class Meta:
        model = AuditEntry
        fields: tuple[str, ...] = ()

    def search(self, rows: QuerySet[AuditEntry], name: str, value: str) -> QuerySet[AuditEntry]:
        value = typed(value)
        return rows.filter(
            Q(actor_name__icontains=value)
            | Q(target_name__icontains=value)
            | Q(library_name__icontains=value)
        )

    def of_things(self, rows: QuerySet[AuditEntry], name: str, value: Any) -> QuerySet[AuditEntry]:
        asked = self.data.getlist("of") if hasattr(self.data, "getlist") else [value]
        return audit_about(
            rows, [(kind, number) for kind, _colon, number in (typed(one).partition(":") for one in asked)]
        )
