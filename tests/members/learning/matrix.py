"""Rows of the permission matrix about programmes: one of the world's library, over, with the patron in it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from members.learning.calendars import own_link
from members.models import Certificate, Internship, Library, Programme, Registration, User
from tests.members.learning.world import make_programme


def programme(library: Library, *, days: int = 7) -> dict[str, Any]:
    return {"pk": make_programme(library, days=days).pk}


def over(library: Library) -> dict[str, Any]:
    return programme(library, days=-7)


def session(library: Library) -> dict[str, Any]:
    found = Programme.objects.get(**over(library))
    return {"pk": found.pk, "session_pk": found.sessions.get().pk}


def registered(library: Library, user: User | None) -> Registration:
    assert user is not None
    return Registration.objects.create(
        programme=make_programme(library), user=user, library=library, role="patron", status="registered",
        queued_at=timezone.now(),
    )  # fmt: skip


def taken(library: Library, user: User | None) -> dict[str, Any]:
    return {"pk": registered(library, user).programme_id}


def place(library: Library, user: User | None) -> dict[str, Any]:
    row = registered(library, user)
    today = timezone.localdate()
    Internship.objects.create(
        registration=row, starts_on=today, ends_on=today + timedelta(days=9), goals="Belajar"
    )
    return {"pk": row.pk}


def token(user: User | None) -> dict[str, Any]:
    assert user is not None
    return {"token": own_link(user.pk).rsplit("/", 1)[1].removesuffix(".ics")}


def code(library: Library, user: User | None) -> dict[str, Any]:
    words = dict.fromkeys(("heading", "given", "took", "when", "hours", "given_by", "made", "check"), "…")
    data = {
        "name": "A", "title": "B", "host": "C", "city": "D", "signer": "E", "signer_role": "", "portal": "F",
        "texts": {"id": words, "en": words},
    }  # fmt: skip
    made = Certificate.objects.create(
        code="AAAAA-BBBBB-CCCCC-DDDDD",
        registration=registered(library, user),
        data=data,
        issued_at=timezone.now(),
    )
    return {"code": made.code}
