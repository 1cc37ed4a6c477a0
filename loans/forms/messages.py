"""What libraries write to each other."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from loans.services.messages import MAX_LENGTH


class MessageForm(forms.Form):
    body = forms.CharField(
        label=_("Your message"), max_length=MAX_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
    )
