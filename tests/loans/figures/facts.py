"""Requests with a known history, written straight into the tables: what was counted can be reckoned by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from loans.models import Request, SupplyAttempt
from members.choices import Role
from members.models import Library, User
from tests.members.world import make_library, make_member

_numbers = count(1)
# Noon of a fixed day in Jakarta, far enough back that every test's days are over.
DAY = datetime(2026, 3, 10, 5, 0, tzinfo=timezone.get_fixed_timezone(0))


class Facts:
    """Two libraries, a reader of the first, and requests between them."""

    def __init__(self) -> None:
        self.home = make_library("RUMAH")
        self.lender = make_library("LUMBUNG")
        self.reader: User = make_member("reader@example.org", self.home, Role.PATRON)

    def request(self, status: str, outcome: str = "", *, at: datetime = DAY, **fields: Any) -> Request:
        closed = {"closed_at": fields.pop("closed_at", at + timedelta(days=1))} if outcome else {}
        values = {
            "number": f"RUMAH-2026-{next(_numbers):06}", "title": "Bumi Manusia", "patron": self.reader,
            "requesting_library": self.home, "status": status, "outcome": outcome, **closed, **fields,
        }  # fmt: skip
        row = Request.objects.create(**values)
        Request.objects.filter(pk=row.pk).update(created_at=at)
        row.refresh_from_db()
        return row

    def attempt(self, request: Request, status: str, *, position: int = 1, **fields: Any) -> SupplyAttempt:
        values = {"supplier": self.lender, "position": position, "round": position, **fields}
        return SupplyAttempt.objects.create(request=request, status=status, **values)

    def supplied(
        self, *, at: datetime = DAY, supplier: Library | None = None, hours: int = 24, **fields: Any
    ) -> Request:
        """Asked at once, answered after two hours, sent after `hours`, there after twice as long."""
        request = self.request("completed", "filled", at=at, **fields)
        sent = at + timedelta(hours=hours)
        copy = fields.get("service") == "copy"
        moments = (
            {"uploaded_at": sent}
            if copy
            else {"shipped_at": sent, "received_at": sent + timedelta(hours=hours)}
        )
        self.attempt(
            request, "completed", supplier=supplier or self.lender, asked_at=at,
            answered_at=at + timedelta(hours=2), **moments,
        )  # fmt: skip
        return request

    def refused(self, request: Request, reason: str, *, at: datetime = DAY, position: int = 1) -> None:
        self.attempt(
            request, "refused", position=position, reason_unfilled=reason, asked_at=at,
            answered_at=at + timedelta(hours=1), closed_at=at + timedelta(hours=1),
        )  # fmt: skip
