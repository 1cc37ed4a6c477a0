"""Background work of shared knowledge: mails about questions and news, and files that no row names."""

from __future__ import annotations

from celery import shared_task

from members.knowledge import store
from members.knowledge.selectors.items import stored_known
from members.knowledge.services import news, telling


@shared_task(ignore_result=True, acks_late=True, time_limit=600)
def tell_question(pk: int) -> None:
    telling.question_tell(pk=pk)


@shared_task(ignore_result=True, acks_late=True, time_limit=600)
def tell_answer(pk: int) -> None:
    telling.answer_tell(pk=pk)


@shared_task(ignore_result=True, acks_late=True, time_limit=1800)
def send_digests() -> None:
    telling.digests_send()


@shared_task(ignore_result=True, acks_late=True, time_limit=600)
def mail_news() -> None:
    """A portion of each announcement that still goes out by mail."""
    news.news_mail()


@shared_task(ignore_result=True, acks_late=True, time_limit=600)
def sweep_files() -> None:
    store.sweep(stored_known)
