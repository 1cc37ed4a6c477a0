"""Forms of questions, answers, subscriptions and the directory of who knows what."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from members.choices_knowledge import Offer, Pace, Tongue, Topic
from members.forms import PlainForm
from members.knowledge.forms.items import TopicsField

MARKS = _("**bold**, *italic*, lists with “- ” and addresses are understood.")
ANY = [("", _("All"))]


def _search(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )


class QuestionForm(PlainForm):
    title = forms.CharField(label=_("Your question in one sentence"), max_length=200, min_length=10)
    body = forms.CharField(
        label=_("More about it"),
        max_length=8000,
        required=False,
        help_text=MARKS,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    topics = TopicsField()


class AnswerForm(PlainForm):
    body = forms.CharField(
        label=_("Your answer"), max_length=8000, help_text=MARKS, widget=forms.Textarea(attrs={"rows": 6})
    )


class ReportForm(PlainForm):
    reason = forms.CharField(
        label=_("What is wrong with it?"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class CloseForm(PlainForm):
    note = forms.CharField(label=_("What came of it"), max_length=300, required=False)


class FindQuestionForm(PlainForm):
    q = _search(_("Words"))
    topic = forms.ChoiceField(label=_("Subjects"), required=False, choices=[*ANY, *Topic.choices])
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            *ANY,
            ("open", _("Without an answer")),
            ("answered", _("Answered")),
            ("closed", _("Closed")),
            ("mine", _("Asked by me")),
        ],
    )
    sort = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[
            ("", _("Best or newest first")),
            ("old", _("Oldest first")),
            ("answers", _("Most answers first")),
        ],
    )


class FollowForm(PlainForm):
    pace = forms.ChoiceField(
        label=_("Mails about it"), required=False, choices=[("", _("None")), *Pace.choices]
    )


class TopicFollowForm(FollowForm):
    topic = forms.ChoiceField(label=_("Subjects"), choices=Topic.choices)


class ExpertForm(PlainForm):
    topics = TopicsField(label=_("What you know about"))
    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=Tongue.choices, widget=forms.CheckboxSelectMultiple
    )
    offers = forms.MultipleChoiceField(
        label=_("What you offer"), choices=Offer.choices, widget=forms.CheckboxSelectMultiple
    )
    about = forms.CharField(
        label=_("In a few words"), required=False, max_length=1500, widget=forms.Textarea(attrs={"rows": 4})
    )
    consent = forms.BooleanField(
        label=_("Staff of the member libraries may see this entry with my name and library.")
    )


class FindExpertForm(PlainForm):
    q = _search(_("Name or words"))
    topic = forms.ChoiceField(label=_("Subjects"), required=False, choices=[*ANY, *Topic.choices])
    language = forms.ChoiceField(label=_("Language"), required=False, choices=[*ANY, *Tongue.choices])
    offer = forms.ChoiceField(label=_("Offer"), required=False, choices=[*ANY, *Offer.choices])
    sort = forms.ChoiceField(
        label=_("Order"), required=False,
        choices=[
            ("", _("Best first, or by name")), ("name", _("By name")), ("library", _("By library")),
            ("new", _("Newest first")),
        ],
    )  # fmt: skip


class WriteForm(PlainForm):
    subject = forms.CharField(label=_("Subject of the mail"), max_length=120)
    text = forms.CharField(
        label=_("Message"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Your name, library and e-mail address go with it, so that you can be answered."),
    )
