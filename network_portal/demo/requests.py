"""Loans and copies in different states, so that no queue is empty; stories.py says which.

Made through the loans services only; past.py lets time pass between their steps.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from catalog.choices import ItemStatus
from catalog.models import Edition, Holding
from loans.choices import (
    DamageKind,
    Genre,
    LoanCondition,
    Purpose,
    QualityFault,
    RefusalReason,
    RequestStatus,
    RetryReason,
    UnfilledReason,
)
from loans.citation import Citation
from loans.models import Request
from loans.services.messages import message_send
from loans.services.requests import request_submit
from loans.workflow.engine import live_attempt, transition
from loans.workflow.steps import ACTIONS
from loans.workflow.vocabulary import Side
from members.models import Library, User
from network_portal.core.actor import Actor
from network_portal.demo.accounts import COORDINATOR, actor_of, librarian_of
from network_portal.demo.past import days_pass
from network_portal.demo.scans import scan_for
from network_portal.demo.stories import STORIES, Story

# Days until somebody takes the next step.
PACE = {"submit": 1, "approve": 1, "accept": 1, "make_ready": 2, "lend": 13, "take_back": 1, "send_back": 4}


def ensure_requests() -> int:
    """Tell the stories that have not been told; returns how many were. Safe to repeat (submit_key)."""
    return sum(_tell(number, story) for number, story in enumerate(STORIES, start=1))


@transaction.atomic
def _tell(number: int, story: Story) -> bool:
    reader = User.objects.get(email=story.reader)
    key = f"demo-{number}"
    if Request.objects.filter(submit_key=key, patron=reader).exists():
        return False
    actor = actor_of(story.reader)
    home = Library.objects.get(pk=actor.library_id or 0)
    lenders = 2 if {"decline", "ask_retry"} & set(story.steps) else 1
    edition = next(_lendable(story.titles, home, reader, lenders=lenders), None)
    if edition is None:
        return False
    request = request_submit(
        edition=edition, patron=reader, requesting_library=home, actor=actor, note=story.note, submit_key=key,
        level=story.level, **_part(story, edition),
    )  # fmt: skip
    if request.status == RequestStatus.COPYRIGHT_REVIEW and story.steps:
        request = transition(request, "clear_copyright", librarian_of(home))
    before = "submit"
    for action in story.steps:
        days_pass(request, PACE.get(before, 0) if before != "ship" else 2 + number % 4)
        if action == "upload_done" and (attempt := live_attempt(request)):
            scan_for(attempt, librarian_of(attempt.supplier))
        request = transition(
            request, action, _who(action, request, actor), **_details(action, number, request)
        )
        before = action
    if story.talk and (attempt := live_attempt(request)):
        message_send(request=request, attempt=attempt, body=story.talk, actor=librarian_of(home))
    days_pass(request, story.age)
    return True


def _part(story: Story, edition: Edition) -> dict[str, Any]:
    """A chapter of the book, to study; nothing for a whole book."""
    if not story.chapter:
        return {}
    wanted = {
        "genre": Genre.CHAPTER.value, "title": edition.title, "author": edition.author, "year": str(edition.year or ""),
        "chapter": story.chapter, "pages": story.pages,
    }  # fmt: skip
    return {"citation": Citation.of(wanted), "purpose": Purpose.RESEARCH.value}


def _lendable(titles: tuple[str, ...], home: Library, reader: User, *, lenders: int) -> Iterator[Edition]:
    """Editions of the titles, in their order, that the home library lacks and others can send today."""
    at_home = Holding.objects.filter(edition=OuterRef("pk"), library=home)
    asked = Request.objects.filter(edition=OuterRef("pk"), patron=reader)
    books = Edition.objects.filter(merged_into=None, format="book")
    for found in [books.filter(title__iexact=title) for title in titles] or [books]:
        for edition in found.exclude(Exists(at_home) | Exists(asked)).order_by("-library_count", "pk"):
            ready = edition.holdings.filter(status=ItemStatus.AVAILABLE, library__lends=True)
            if ready.values("library").distinct().count() >= lenders:
                yield edition


def _who(action: str, request: Request, reader: Actor) -> Actor:
    """The person on the side that the workflow's table names for the step."""
    side, attempt = ACTIONS[action].side, live_attempt(request)
    if side is Side.SUPPLYING and attempt is not None:
        return librarian_of(attempt.supplier)
    people = {Side.PATRON: reader, Side.COORDINATOR: actor_of(COORDINATOR)}
    return people.get(side) or librarian_of(request.requesting_library)


def _details(action: str, number: int, request: Request) -> dict[str, Any]:
    """What the person would fill in on the step's form."""
    today, attempt = timezone.localdate(), live_attempt(request)
    due = attempt.due_on if attempt and attempt.due_on else today
    filled: dict[str, dict[str, Any]] = {
        "ship": {"due_on": today + timedelta(days=35), "tracking": f"DEMO{number:06d}ID"},
        "lend": {"due_on": today + timedelta(days=21)},
        "send_back": {"tracking": f"DEMO{number:06d}BK"},
        "decline": {"reason": UnfilledReason.values[0], "note": ""},
        "refuse": {"reason": RefusalReason.values[0], "note": ""},
        "renew_yes": {"due_on": due + timedelta(days=14)},
        "recall": {"due_on": min(due, today + timedelta(days=12))},
        "report_lost": {"note": "Tertinggal di kereta, sudah dicari di stasiun."},
        "report_damaged": {"reason": DamageKind.WET.value, "note": "Sampul dan beberapa halaman basah."},
        "claim_cost": {"amount": Decimal(95_000)},
        "set_conditions": {"conditions": [LoanCondition.LIBRARY_USE_ONLY.value], "note": "Edisi langka."},
        "ask_patron": {"note": "Edisi yang mana? Ada terbitan 1998 dan 2015."},
        "ask_retry": {"reason": RetryReason.EDITION.value, "note": "Kami hanya punya terbitan lama."},
        "ask_resend": {"reason": QualityFault.CUT_OFF.value, "note": "Tepi kanan halaman 312 terpotong."},
    }
    return filled.get(action, {})
