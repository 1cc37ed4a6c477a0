"""A handful of loans in different states, so that no queue is empty.

Made through the loans services only; past.py lets time pass between their steps.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from catalog.choices import ItemStatus
from catalog.models import Edition, Holding
from loans.choices import RefusalReason, UnfilledReason
from loans.models import Request
from loans.services.messages import message_send
from loans.services.requests import request_submit
from loans.workflow.engine import live_attempt, transition
from loans.workflow.steps import ACTIONS
from loans.workflow.vocabulary import Side
from members.models import Library, User
from network_portal.core.actor import Actor
from network_portal.demo.accounts import (
    PATRON,
    PATRON_EAST,
    PATRON_ENGLISH,
    PATRON_NEIGHBOUR,
    actor_of,
    librarian_of,
)
from network_portal.demo.past import days_pass

TO_SHELF = ("approve", "accept", "ship", "receive", "make_ready")
WHOLE_WAY = (*TO_SHELF, "lend", "take_back", "send_back", "complete")
# Days until somebody takes the next step.
PACE = {"submit": 1, "approve": 1, "accept": 1, "make_ready": 2, "lend": 13, "take_back": 1, "send_back": 4}


@dataclass(frozen=True)
class Story:
    """A reader, titles they would like (the first that can be lent is asked for), and what happens to the request."""

    reader: str
    titles: tuple[str, ...]
    steps: tuple[str, ...] = ()
    note: str = ""
    talk: str = ""
    age: int = 1  # days since the last step


STORIES: tuple[Story, ...] = (
    Story(PATRON, ("Lelaki Harimau", "Olenka", "Telegram"), note="Untuk skripsi tentang realisme magis.",
          age=0),
    Story(PATRON, ("Puya ke Puya", "Ziarah", "Tarian Bumi")),
    Story(PATRON, ("Burung-Burung Manyar", "Belenggu", "Kubah"), ("approve",)),
    Story(PATRON, ("Manusia Bugis", "The Bugis", "Harimau! Harimau!"), ("approve", "accept"),
          talk="Apakah bukunya bisa dikirim minggu ini? Pembaca kami membutuhkannya untuk seminar."),
    Story(PATRON, ("Sampar", "Orang Asing", "Sang Alkemis"), TO_SHELF),
    # Overdue: the supplying library wants it back after 35 days, the reader's time ends a little earlier.
    Story(PATRON, ("Amba", "Saman", "Cantik Itu Luka"), (*TO_SHELF, "lend"), age=29),
    Story(PATRON, ("Para Priyayi", "Entrok", "Larung"), WHOLE_WAY, age=12),
    Story(PATRON_EAST, ("Laskar Pelangi", "Bumi Manusia", "Laut Bercerita"), ("approve", "accept", "ship"),
          age=3),
    Story(PATRON_EAST, ("Sapiens", "Filosofi Teras", "Pulang"), ("approve", "decline")),
    Story(PATRON_EAST, ("Anak Semua Bangsa", "Rumah Kaca", "Jejak Langkah"), (*TO_SHELF, "lend", "take_back")),
    Story(PATRON_ENGLISH, ("Imagined Communities", "The Religion of Java", "Orientalism"), ("approve", "accept"),
          note="The revised edition, please, if you can."),
    Story(PATRON_ENGLISH, ("This Earth of Mankind", "Saman", "Footsteps"), ("refuse",)),
    Story(PATRON_NEIGHBOUR, ("Agricultural Involution", "Arus Balik", "Gadis Kretek"), ("approve",),
          talk="Boleh kami perpanjang menjadi lima minggu? Peneliti kami sedang di lapangan."),
    Story(PATRON_NEIGHBOUR, ("Design Patterns", "Deep Learning", "Dunia Sophie"), ("approve",)),
    Story(PATRON_NEIGHBOUR, ("Guns, Germs, and Steel", "Homo Deus", "Kalangwan"), ("approve", "accept")),
    Story(PATRON_NEIGHBOUR, ("Kebudayaan Jawa", "Etika Jawa", "Jalan Tak Ada Ujung"),
          (*TO_SHELF, "lend", "take_back", "send_back")),
)  # fmt: skip


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
    edition = next(_lendable(story.titles, home, reader, lenders=2 if "decline" in story.steps else 1), None)
    if edition is None:
        return False
    request = request_submit(
        edition=edition, patron=reader, requesting_library=home, actor=actor, note=story.note, submit_key=key
    )
    before = "submit"
    for action in story.steps:
        days_pass(request, PACE.get(before, 0) if before != "ship" else 2 + number % 4)
        request = transition(request, action, _who(action, request), **_details(action, number))
        before = action
    if story.talk and (attempt := live_attempt(request)):
        message_send(request=request, attempt=attempt, body=story.talk, actor=librarian_of(home))
    days_pass(request, story.age)
    return True


def _lendable(titles: tuple[str, ...], home: Library, reader: User, *, lenders: int) -> Iterator[Edition]:
    """Editions of the titles, in their order, that the home library lacks and others can send today."""
    at_home = Holding.objects.filter(edition=OuterRef("pk"), library=home)
    asked = Request.objects.filter(edition=OuterRef("pk"), patron=reader)
    for title in titles:
        found = Edition.objects.filter(title__iexact=title, merged_into=None, format="book")
        for edition in found.exclude(Exists(at_home) | Exists(asked)).order_by("-library_count", "pk"):
            ready = edition.holdings.filter(status=ItemStatus.AVAILABLE, library__lends=True)
            if ready.values("library").distinct().count() >= lenders:
                yield edition


def _who(action: str, request: Request) -> Actor:
    """The person on the side that the workflow's table names for the step."""
    attempt = live_attempt(request)
    if ACTIONS[action].side is Side.SUPPLYING and attempt is not None:
        return librarian_of(attempt.supplier)
    return librarian_of(request.requesting_library)


def _details(action: str, number: int) -> dict[str, Any]:
    """What the person would fill in on the step's form."""
    today = timezone.localdate()
    filled: dict[str, dict[str, Any]] = {
        "ship": {"due_on": today + timedelta(days=35), "tracking": f"DEMO{number:06d}ID"},
        "lend": {"due_on": today + timedelta(days=21)},
        "send_back": {"tracking": f"DEMO{number:06d}BK"},
        "decline": {"reason": UnfilledReason.values[0], "note": ""},
        "refuse": {"reason": RefusalReason.values[0], "note": ""},
    }
    return filled.get(action, {})
