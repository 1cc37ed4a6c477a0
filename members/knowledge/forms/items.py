"""Forms of shared documents."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from members.choices_knowledge import Audience, ItemKind, Licence, Tongue, Topic
from members.forms import HttpsField, PlainForm
from members.knowledge.services.items import Content
from members.models import Library


class TopicsField(forms.MultipleChoiceField):
    """Subjects to tick; at most six, so that each still says something."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Subjects"))
        kwargs.setdefault("widget", forms.CheckboxSelectMultiple)
        super().__init__(choices=Topic.choices, **kwargs)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if len(value) > 6:
            raise forms.ValidationError(_("Please tick at most six subjects."))


class ContentForm(PlainForm):
    file = forms.FileField(
        label=_("File"), required=False, help_text=_("PDF, ODT, DOCX, JPEG, PNG, MP3 or MP4.")
    )
    link = HttpsField(
        label=_("Or its address elsewhere"),
        required=False,
        max_length=500,
        help_text=_("Where it can be read or watched."),
    )
    note = forms.CharField(label=_("What is new in this version"), max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and bool(data.get("file")) == bool(data.get("link")):
            self.add_error("file", _("Please give either a file or an address."))
        return data

    @property
    def content(self) -> Content:
        data = self.cleaned_data
        return Content(data["file"] or None, data["link"], data["note"])


class ItemForm(PlainForm):
    title = forms.CharField(label=_("Title"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=ItemKind.choices)
    summary = forms.CharField(
        label=_("What it is about"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )
    authors = forms.CharField(label=_("Authors"), max_length=300, required=False)
    topics = TopicsField()
    keywords = forms.CharField(label=_("More words to find it by"), max_length=300, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=Tongue.choices)
    licence = forms.ChoiceField(
        label=_("Licence"),
        choices=Licence.choices,
        help_text=_("What others may do with it. You must be allowed to give it."),
    )
    audience = forms.ChoiceField(
        label=_("Who may see it"), choices=Audience.choices, widget=forms.RadioSelect
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("licence") == Licence.MEMBERS and data.get("audience") == Audience.PUBLIC:
            self.add_error(
                "licence",
                _("What is for members only can't be shown to everybody. Please choose another licence."),
            )
        return data


class FindForm(PlainForm):
    """What the list is narrowed by; stands in the address."""

    q = forms.CharField(
        label=_("Words"), required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All")), *ItemKind.choices])
    topic = forms.ChoiceField(label=_("Subjects"), required=False, choices=[("", _("All")), *Topic.choices])
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("All")), *Tongue.choices]
    )
    library = forms.ChoiceField(label=_("Library"), required=False)
    sort = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[
            ("", _("What fits best")),
            ("new", _("Newest first")),
            ("title", _("By title")),
            ("used", _("Most used first")),
        ],
    )

    def __init__(self, *args: Any, libraries: list[Library], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["library"].choices = [("", _("All")), *((one.short_code, one.name) for one in libraries)]  # type: ignore[attr-defined]


class ReasonForm(PlainForm):
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
