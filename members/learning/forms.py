"""Forms of programmes: proposing, registering, marking, judging."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.forms import formset_factory
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from members.choices import TIME_ZONES, Role
from members.choices_learning import ProgrammeKind, ProgrammeLanguage
from members.forms import HttpsField, PlainForm
from members.learning.evaluations import QUESTIONS
from members.learning.internships import weeks_of
from members.learning.programmes import Meeting
from members.learning.selectors import hosts, libraries_choosable, networks_choosable
from members.learning.times import local
from members.models import Internship, Library, Network, Programme

DAY = {"type": "date"}
CLOCK = {"type": "time"}


class NoNullForm(PlainForm):
    """Refuses the one character that PostgreSQL does not keep."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name, value in list(data.items()):
            if isinstance(value, str) and "\x00" in value:
                self.add_error(name, _("There is a character in it that cannot be kept."))
        return data


class ProgrammeForm(NoNullForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=ProgrammeKind.choices)
    title = forms.CharField(label=_("Title"), max_length=200)
    learns = forms.CharField(
        label=_("What one learns"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5})
    )
    audience = forms.CharField(
        label=_("For whom"), max_length=300, required=False,
        help_text=_("For example: cataloguers who know MARC a little."),
    )  # fmt: skip
    speakers = forms.CharField(label=_("Speakers"), max_length=500, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=ProgrammeLanguage.choices)
    place = forms.CharField(label=_("Where"), max_length=300, required=False)
    online_url = HttpsField(
        label=_("Online address"), required=False, max_length=200,
        help_text=_("Only those who have a place see it."),
    )  # fmt: skip
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=TIME_ZONES)
    places = forms.IntegerField(
        label=_("Number of places"),
        min_value=1,
        max_value=5000,
        required=False,
        help_text=_("Empty: as many as come."),
    )
    roles = forms.MultipleChoiceField(
        label=_("Who may register"), choices=Role.choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: every member of a library."),
    )  # fmt: skip
    libraries = forms.ModelMultipleChoiceField(
        label=_("Only people of these libraries"), queryset=Library.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("None chosen: of all libraries."),
    )  # fmt: skip
    networks = forms.ModelMultipleChoiceField(
        label=_("Only people of these networks"), queryset=Network.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("None chosen: of all networks."),
    )  # fmt: skip
    ask_sender = forms.BooleanField(label=_("The sending library's manager agrees first"), required=False)
    fee = forms.DecimalField(
        label=_("Fee in rupiah"), min_value=0, max_digits=12, decimal_places=0, initial=0, required=False,
        help_text=_("0: free of charge."),
    )  # fmt: skip
    register_until = forms.DateField(
        label=_("Last day to register"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs=DAY),
        help_text=_("Empty: until the day it begins."),
    )  # fmt: skip
    signer = forms.CharField(label=_("Who signs the certificates"), max_length=150, required=False)
    signer_role = forms.CharField(label=_("Position of who signs"), max_length=150, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["libraries"].queryset = libraries_choosable()  # type: ignore[attr-defined]
        self.fields["networks"].queryset = networks_choosable()  # type: ignore[attr-defined]

    def clean_fee(self) -> Any:
        return self.cleaned_data["fee"] or 0

    @property
    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields under headings, in the order of the page; days and hours stand between."""
        parts = (
            (_("What"), ("kind", "title", "learns", "speakers", "language")),
            (_("Who takes part"), ("audience", "roles", "libraries", "networks", "ask_sender")),
            (
                _("Where and how many"),
                ("place", "online_url", "time_zone", "places", "fee", "register_until"),
            ),
            (_("Certificates"), ("signer", "signer_role")),
        )
        return [(title, [self[name] for name in names]) for title, names in parts]


class MeetingForm(PlainForm):
    """One session; a line left empty is none."""

    pk = forms.IntegerField(widget=forms.HiddenInput, required=False)
    day = forms.DateField(
        label=_("Day"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs=DAY)
    )
    start = forms.TimeField(
        label=_("From"), required=False, widget=forms.TimeInput(format="%H:%M", attrs=CLOCK)
    )
    end = forms.TimeField(
        label=_("Until"), required=False, widget=forms.TimeInput(format="%H:%M", attrs=CLOCK)
    )
    topic = forms.CharField(label=_("Topic"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        day, start, end = (data.get(name) for name in ("day", "start", "end"))
        if day and not (start and end):
            raise ValidationError(_("Give the hours of the day: from and to."))
        if day and start and end and end <= start:
            raise ValidationError(_("The session has to end after it begins."))
        return data


MeetingFormSet = formset_factory(MeetingForm, extra=3, max_num=40, absolute_max=60)


def meetings_of(formset: Any, zone_name: str) -> list[Meeting]:
    """The filled lines as moments of the programme's time zone."""
    zone = ZoneInfo(zone_name)

    def at(day: date, hour: time) -> datetime:
        return datetime.combine(day, hour, tzinfo=zone)

    return [
        Meeting(at(one["day"], one["start"]), at(one["day"], one["end"]), one["topic"], one["pk"])
        for one in (form.cleaned_data for form in formset)
        if one.get("day")
    ]


def initial_of(programme: Programme) -> dict[str, Any]:
    names = [name for name in ProgrammeForm.base_fields if name not in ("libraries", "networks")]
    return {
        **{name: getattr(programme, name) for name in names},
        "fee": int(programme.fee), "libraries": programme.libraries.all(), "networks": programme.networks.all(),
    }  # fmt: skip


def meetings_initial(programme: Programme) -> list[dict[str, Any]]:
    rows = []
    for one in programme.sessions.all():
        start, end = local(programme, one.starts_at), local(programme, one.ends_at)
        rows.append(
            {"pk": one.pk, "day": start.date(), "start": start.time(), "end": end.time(), "topic": one.topic}
        )
    return rows


class RegisterForm(NoNullForm):
    words = forms.CharField(
        label=_("Words to the host"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What you hope to learn, what you need (a ramp, a diet)."),
    )  # fmt: skip


class StayForm(RegisterForm):
    starts_on = forms.DateField(label=_("From"), widget=forms.DateInput(format="%Y-%m-%d", attrs=DAY))
    ends_on = forms.DateField(label=_("Until"), widget=forms.DateInput(format="%Y-%m-%d", attrs=DAY))
    goals = forms.CharField(
        label=_("What I want to learn"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    field_order = ("starts_on", "ends_on", "goals", "words")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        start, end = data.get("starts_on"), data.get("ends_on")
        if start and start < timezone.localdate():
            self.add_error("starts_on", _("This day has passed."))
        if start and end and end < start:
            self.add_error("ends_on", _("The internship has to end after it begins."))
        if start and end and (end - start).days > 366:
            self.add_error("ends_on", _("An internship lasts a year at most."))
        return data


class ReasonForm(NoNullForm):
    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whom it concerns reads this in a mail."),
    )  # fmt: skip


class OpinionForm(NoNullForm):
    words = forms.CharField(
        label=_("What should stay, what should be better?"), max_length=1000, required=False,
        widget=forms.Textarea(attrs={"rows": 4}), help_text=_("Nothing that shows who you are."),
    )  # fmt: skip
    field_order = ("useful", "clear", "organised", "words")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        marks = [(5, _("5 – fully")), (4, "4"), (3, "3"), (2, "2"), (1, _("1 – not at all"))]
        for name, label in QUESTIONS:
            self.base_fields[name] = forms.TypedChoiceField(
                label=label, choices=marks, coerce=int, widget=forms.RadioSelect
            )
        super().__init__(*args, **kwargs)


class MentorForm(NoNullForm):
    mentor = forms.CharField(label=_("Mentor"), max_length=150)


class NoteForm(NoNullForm):
    week = forms.ChoiceField(label=_("Week that began on"))
    text = forms.CharField(
        label=_("What I did and learned"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5})
    )

    def __init__(self, *args: Any, stay: Internship, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        weeks = reversed(weeks_of(stay))
        choices = [(week.isoformat(), date_format(week, "j F Y")) for week in weeks]
        self.fields["week"].choices = choices  # type: ignore[attr-defined]

    def clean_week(self) -> date:
        return date.fromisoformat(self.cleaned_data["week"])


class AssessForm(NoNullForm):
    text = forms.CharField(
        label=_("Assessment"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("The intern and both libraries read it."),
    )  # fmt: skip
    hours = forms.IntegerField(
        label=_("Hours"),
        min_value=1,
        max_value=3000,
        help_text=_("All hours of the internship; they stand on the certificate."),
    )
    reached = forms.BooleanField(label=_("The goals were reached"), required=False)


ORDERS = {"soon": "first_at", "late": "-first_at", "title": "title", "host": "host__name"}


class ProgrammeFilter(django_filters.FilterSet):
    """One for the list and its file."""

    q = django_filters.CharFilter(
        method="search", label=_("Words"), widget=forms.TextInput(attrs={"type": "search"})
    )
    when = django_filters.ChoiceFilter(
        method="by_time", label=_("When"), empty_label=_("Coming"),
        choices=[("past", _("Past")), ("all", _("All"))],
    )  # fmt: skip
    kind = django_filters.ChoiceFilter(
        label=_("Kind"), choices=ProgrammeKind.choices, empty_label=_("All kinds")
    )
    language = django_filters.ChoiceFilter(
        label=_("Language"), choices=ProgrammeLanguage.choices, empty_label=_("All languages")
    )
    host = django_filters.ModelChoiceFilter(
        label=_("Host"), queryset=lambda request: hosts(), empty_label=_("All libraries")
    )
    sort = django_filters.ChoiceFilter(
        method="unsorted", label=_("Order"), empty_label=_("By day"),
        choices=[("late", _("Latest first")), ("title", _("By title")), ("host", _("By host"))],
    )  # fmt: skip

    class Meta:
        model = Programme
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form.label_suffix = ""

    def search(self, rows: QuerySet[Programme], name: str, value: str) -> QuerySet[Programme]:
        value = value.replace("\x00", "")
        return rows.filter(
            Q(title__icontains=value) | Q(learns__icontains=value) | Q(speakers__icontains=value)
        )

    def by_time(self, rows: QuerySet[Programme], name: str, value: str) -> QuerySet[Programme]:
        return rows.filter(Q(last_at__lt=timezone.now())) if value == "past" else rows

    def unsorted(self, rows: QuerySet[Programme], name: str, value: str) -> QuerySet[Programme]:
        return rows

    def found(self) -> QuerySet[Programme]:
        """What was asked for, in its order; without a word about time, what is still to come."""
        data = self.form.cleaned_data if self.form.is_valid() else {}
        rows = self.qs
        if not data.get("when"):
            rows = rows.filter(Q(last_at__gte=timezone.now()) | Q(last_at=None)).exclude(status="done")
        order = ORDERS.get(data.get("sort") or "", "-first_at" if data.get("when") else "first_at")
        return rows.order_by(order, "pk")

    @property
    def is_narrowed(self) -> bool:
        return self.form.is_valid() and any(self.form.cleaned_data.values())
