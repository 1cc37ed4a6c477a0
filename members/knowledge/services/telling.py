"""Mails about questions: at once, or once a day; every one can be ended from the mail itself (RFC 8058)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from members.choices_knowledge import Pace
from members.knowledge.selectors.questions import answers_since, daily_subscribers, listeners, questions_since
from members.models import Answer, NewsMailStop, Question, Subscription, User
from network_portal.core.actor import Actor
from network_portal.core.mail import mail_queue

SALT = "members.knowledge.stop"
PORTION = 200  # people at a time


def stop_token(what: str, pk: int) -> str:
    """`what`: one (a subscription), daily (all of a person's daily ones) or news (of a person)."""
    return signing.dumps([what, pk], salt=SALT)


def stop_read(token: str) -> tuple[str, int] | None:
    try:
        what, pk = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return (str(what), int(pk)) if what in ("one", "daily", "news") else None


def mails_stop(*, what: str, pk: int) -> None:
    """Whoever has the signed address may end these mails, and no more. What has ended already stays so."""
    if what == "one":
        Subscription.objects.filter(pk=pk).delete()
    elif what == "daily":
        Subscription.objects.filter(user_id=pk, pace=Pace.DAILY).delete()
    elif user := User.objects.filter(pk=pk).first():
        NewsMailStop.objects.get_or_create(user=user)


def stop_url(what: str, pk: int) -> str:
    return settings.PORTAL_URL + reverse("knowledge:stop", args=[stop_token(what, pk)])


@transaction.atomic
def subscription_set(
    *, actor: Actor, pace: str, question: Question | None = None, topic: str = ""
) -> Subscription | None:
    """Mails about one question or one topic; an empty pace ends them."""
    about: dict[str, Any] = {"user_id": actor.user_id, "question": question, "topic": topic}
    if not pace:
        Subscription.objects.filter(**about).delete()
        return None
    row, _new = Subscription.objects.update_or_create(
        **about, defaults={"pace": pace, "told_until": timezone.now()}
    )
    return row


def question_tell(*, pk: int) -> int:
    """Mails to those who want every question of its topics at once. Repeating it sends nothing twice."""
    question = Question.objects.filter(pk=pk, hidden_at=None).select_related("library").first()
    if question is None:
        return 0
    return _send(question, None, listeners(topics=question.topics))


def answer_tell(*, pk: int) -> int:
    """Mails to those who want to hear of this question at once, except who answered."""
    answer = Answer.objects.filter(pk=pk, hidden_at=None).select_related("question", "library").first()
    if answer is None or answer.question.hidden_at:
        return 0
    return _send(answer.question, answer, listeners(question=answer.question))


def _send(question: Question, answer: Answer | None, rows: Iterable[Subscription]) -> int:
    post, sent, seen = answer or question, 0, set()
    for row in rows:
        if row.user_id in seen or row.user_id == post.by_id:
            continue
        seen.add(row.user_id)
        context = {
            "question": question, "answer": answer, "library": post.library.name,
            "url": settings.PORTAL_URL + reverse("knowledge:question", args=[question.pk]),
        }  # fmt: skip
        kind = "answer" if answer else "question"
        sent += _mail("question_news", row.user, context, "one", row.pk, f"{kind}-{post.pk}-{row.user_id}")
    return sent


def digests_send(*, now: datetime | None = None) -> int:
    """The daily mails, to people in portions; nothing new, no mail. Returns how many."""
    now, after, sent = now or timezone.now(), 0, 0
    while people := list(daily_subscribers(after, PORTION)):
        after = people[-1].pk
        sent += _portion(people, now)
    return sent


@transaction.atomic
def _portion(people: list[User], now: datetime) -> int:
    rows = [row for user in people for row in user.daily]  # type: ignore[attr-defined]
    since = min(row.told_until for row in rows)
    questions, answers, sent = questions_since(since), answers_since(since), 0
    for user in people:
        told = _news_for(user, questions, answers)
        if told:
            context = {"news": told}
            sent += _mail(
                "question_digest", user, context, "daily", user.pk, f"digest-{user.pk}-{now:%Y-%m-%d}"
            )
    Subscription.objects.filter(pk__in=[row.pk for row in rows]).update(told_until=now)
    return sent


def _news_for(
    user: User, questions: list[Question], answers: list[Answer]
) -> list[tuple[str, str, int, str]]:
    """Title, address, how many new answers, library: one line a question, however often it is subscribed to."""
    topics = {row.topic: row.told_until for row in user.daily if row.topic}  # type: ignore[attr-defined]
    asked = {row.question_id: row.told_until for row in user.daily if row.question_id}  # type: ignore[attr-defined]
    found: dict[int, list[Any]] = {}
    for question in questions:
        wanted = any(question.created_at > topics[code] for code in question.topics if code in topics)
        if wanted and question.by_id != user.pk:
            found[question.pk] = [question, 0]
    for answer in answers:
        until = asked.get(answer.question_id)
        if until is not None and answer.created_at > until and answer.by_id != user.pk:
            found.setdefault(answer.question_id, [answer.question, 0])[1] += 1
    return [
        (
            one.title,
            settings.PORTAL_URL + reverse("knowledge:question", args=[one.pk]),
            count,
            one.library.name,
        )
        for one, count in found.values()
    ]


def _mail(template: str, user: User, context: dict[str, Any], what: str, pk: int, key: str) -> int:
    stop = stop_url(what, pk)
    queued = mail_queue(
        template=template, to=user, context={**context, "stop_url": stop}, actor=Actor.system(),
        dedupe_key=f"knowledge-{key}", unsubscribe_url=stop,
    )  # fmt: skip
    return int(queued is not None)
