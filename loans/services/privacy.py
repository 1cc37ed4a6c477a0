"""Forgetting who borrowed what, once the library's period is over; counters go on by a keyed hash.

A nightly task calls `anonymise_due`. What stays: the title, the libraries, the dates, money, and what the audit trail
said at the time (there a reader stands as a number). What goes: the reader, their notes, their name and address in
events, messages and mails.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import (
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from loans.choices import ChargeState, MessageKind
from loans.intake.keys import patron_key
from loans.models import Charge, Message, Request, RequestEvent, RequestFlag
from loans.netsettings import ANONYMISE_DAYS
from members.choices import HistoryPrivacy, Role
from members.models import LibraryPolicy, Membership
from network_portal.core.models import OutgoingMail

UNSETTLED = (ChargeState.QUOTED, ChargeState.APPROVED, ChargeState.DUE)
GONE = "–"
KNOWN = Q(patron__isnull=False) | ~Q(reader_name="")  # by account, or by the name that the desk wrote down


def anonymise_due(limit: int = 500) -> int:
    """Forget the reader of up to `limit` requests that are over; returns how many. Safe to run twice at once.

    Each reader chose: keep the history, forget at once, or (unless chosen otherwise) after the days that the library
    set for the service. As long as the reader owes money for a request, it is kept.
    """
    done = 0
    for pk in list(due_rows().values_list("pk", flat=True)[:limit]):
        with transaction.atomic():
            row = (
                Request.objects.select_for_update(of=("self",), skip_locked=True)
                .select_related("patron", "requesting_library")
                .filter(KNOWN, pk=pk, anonymised_at=None, closed_at__isnull=False)
                .first()
            )
            if row is not None:
                request_anonymise(row)
                done += 1
    return done


def due_rows() -> QuerySet[Request]:
    """Requests whose reader is to be forgotten by now, the oldest first."""
    choice = Membership.objects.filter(user=OuterRef("patron"), library=OuterRef("requesting_library"))
    days = LibraryPolicy.objects.filter(library=OuterRef("requesting_library"), service=OuterRef("service"))
    rows = Request.objects.filter(KNOWN, closed_at__isnull=False, anonymised_at=None).annotate(
        # Whoever is staff and reader of a library chose as a reader.
        choice=Coalesce(
            Subquery(choice.filter(role=Role.PATRON).order_by("-pk").values("history_privacy")[:1]),
            Subquery(choice.order_by("-pk").values("history_privacy")[:1]),
            Value(HistoryPrivacy.AFTER_PERIOD.value),
        ),
        days=Coalesce(Subquery(days.values("anonymise_after_days")[:1]), Value(ANONYMISE_DAYS.now())),
        ended_by=ExpressionWrapper(
            timezone.now() - ExpressionWrapper(
                Value(timedelta(days=1)) * F("days"), output_field=DurationField()), output_field=DateTimeField()
        ),
    )  # fmt: skip
    due = Q(choice=HistoryPrivacy.AFTER_RETURN) | Q(
        choice=HistoryPrivacy.AFTER_PERIOD, closed_at__lte=F("ended_by")
    )
    owing = Q(charges__payer_library=None, charges__state__in=UNSETTLED)
    return rows.filter(due).exclude(pk__in=Request.objects.filter(owing).values("pk")).order_by("closed_at")


def request_anonymise(request: Request) -> None:
    """Take the reader out of one closed request. The caller holds its lock."""
    reader, names = request.patron, _names(request)
    if not request.reader:
        return
    _events(request, names)
    _notes(request, names)
    _messages(request, names)
    _mails(request, names)
    if reader is not None:
        request.patron_key = request.patron_key or patron_key(request.requesting_library, reader.pk)
    request.patron, request.patron_note, request.anonymised_at = None, "", timezone.now()
    request.reader_name = request.reader_contact = ""
    request.outcome_note = _without(request.outcome_note, names)
    request.save(
        update_fields=[
            "patron", "reader_name", "reader_contact", "patron_key", "patron_note", "outcome_note", "anonymised_at",
        ]
    )  # fmt: skip


def _events(request: Request, names: list[str]) -> None:
    """Who did it stays a side ("patron"); what a person typed loses the name."""
    reader_id = request.patron_id
    for event in RequestEvent.objects.filter(request=request):
        mine = reader_id is not None and event.actor_id == reader_id
        data, before = _clean(event.data, names), _clean(event.before, names)
        if mine:
            data.pop("note", None)
        if mine or data != event.data or before != event.before:
            RequestEvent.objects.filter(pk=event.pk).update(
                actor_id=None if mine else event.actor_id, actor_name="" if mine else event.actor_name,
                data=data, before=before,
            )  # fmt: skip


def _notes(request: Request, names: list[str]) -> None:
    """What was written beside flags and charges keeps everything but the name."""
    for flag in RequestFlag.objects.filter(request=request):
        data = _clean(flag.data, names)
        if data != flag.data:
            RequestFlag.objects.filter(pk=flag.pk).update(data=data)
    for charge in Charge.objects.filter(request=request).exclude(note=""):
        note = _without(charge.note, names)
        if note != charge.note:
            Charge.objects.filter(pk=charge.pk).update(note=note)


def _messages(request: Request, names: list[str]) -> None:
    """What was written to or by the reader is emptied; between libraries only the name goes."""
    Message.objects.filter(request=request, kind=MessageKind.PATRON).update(
        author_name="", read_by_name="", body=GONE
    )
    for message in Message.objects.filter(request=request).exclude(kind=MessageKind.PATRON):
        body = _without(message.body, names)
        if body != message.body:
            Message.objects.filter(pk=message.pk).update(body=body)


def _mails(request: Request, names: list[str]) -> None:
    """Mails to the reader keep that they were sent, and when; those to libraries lose the name."""
    rows = OutgoingMail.objects.filter(target_type=Request._meta.label_lower, target_id=str(request.pk))
    if request.patron is not None:
        mine = rows.filter(to_email__iexact=request.patron.email)
        mine.update(to_email="", to_name="", body_text="", body_html="", last_error="")
    told = Q()
    for name in names:
        told |= Q(body_text__icontains=name) | Q(body_html__icontains=name) | Q(subject__icontains=name)
    for mail in rows.filter(told):
        OutgoingMail.objects.filter(pk=mail.pk).update(
            subject=_without(mail.subject, names), body_text=_without(mail.body_text, names),
            body_html=_without(mail.body_html, names),
        )  # fmt: skip


def _names(request: Request) -> list[str]:
    """What tells who it was, the longest first, so that no rest of a name is left standing."""
    reader = request.patron
    account = (reader.name, reader.email, reader.phone) if reader is not None else ()
    told = {text for text in (*account, request.reader_name, request.reader_contact) if len(text) > 2}
    return sorted(told, key=len, reverse=True)


def _without(text: str, names: Iterable[str]) -> str:
    for name in names:
        text = re.sub(re.escape(name), GONE, text, flags=re.IGNORECASE)
    return text


def _clean(value: Any, names: list[str]) -> Any:
    if isinstance(value, str):
        return _without(value, names)
    if isinstance(value, list):
        return [_clean(item, names) for item in value]
    if isinstance(value, dict):
        return {key: _clean(item, names) for key, item in value.items()}
    return value
