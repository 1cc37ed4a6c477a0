"""Shared knowledge, questions and experts as CSV: what their lists show, nothing more."""

from __future__ import annotations

from django.utils.translation import gettext as _

from members.models import Expert, KnowledgeItem, Question
from network_portal.core.lists import Csv, moment


def _labels(topics: list[tuple[str, str]]) -> str:
    return ", ".join(str(label) for _value, label in topics)


def items_file() -> Csv:
    header = (
        _("Title"),
        _("Kind"),
        _("Written by"),
        _("Library"),
        _("Language"),
        _("Subjects"),
        _("Changed"),
    )

    def cells(item: KnowledgeItem) -> tuple[object, ...]:
        return (
            item.title, item.get_kind_display(), item.authors, item.library.name, item.get_language_display(),
            _labels(item.topic_labels), moment(item.changed_at),
        )  # fmt: skip

    return Csv("knowledge", header, cells)


def questions_file() -> Csv:
    header = (_("Question"), _("Library"), _("Subjects"), _("Answers"), _("Last words"), _("Closed"))

    def cells(question: Question) -> tuple[object, ...]:
        return (
            question.title, question.library.name, _labels(question.topic_labels), getattr(question, "answered", 0),
            moment(question.active_at), moment(question.closed_at),
        )  # fmt: skip

    return Csv("questions", header, cells)


def experts_file() -> Csv:
    header = (_("Name"), _("Library"), _("Subjects"), _("Languages"), _("Offers"))

    def cells(expert: Expert) -> tuple[object, ...]:
        return (
            expert.user.name, expert.library.name, _labels(expert.topic_labels), ", ".join(expert.language_labels),
            ", ".join(expert.offer_labels),
        )  # fmt: skip

    return Csv("experts", header, cells)
