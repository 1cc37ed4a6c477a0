"""Programmes of tests, made in one line each."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from members.choices_learning import ProgrammeStatus
from members.learning.places import registration_ask
from members.models import Library, Programme, ProgrammeSession, Registration, User
from tests.members.world import actor_of


def make_programme(host: Library, *, days: int = 7, sessions: int = 1, **fields: Any) -> Programme:
    """Open, for everybody, `days` from now (before now where negative), three hours a session."""
    values: dict[str, Any] = {
        "kind": "training", "title": "Mengatalog dengan RDA", "learns": "Deskripsi.", "place": "Ruang baca",
        "status": ProgrammeStatus.OPEN, "changed_at": timezone.now(), "signer": "Made Wirawan", **fields,
    }  # fmt: skip
    programme = Programme.objects.create(host=host, **values)
    for n in range(sessions):
        start = timezone.now() + timedelta(days=days + n)
        ProgrammeSession.objects.create(
            programme=programme, starts_at=start, ends_at=start + timedelta(hours=3), topic=f"Hari {n + 1}"
        )
    return programme


def register(programme: Programme, user: User) -> Registration:
    return registration_ask(programme=programme, actor=actor_of(user))


def pass_days(programme: Programme, days: int) -> None:
    """Let the programme lie that much further back."""
    for session in programme.sessions.all():
        session.starts_at -= timedelta(days=days)
        session.ends_at -= timedelta(days=days)
        session.save()
