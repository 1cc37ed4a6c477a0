"""What a coordinator fills in at the desk: the library named, the other network, changes before it goes out; a rule."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from catalog.choices import Format
from loans.choices import CoordinatorEffect, Level, Service, Way
from loans.coordination.proposals import Proposal, networks_beyond, proposals
from loans.forms.steps import StepForm
from members.forms import PlainForm
from members.models import Library, Network

NOTE = {"rows": 2}


class AssignForm(StepForm):
    """Every library that may be named, best first, each with its factors and what speaks against it."""

    library_id = forms.ChoiceField(label=_("Library"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=500, widget=forms.Textarea(attrs=NOTE),
        help_text=_("It stands in the history, where both libraries read it."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found, self.left = proposals(self.request, self.attempt)
        field = self.fields["library_id"]
        field.choices = [(str(one.library_id), label_of(one)) for one in found]  # type: ignore[attr-defined]
        if found and not found[0].broken:
            field.initial = str(found[0].library_id)
        self.nothing = not found
        if not found:
            field.help_text = _t("No library of the network can be named for this request.")


def label_of(one: Proposal) -> SafeString:
    """Name, score and factors, and a warning for each broken rule."""
    warnings = format_html_join(
        "",
        "<br><strong class='warning'>{}</strong>",
        ((_t("Careful: %(what)s") % {"what": text},) for text in one.broken),
    )
    score = format_html(" <span class='hint'>({})</span>", _t("%(score)s points") % {"score": one.told.score}) if (
        one.told.score
    ) else ""  # fmt: skip
    line = format_html("<br><span class='hint'>{}</span>", one.told.line) if one.told.line else ""
    return format_html("<span class='proposal'><b>{}</b>{}{}{}</span>", one.told.name, score, line, warnings)


class SendOverForm(StepForm):
    network_id = forms.ChoiceField(label=_("Network"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Note to the other coordinator"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs=NOTE),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = networks_beyond(self.request)
        field = self.fields["network_id"]
        field.choices = [(str(one.network_id), self._label(one)) for one in found]  # type: ignore[attr-defined]
        if len(found) == 1:
            field.initial = str(found[0].network_id)
        self.nothing = not found
        if not found:
            field.help_text = _t("No other guided network is linked with yours, or all were asked.")

    def _label(self, one: Any) -> str:
        holders = ngettext(
            "%(n)s library there has the title", "%(n)s libraries there have the title", one.holders
        )
        told = (
            holders % {"n": one.holders} if one.holders else _t("no library there is known to have the title")
        )
        return f"{one.name} – {one.coordinator} ({told})"


class DeskEditForm(StepForm):
    """What may be set right before it goes out."""

    level = forms.ChoiceField(label=_("How fast"), choices=Level.choices, widget=forms.RadioSelect)
    title = forms.CharField(label=_("Title"), max_length=1000)
    author = forms.CharField(label=_("Author"), required=False, max_length=300)
    year = forms.CharField(label=_("Year"), required=False, max_length=10)
    publisher = forms.CharField(label=_("Publisher"), required=False, max_length=300)
    isbn = forms.CharField(label=_("ISBN"), required=False, max_length=20)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=500, widget=forms.Textarea(attrs=NOTE),
        help_text=_("It stands in the history, where both libraries read it."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {**self.request.citation, "title": self.request.title, "level": self.request.level}
        for name, field in self.fields.items():
            value = known.get(name)
            field.initial = ", ".join(map(str, value)) if isinstance(value, list) else value


class CoordinatorRuleForm(PlainForm):
    """Empty conditions fit every request."""

    effect = forms.ChoiceField(
        label=_("What happens"), choices=CoordinatorEffect.choices, widget=forms.RadioSelect
    )
    direction = forms.ChoiceField(label=_("Which requests"), choices=Way.choices, widget=forms.RadioSelect)
    service = forms.ChoiceField(label=_("Service"), required=False)
    level = forms.ChoiceField(label=_("How fast?"), required=False)
    format = forms.ChoiceField(label=_("Form"), required=False)
    library = forms.ChoiceField(label=_("Asked by"), required=False)
    is_active = forms.BooleanField(label=_("The rule counts"), required=False, initial=True)

    def __init__(self, *args: Any, network: Network, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = ("", _("All"))
        members = Library.objects.filter(networks__network=network).order_by("name")
        for name, choices in (
            ("service", Service.choices),
            ("level", Level.choices),
            ("format", Format.choices),
            ("library", [(str(pk), told) for pk, told in members.values_list("pk", "name")]),
        ):
            self.fields[name].choices = [everything, *choices]  # type: ignore[attr-defined]

    @property
    def conditions(self) -> dict[str, Any]:
        """What the rule keeps: plain values under the fixed keys, nothing empty."""
        told = {name: self.cleaned_data.get(name) for name in ("service", "level", "format", "library")}
        return {name: int(value) if name == "library" else value for name, value in told.items() if value}
