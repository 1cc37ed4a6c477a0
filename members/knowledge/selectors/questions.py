"""Reading questions, answers and who wants to hear of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.search import SearchRank
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet

from members.choices import STAFF_ROLES, MembershipStatus
from members.choices_knowledge import Pace
from members.knowledge.access import moderates, shares
from members.knowledge.words import alike, query
from members.models import Answer, Expert, Membership, PostEdit, PostReport, Question, Subscription, User
from network_portal.core.actor import Actor

SIMILAR = 5


@dataclass(frozen=True)
class QuestionQuery:
    words: str = ""
    topic: str = ""
    state: str = ""  # open, answered, closed, mine
    sort: str = ""  # old, answers; else the newest activity, or what fits best


ORDERS = {"old": ("created_at", "pk"), "answers": ("-answered", "-pk")}


def questions_visible_to(actor: Actor) -> QuerySet[Question]:
    """Staff see all; others what has the tick. Hidden ones: who runs the network, and whoever asked."""
    rows = Question.objects.select_related("library", "by")
    if moderates(actor):
        return rows
    if shares(actor):
        return rows.filter(Q(hidden_at=None) | Q(by_id=actor.user_id))
    return rows.filter(hidden_at=None, is_public=True)


def questions_found(actor: Actor, asked: QuestionQuery) -> QuerySet[Question]:
    """With the number of `answered`; the newest activity first, or what fits best."""
    rows = questions_visible_to(actor).annotate(
        answered=Count("answers", filter=Q(answers__hidden_at=None)),
        helped=Exists(Answer.objects.filter(question=OuterRef("pk"), is_helpful=True, hidden_at=None)),
    )
    if asked.topic:
        rows = rows.filter(topics__contains=[asked.topic])
    if asked.state == "open":
        rows = rows.filter(closed_at=None, answered=0)
    elif asked.state == "answered":
        rows = rows.filter(answered__gt=0)
    elif asked.state == "closed":
        rows = rows.filter(closed_at__isnull=False)
    elif asked.state == "mine":
        rows = rows.filter(by_id=actor.user_id) if actor.user_id else rows.none()
    words = query(asked.words)
    if words is not None:
        rows = rows.filter(search=words)
    if asked.sort in ORDERS:
        return rows.order_by(*ORDERS[asked.sort])
    if words is None:
        return rows.order_by("-active_at", "-pk")
    return rows.annotate(rank=SearchRank(F("search"), words)).order_by("-rank", "-pk")


def questions_alike(actor: Actor, text: str) -> list[Question]:
    """What was asked before in other words, the most alike first."""
    words = alike(text)
    if words is None:
        return []
    rows = questions_visible_to(actor).filter(hidden_at=None, search=words)
    ranked = rows.annotate(
        rank=SearchRank(F("search"), words), answered=Count("answers", filter=Q(answers__hidden_at=None))
    )
    return list(ranked.order_by("-rank", "-pk")[:SIMILAR])


def answers_of(question: Question, actor: Actor) -> list[Answer]:
    """Helpful ones first; a hidden one is seen by who runs the network, and by who wrote it."""
    rows = question.answers.select_related("library", "by").annotate(edit_count=Count("edits"))
    if not moderates(actor):
        rows = rows.filter(Q(hidden_at=None) | Q(by_id=actor.user_id, by__isnull=False))
    return list(rows)


def answers_visible_to(actor: Actor) -> QuerySet[Answer]:
    rows = Answer.objects.select_related("question", "library", "by").filter(
        question__in=questions_visible_to(actor)
    )
    return (
        rows
        if moderates(actor)
        else rows.filter(Q(hidden_at=None) | Q(by_id=actor.user_id, by__isnull=False))
    )


def edits_of(question: Question) -> QuerySet[PostEdit]:
    """Of the question and its answers, the newest first."""
    return (
        PostEdit.objects.filter(Q(question=question) | Q(answer__question=question))
        .select_related("by", "answer")
        .order_by("-pk")
    )


def reports_open() -> QuerySet[PostReport]:
    return PostReport.objects.filter(settled_at=None).select_related(
        "question", "answer", "by", "question__library"
    )


def subscriptions_of(actor: Actor) -> QuerySet[Subscription]:
    return Subscription.objects.filter(user_id=actor.user_id or 0).select_related("question")


def subscription_to(actor: Actor, question: Question) -> Subscription | None:
    return Subscription.objects.filter(user_id=actor.user_id or 0, question=question).first()


def staff_now() -> QuerySet[User]:
    """People who work for a library of the network today."""
    works = Membership.objects.filter(
        user=OuterRef("pk"), role__in=STAFF_ROLES, status=MembershipStatus.CONFIRMED
    )
    return User.objects.filter(Exists(works), is_active=True)


def listeners(*, topics: Sequence[str] = (), question: Question | None = None) -> QuerySet[Subscription]:
    """Who wants a mail at once about this; only staff."""
    about = Q(question=question) if question else Q(topic__in=list(topics))
    return (
        Subscription.objects.filter(about, pace=Pace.NOW, user__in=staff_now())
        .select_related("user")
        .order_by("user_id", "pk")
    )


def daily_subscribers(after: int, limit: int) -> QuerySet[User]:
    """A portion of those with mails once a day, with their subscriptions as `daily`."""
    daily = Subscription.objects.filter(pace=Pace.DAILY).select_related("question")
    has = Subscription.objects.filter(pace=Pace.DAILY, user=OuterRef("pk"))
    return (
        staff_now()
        .filter(Exists(has), pk__gt=after)
        .order_by("pk")
        .prefetch_related(Prefetch("subscriptions", queryset=daily, to_attr="daily"))[:limit]
    )


def questions_since(moment: datetime) -> list[Question]:
    return list(Question.objects.filter(created_at__gt=moment, hidden_at=None).select_related("library"))


def answers_since(moment: datetime) -> list[Answer]:
    rows = Answer.objects.filter(created_at__gt=moment, hidden_at=None, question__hidden_at=None)
    return list(rows.select_related("question__library", "library"))


def experts_about(topics: Sequence[str], limit: int = 4) -> QuerySet[Expert]:
    """People who know about this."""
    rows = Expert.objects.filter(topics__overlap=list(topics), user__in=staff_now())
    return rows.select_related("user", "library")[:limit]
