"""Who is written to when a step is taken: the reader, or the desk of one of the two libraries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from loans.choices import REASONS, Service
from loans.models import Request, SupplyAttempt
from loans.services.addressing import apart, veiled
from loans.workflow import hooks
from loans.workflow.vocabulary import Mail, Side
from members.choices import MembershipStatus, Role
from members.models import Library, User
from members.presenters_policies import money
from network_portal.core.actor import Actor
from network_portal.core.mail import Recipient, mail_queue


@dataclass(frozen=True)
class Desk:
    """A library's own address, which several people read."""

    email: str
    name: str
    language: str


@dataclass(frozen=True)
class Held:
    """A mail to a desk that was not queued on its own, because one for the whole tick will tell it."""

    template: str
    library: Library
    request: Request


_held: ContextVar[list[Held] | None] = ContextVar("held_mails", default=None)


@contextmanager
def held_for_desks() -> Iterator[list[Held]]:
    """Within this block mails to desks are collected instead of queued; readers' mails go as always."""
    collected: list[Held] = []
    token = _held.set(collected)
    try:
        yield collected
    finally:
        _held.reset(token)


def queue(
    mails: Iterable[Mail], request: Request, attempt: SupplyAttempt | None, actor: Actor, *, reason: str = "",
    note: str = "", dedupe: str = "", send_after: datetime | None = None, **more: Any,
) -> int:  # fmt: skip
    """Queue each mail for everybody it concerns; returns how many. A side that is not there yet is not written to.

    With `send_after` the mails wait, so that whoever takes the step back in time takes them back too.
    """
    queued = 0
    for mail in mails:
        library = _library(mail, request, attempt)
        collected = _held.get()
        if collected is not None and mail.to is not Side.PATRON:
            collected.append(Held(mail.template, library, request))
            continue
        own = hooks.MAIL_LINKS[mail.template](request, attempt) if mail.template in hooks.MAIL_LINKS else ""
        page = {"page_url": settings.PORTAL_URL + own} if own else {}
        told, way = _context(mail, request, attempt), apart(request, attempt)
        _through_coordinators(mail.to, veiled(request, attempt) if way else [], told["loan"])
        told["note"] = "" if way and actor.library_id == _other_end(mail.to, way) else note
        for recipient in _recipients(mail, request, attempt, library):
            row = mail_queue(
                template=mail.template, to=recipient, actor=actor, library_id=library.pk, target=request,
                sensitive=bool(own),
                context={**told, **page, "reason": REASONS.get(reason, ""), **more},
                send_after=send_after,
                dedupe_key=f"{mail.template}:{request.pk}:{dedupe or request.version}:{recipient.email}",
            )  # fmt: skip
            queued += row is not None
    return queued


def _through_coordinators(to: Side, way: list[Library], loan: dict[str, Any]) -> None:
    """Where an opaque hub stands between them, members do not learn each other's names from a mail either."""
    if not way or to is Side.COORDINATOR:
        return
    if to is Side.SUPPLYING:
        loan["library"], loan["library_city"] = way[-2].name, way[-2].city
    elif loan["supplier"]:
        loan["supplier"], loan["supplier_city"] = way[1].name, way[1].city


def _other_end(to: Side, way: list[Library]) -> int | None:
    """Whose words a mail to this side must not carry."""
    if to is Side.COORDINATOR:
        return None
    return way[0].pk if to is Side.SUPPLYING else way[-1].pk


def _library(mail: Mail, request: Request, attempt: SupplyAttempt | None) -> Library:
    if mail.to is Side.SUPPLYING and attempt:
        return attempt.supplier
    if mail.to is Side.COORDINATOR and request.owner_side == Side.COORDINATOR.value and request.owner_library:
        return request.owner_library
    if mail.to is Side.COORDINATOR and request.network and request.network.coordinator_library:
        return request.network.coordinator_library
    return request.requesting_library


def _recipients(
    mail: Mail, request: Request, attempt: SupplyAttempt | None, library: Library
) -> Iterable[Recipient]:
    if mail.to is Side.PATRON:
        return [request.patron] if request.patron else []
    if mail.to is Side.SUPPLYING and attempt is None:
        return []
    led = request.owner_side == Side.COORDINATOR.value or (
        request.network is not None and request.network.coordinator_library_id is not None
    )
    if mail.to is Side.COORDINATOR and not led:
        return []
    return staff_of(library)


def staff_of(library: Library) -> list[Recipient]:
    """The library's desk; without an address of its own, its librarians and managers."""
    if library.email:
        return [Desk(library.email, library.name, library.language or settings.LANGUAGE_CODE)]
    return list(
        User.objects.filter(
            is_active=True, memberships__library=library, memberships__status=MembershipStatus.CONFIRMED,
            memberships__role__in=(Role.LIBRARIAN, Role.MANAGER),
        ).distinct().order_by("pk")
    )  # fmt: skip


def _context(mail: Mail, request: Request, attempt: SupplyAttempt | None) -> dict[str, Any]:
    """What the templates may use. The reader's name is only in mails to the reader and to their own library."""
    page = "loans:my_request" if mail.to is Side.PATRON else "loans:request"
    return {
        "loan": {
            "number": request.number,
            "title": request.title,
            "copy": request.service == Service.COPY,
            "part": request.part if request.service == Service.COPY else {},
            "author": request.citation.get("author", ""),
            "year": request.citation.get("year", ""),
            "library": request.requesting_library.name,
            "library_city": request.requesting_library.city,
            "supplier": attempt.supplier.name if attempt else "",
            "supplier_city": attempt.supplier.city if attempt else "",
            "patron": request.reader if mail.to in (Side.PATRON, Side.REQUESTING) else "",
            "due_on": request.due_on,
            "supplier_due_on": attempt.due_on if attempt else None,
            "deadline_at": request.deadline_at,
            "call_number": attempt.call_number if attempt else "",
            "location": attempt.location if attempt else "",
            "barcode": attempt.barcode if attempt else "",
            "amount": _amount(request, attempt),
            "tracking": attempt.tracking if attempt else "",
            "return_tracking": attempt.return_tracking if attempt else "",
            "needed_by": request.needed_by,
        },
        "page_url": settings.PORTAL_URL + reverse(page, args=[request.number]),
    }


def _amount(request: Request, attempt: SupplyAttempt | None) -> str:
    """What it costs, if that was said: the supplier's condition before the library's own quote."""
    if attempt is not None and attempt.condition_amount is not None:
        return money(attempt.condition_amount, attempt.condition_currency)
    return money(request.quoted_amount, request.currency) if request.quoted_amount is not None else ""
