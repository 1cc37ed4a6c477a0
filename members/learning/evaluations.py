"""Opinions without persons: the answers and who gave them are never kept together."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.learning import selectors
from members.models import Evaluation, Programme, Registration
from network_portal.core.errors import Conflict, RuleViolation

QUESTIONS = (("useful", _("I can use what I learned")), ("clear", _("It was clear")),
             ("organised", _("It was well organised")))  # fmt: skip


@transaction.atomic
def evaluation_give(
    *, registration: Registration, useful: int, clear: int, organised: int, words: str = ""
) -> None:
    """Once each, from the first session on. RuleViolation `not_begun`; Conflict `given`.

    The audit trail gets no entry here: it names a person and a moment, and would tell whose answer it was.
    """
    mine = Registration.objects.select_for_update().get(pk=registration.pk)
    if mine.evaluated:
        raise Conflict("given", _("You gave your opinion already. Thank you."))
    if not may_evaluate(registration):
        raise RuleViolation("not_begun", _("Your opinion is asked after the first session."))
    mine.evaluated = True
    mine.save(update_fields=["evaluated"])
    Evaluation.objects.create(
        programme=mine.programme, useful=useful, clear=clear, organised=organised, words=words.strip()[:1000]
    )


def may_evaluate(registration: Registration) -> bool:
    """Somebody with a place, once it has begun."""
    if not registration.has_place or registration.evaluated:
        return False
    stay = getattr(registration, "internship", None)
    if stay is not None:
        return bool(stay.starts_on <= timezone.localdate())
    return any(session.starts_at <= timezone.now() for session in registration.programme.sessions.all())


@dataclass(frozen=True)
class Answer:
    """One question: the mean, and how many chose 1, 2, 3, 4, 5."""

    label: str
    mean: float
    counts: tuple[int, ...]


def results_of(programme: Programme) -> tuple[list[Answer], list[str]]:
    """Means, counts and words; nothing while fewer than three answered."""
    found = selectors.evaluations_of(programme)
    if not found:
        return [], []
    answers = []
    for name, label in QUESTIONS:
        marks = [getattr(one, name) for one in found]
        counts = tuple(marks.count(mark) for mark in range(1, 6))
        answers.append(Answer(str(label), round(sum(marks) / len(marks), 1), counts))
    return answers, sorted(one.words for one in found if one.words)
