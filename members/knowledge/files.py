"""Shared knowledge, questions, experts and news as CSV: what their lists show, nothing more."""

from __future__ import annotations

from django.utils.translation import gettext as _

from members.models import Announcement, Expert, KnowledgeItem, Question
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


def news_file(*, writes: bool) -> Csv:
    """`writes`: also what only concerns who writes them."""
    header: tuple[str, ...] = (_("Title"), _("From"), _("Until"), _("Text"))
    if writes:
        header = (*header, _("State"), _("For whom"), _("Mails written"), _("Written by"))

    def cells(news: Announcement) -> tuple[object, ...]:
        told = (news.title, moment(news.starts_at), moment(news.ends_at), news.body)
        if not writes:
            return told
        audience = (
            news.get_role_display() if news.role else "",
            news.network.name if news.network else "",
            news.cell,
        )
        everybody = _("everybody") if news.is_public else _("all members")
        for_whom = ", ".join(str(part) for part in audience if part) or everybody
        return (*told, news.get_state_display(), for_whom, moment(news.mailed_at), news.by_name)

    return Csv("news", header, cells)
