"""Kinds of readers, the standing of one reader, and a reader's privacy."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from members.choices import BlockKind, HistoryPrivacy
from members.forms import PlainForm
from members.models import Library, Membership, PatronCategory


class CategoryForm(forms.ModelForm):
    class Meta:
        model = PatronCategory
        fields = (
            "name", "code", "max_active", "max_per_year", "max_per_day", "may_loan", "may_copy",
            "cost_limit_amount", "unmediated",
        )  # fmt: skip
        labels: ClassVar = {
            "max_active": _("Open requests at a time"), "max_per_year": _("Requests a year"),
            "max_per_day": _("Requests a day"), "may_loan": _("May ask for loans"),
            "may_copy": _("May ask for copies"), "cost_limit_amount": _("Highest cost of one request"),
            "unmediated": _("Usual requests go out without a librarian's look"),
        }  # fmt: skip
        help_texts: ClassVar = {
            "code": _("As your own system calls it, for example MHS."),
            "max_active": _("Empty means: no limit."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name in ("max_active", "max_per_year", "max_per_day", "cost_limit_amount"):
            self.fields[name].required = False

    def _post_clean(self) -> None:
        """The service writes the row; the form only reads what was typed."""


class StandingForm(PlainForm):
    category = forms.ModelChoiceField(
        label=_("Kind of reader"),
        queryset=PatronCategory.objects.none(),
        required=False,
        empty_label=_("None"),
    )
    expires_on = forms.DateField(
        label=_("Membership ends on"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty means: it does not end by itself."),
    )  # fmt: skip
    block_kind = forms.ChoiceField(label=_("Blocked from asking"), required=False)
    block_note = forms.CharField(
        label=_("What the reader is told"), max_length=300, required=False,
        help_text=_("The reader reads this. Say what they can do."),
    )  # fmt: skip

    def __init__(self, *args: Any, library: Library, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, initial={
            "category": membership.category_id, "expires_on": membership.expires_on,
            "block_kind": membership.block_kind, "block_note": membership.block_note,
        }, **kwargs)  # fmt: skip
        self.fields["category"].queryset = PatronCategory.objects.filter(library=library)  # type: ignore[attr-defined]
        kinds = [(kind.value, kind.label) for kind in (BlockKind.FINES, BlockKind.OVERDUE, BlockKind.STAFF)]
        self.fields["block_kind"].choices = [("", _("Not blocked")), *kinds]  # type: ignore[attr-defined]


class PrivacyForm(PlainForm):
    history_privacy = forms.ChoiceField(
        label=_("Your history of requests"), choices=HistoryPrivacy.choices, widget=forms.RadioSelect,
        help_text=_("What you did not return yet is always remembered."),
    )  # fmt: skip
