"""Forms of announcements and of a network's own page."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from members.forms import PlainForm
from members.knowledge.forms.questions import MARKS
from members.knowledge.selectors.news import networks_active
from members.knowledge.services.news import FIELDS
from members.models import Announcement


class NewsForm(forms.ModelForm):
    class Meta:
        model = Announcement
        fields = FIELDS
        labels: ClassVar = {
            "title_id": _("Title in Indonesian"),
            "body_id": _("Text in Indonesian"),
            "title_en": _("Title in English"),
            "body_en": _("Text in English"),
            "is_public": _("Guests may read it too"),
            "network": _("Only this network"),
            "cell": _("Only this group of it"),
            "role": _("Only this role"),
            "starts_at": _("From"),
            "ends_at": _("Until"),
            "is_pinned": _("Keep it at the top"),
            "by_mail": _("Send it by mail as well"),
        }
        help_texts: ClassVar = {"body_id": MARKS}
        widgets: ClassVar = {
            "starts_at": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            "ends_at": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            "body_id": forms.Textarea(attrs={"rows": 6}),
            "body_en": forms.Textarea(attrs={"rows": 6}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.fields["network"].queryset = networks_active()  # type: ignore[attr-defined]

    def _post_clean(self) -> None:
        """The service checks and writes; the form only reads what was typed."""


class PageForm(PlainForm):
    text_id = forms.CharField(
        label=_("Text in Indonesian"),
        required=False,
        max_length=12000,
        help_text=MARKS,
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    text_en = forms.CharField(
        label=_("Text in English"),
        required=False,
        max_length=12000,
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    picture = forms.FileField(
        label=_("Picture"), required=False, help_text=_("JPEG or PNG; it stands above the text.")
    )
    picture_alt = forms.CharField(label=_("What the picture shows"), required=False, max_length=200)
    drop_picture = forms.BooleanField(label=_("Take the picture away"), required=False)
    number = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
