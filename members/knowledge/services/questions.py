"""Asking the network and answering. Staff write; a question goes public by a tick of its asker or a coordinator."""

from __future__ import annotations

from collections.abc import Sequence

from celery import current_app
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.choices_knowledge import Pace
from members.knowledge.access import moderates, owns
from members.knowledge.words import topic_words, vector
from members.models import Answer, PostEdit, PostReport, Question, Subscription
from members.permissions import Capability, require
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation


@transaction.atomic
def question_ask(
    *, actor: Actor, title: str, body: str, topics: Sequence[str], pace: str = Pace.NOW
) -> Question:
    """A new question, seen by staff alone; who asks hears of the answers. Raises RuleViolation no_library."""
    require(actor, Capability.KNOWLEDGE_SHARE)
    row = Question.objects.create(
        title=title, body=body, topics=list(topics), by_id=actor.user_id, library_id=_library(actor)
    )
    _index(row)
    if actor.user_id and pace:
        Subscription.objects.create(user_id=actor.user_id, question=row, pace=pace)
    audit.record("members.question.asked", actor=actor, target=row)
    _tell("members.tasks_knowledge.tell_question", row.pk)
    return row


@transaction.atomic
def question_edit(*, question: Question, actor: Actor, title: str, body: str, topics: Sequence[str]) -> None:
    """The former words are kept. Raises RuleViolation not_yours."""
    row = Question.objects.select_for_update().get(pk=question.pk)
    _may_write(actor, row.by_id)
    if (row.title, row.body) != (title, body):
        PostEdit.objects.create(question=row, title=row.title, body=row.body, by_id=actor.user_id)
    row.title, row.body, row.topics = title, body, list(topics)
    row.edited_at = row.active_at = timezone.now()
    row.save(update_fields=["title", "body", "topics", "edited_at", "active_at"])
    _index(row)
    audit.record("members.question.edited", actor=actor, target=row)


@transaction.atomic
def question_publish(*, question: Question, actor: Actor, public: bool) -> None:
    """The tick. Raises RuleViolation not_yours for others than the asker and a coordinator."""
    _may_write(actor, question.by_id)
    question.is_public = public
    question.save(update_fields=["is_public"])
    audit.record(
        "members.question.public" if public else "members.question.private", actor=actor, target=question
    )


@transaction.atomic
def question_close(*, question: Question, actor: Actor, closed: bool, note: str = "") -> None:
    """A closed one takes no answers. Raises RuleViolation not_yours."""
    _may_write(actor, question.by_id)
    question.closed_at = timezone.now() if closed else None
    question.closed_note = " ".join(note.split())[:300] if closed else ""
    question.save(update_fields=["closed_at", "closed_note"])
    audit.record(
        "members.question.closed" if closed else "members.question.opened", actor=actor, target=question
    )


@transaction.atomic
def answer_give(*, question: Question, actor: Actor, body: str) -> Answer:
    """Raises RuleViolation: question_closed, no_library."""
    require(actor, Capability.KNOWLEDGE_SHARE)
    row = Question.objects.select_for_update().get(pk=question.pk)
    if row.closed_at or row.hidden_at:
        raise RuleViolation("question_closed", _("This question is closed."))
    answer = Answer.objects.create(question=row, body=body, by_id=actor.user_id, library_id=_library(actor))
    row.active_at = timezone.now()
    row.save(update_fields=["active_at"])
    audit.record("members.answer.given", actor=actor, target=row, data={"answer": answer.pk})
    _tell("members.tasks_knowledge.tell_answer", answer.pk)
    return answer


@transaction.atomic
def answer_edit(*, answer: Answer, actor: Actor, body: str) -> None:
    """The former words are kept. Raises RuleViolation not_yours."""
    row = Answer.objects.select_for_update().select_related("question").get(pk=answer.pk)
    _may_write(actor, row.by_id)
    if row.body == body:
        return
    PostEdit.objects.create(answer=row, body=row.body, by_id=actor.user_id)
    row.body, row.edited_at = body, timezone.now()
    row.save(update_fields=["body", "edited_at"])
    audit.record("members.answer.edited", actor=actor, target=row.question, data={"answer": row.pk})


@transaction.atomic
def answer_mark(*, answer: Answer, actor: Actor, helpful: bool) -> None:
    """Whoever asked says what helped, and nobody else. Raises RuleViolation not_yours."""
    if not owns(actor, answer.question.by_id):
        raise _not_yours()
    answer.is_helpful = helpful
    answer.save(update_fields=["is_helpful"])
    code = "members.answer.helpful" if helpful else "members.answer.unmarked"
    audit.record(code, actor=actor, target=answer.question, data={"answer": answer.pk})


@transaction.atomic
def post_report(*, question: Question, answer: Answer | None, actor: Actor, reason: str) -> PostReport:
    """Tell the coordinator. A person's second report of the same thing changes the first."""
    require(actor, Capability.KNOWLEDGE_SHARE)
    row, _new = PostReport.objects.update_or_create(
        question=question,
        answer=answer,
        by_id=actor.user_id,
        settled_at=None,
        defaults={"reason": reason[:500]},
    )
    audit.record("members.question.reported", actor=actor, target=question)
    return row


@transaction.atomic
def report_settle(*, report: PostReport, actor: Actor, hide: bool) -> None:
    """Looked at: hidden for the reason given, or left. All open reports of the same thing end with it."""
    require(actor, Capability.NETWORK_MANAGE)
    post = report.answer or report.question
    if hide and post.hidden_at is None:
        post_hide(post=post, actor=actor, reason=report.reason)
    PostReport.objects.filter(question=report.question, answer=report.answer, settled_at=None).update(
        settled_at=timezone.now(), settled_by=actor.user_name[:200]
    )
    audit.record("members.question.settled", actor=actor, target=report.question)


@transaction.atomic
def post_hide(*, post: Question | Answer, actor: Actor, reason: str) -> None:
    """Raises RuleViolation reason_missing."""
    require(actor, Capability.NETWORK_MANAGE)
    reason = " ".join(reason.split())[:300]
    if not reason:
        raise RuleViolation("reason_missing", _("Please say why: its library reads it."))
    post.hidden_at, post.hidden_by, post.hidden_reason = timezone.now(), actor.user_name[:200], reason
    post.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
    audit.record("members.post.hidden", actor=actor, target=post, data={"reason": reason})


@transaction.atomic
def post_show(*, post: Question | Answer, actor: Actor) -> None:
    require(actor, Capability.NETWORK_MANAGE)
    post.hidden_at, post.hidden_by, post.hidden_reason = None, "", ""
    post.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
    audit.record("members.post.shown", actor=actor, target=post)


def _tell(task: str, pk: int) -> None:
    """After commit, in the background; without the messenger what was written stands nevertheless."""
    transaction.on_commit(lambda: current_app.send_task(task, args=[pk]), robust=True)


def _library(actor: Actor) -> int:
    if actor.library_id is None:
        raise RuleViolation("no_library", _("Please choose the library you work for first."))
    return actor.library_id


def _may_write(actor: Actor, by_id: int | None) -> None:
    if not (owns(actor, by_id) or moderates(actor)):
        raise _not_yours()


def _not_yours() -> RuleViolation:
    return RuleViolation("not_yours", _("Only who wrote this can do that."))


def _index(row: Question) -> None:
    Question.objects.filter(pk=row.pk).update(
        search=vector([(row.title, "A"), (topic_words(row.topics), "B"), (row.body, "C")])
    )
