"""A copy asked for in the small network of the loan tests, with its rows as the workflow leaves them."""

from __future__ import annotations

import io
from typing import Any

from django.utils import timezone

from loans.delivery.ranges import Part
from loans.delivery.upload import upload_part
from loans.models import Request, ScanFile, SupplyAttempt
from network_portal.core.actor import Actor
from tests.loans.copies import files
from tests.loans.world import World

PART: dict[str, Any] = {"container": "Wacana", "volume": "12", "issue": "3", "year": 2025, "pages": "17-30"}


def copy_request(world: World, status: str = "scanning", **values: Any) -> Request:
    """An article asked for by the reader; another `title` or `part` is another article."""
    number = f"BDG-2026-9{Request.objects.count():05}"
    fields: dict[str, Any] = {
        "number": number, "service": "copy", "genre": "article", "title": "Arsip kota lama", "purpose": "research",
        "citation": {"title": "Arsip kota lama", "author": "Lestari, Dewi", "year": 2025},
        "identifiers": {"issn": "0126-1234"}, "part": PART,
        "patron": world.patron, "requesting_library": world.home, "status": status, "version": 1, "round": 1,
        "deadline_at": timezone.now(), "owner_side": "supplying", "owner_library": world.libraries["JKT"],
    } | values  # fmt: skip
    if status == "purged":
        fields |= {"outcome": "filled", "closed_at": timezone.now(), "owner_side": "none"}
    return Request.objects.create(**fields)


def scanning(world: World, request: Request | None = None, code: str = "JKT") -> SupplyAttempt:
    """The attempt of a library that scans the copy now."""
    return SupplyAttempt.objects.create(
        request=request or copy_request(world), position=1, supplier=world.libraries[code], status="scanning",
        round=1, deadline_at=timezone.now(), answered_at=timezone.now(),
    )  # fmt: skip


def send(
    attempt: SupplyAttempt, actor: Actor, content: bytes, name: str = "scan.pdf", key: str = "k1"
) -> ScanFile:
    """A file in one part."""
    progress = upload_part(
        attempt=attempt, key=key, name=name, part=Part(0, len(content), len(content)), source=io.BytesIO(content),
        actor=actor,
    )  # fmt: skip
    assert progress.file is not None
    return progress.file


def send_pdf(attempt: SupplyAttempt, actor: Actor) -> ScanFile:
    return send(attempt, actor, files.pdf())
