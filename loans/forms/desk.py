"""What the loan desk fills in beside the steps of the workflow: bulk steps, saved views, message templates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from loans.forms import FORMS
from loans.forms.steps import StepForm
from loans.models import Request
from loans.services.messages import MAX_LENGTH
from loans.services.templates import PLACES
from loans.workflow.engine import live_attempt
from loans.workflow.vocabulary import Step
from members.models import Library

IN_BRACES = ", ".join(f"{{{place}}}" for place in PLACES)
# What belongs to one copy cannot be said for many at once.
PER_COPY = ("barcode", "tracking", "item", "shelf_number", "number")


def bulk_form(step: Step, chosen: Sequence[Request], data: Any) -> StepForm:
    """The step's own form for several requests, without the fields that speak of one copy."""
    first = chosen[0]
    form = FORMS[step.form](data, step=step, request=first, attempt=live_attempt(first))
    for name in PER_COPY:
        if name in form.fields and not form.fields[name].required:
            del form.fields[name]
    return form


class BagForm(forms.Form):
    """To which library a new bag goes: first those that something waits to be sent to."""

    to = forms.ModelChoiceField(
        queryset=Library.objects.none(), label=_("To"), empty_label=_("choose …"), widget=forms.Select
    )

    def __init__(self, *args: Any, waiting: Sequence[Library], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        count = Counter(library.pk for library in waiting)
        named = {library.pk: library.name for library in waiting}
        field = self.fields["to"]
        field.queryset = Library.objects.filter(pk__in=named)  # type: ignore[attr-defined]
        field.choices = [  # type: ignore[attr-defined]
            ("", _("choose …")),
            *((pk, f"{name} ({count[pk]})") for pk, name in sorted(named.items(), key=lambda pair: pair[1])),
        ]


class SavedViewForm(forms.Form):
    name = forms.CharField(label=_("Name of this view"), max_length=80)
    shared = forms.BooleanField(label=_("Show it to my colleagues too"), required=False)


class TemplateForm(forms.Form):
    event = forms.CharField(
        label=_("When it is used"), max_length=40,
        help_text=_("A few words to find it by, for example: the book is damaged."),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    body = forms.CharField(
        label=_("Text"), max_length=MAX_LENGTH, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=format_lazy("{} {}", _("These words in braces are replaced:"), IN_BRACES),
    )  # fmt: skip
