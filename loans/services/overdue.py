"""Books that readers should have brought back: a flag, and a ladder of reminders. Called hourly by loans.tasks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from loans.choices import FlagKind, RequestStatus
from loans.models import Request, RequestFlag
from loans.netsettings import OWNER_TOLD_DAYS
from loans.services.digests import notices_leave
from loans.workflow import engine, mails
from loans.workflow.deadlines import end_of_day
from loans.workflow.vocabulary import Mail, Side
from members.calendars import calendar_of, calendars_remembered
from network_portal.core.actor import Actor

# Days after the due date at which the reader is written to, and with the last one the own library too.
LADDER = (1, 7, 14)
# So long after the due date the library that lent it is told, once: it may report the book as lost.
LIMIT = 2_000


def overdue_step(days_late: int) -> int:
    """The rung that so many days have reached: 0 before the first, 3 at the top."""
    return sum(days_late >= day for day in LADDER)


def overdue_remind(*, limit: int = LIMIT, now: datetime | None = None) -> int:
    """Have the engine mark what is overdue, and write the reminders that are due.

    Returns how many reminders. Each rung is written once for a due date; a renewed loan starts from the bottom.
    Days are counted in the time zone of the reader's library.
    """
    moment = now or timezone.now()
    # The earliest zone is a day ahead of the latest, so today's rows are looked at and judged one by one.
    late = Request.objects.filter(status=RequestStatus.LENT, due_on__lte=moment.date() + timedelta(days=1))
    written = 0
    with calendars_remembered():
        for pk in late.order_by("due_on").values_list("pk", flat=True)[:limit]:
            written += _remind(pk, moment)
    return written


def days_late(request: Request, moment: datetime) -> int:
    """Whole days since the due date, where the reader's library is."""
    today = moment.astimezone(ZoneInfo(request.requesting_library.time_zone)).date()
    return (today - request.due_on).days if request.due_on else 0


@transaction.atomic
def _remind(pk: int, moment: datetime) -> int:
    rows = Request.objects.select_for_update(of=("self",), skip_locked=True)
    request = (
        rows.select_related("requesting_library", "patron").filter(pk=pk, status=RequestStatus.LENT).first()
    )
    if request is None:
        return 0
    rung = overdue_step(days_late(request, moment))
    if not rung:
        return 0
    flag = _flag(request, moment)
    _tell_owner(request, flag, moment)
    told = {"rung": rung, "due_on": request.due_on.isoformat() if request.due_on else ""}
    if flag.data.get("due_on") == told["due_on"] and flag.data.get("rung", 0) >= rung:
        return 0
    flag.data, flag.deadline_at = {**flag.data, **told}, _next_rung(request, rung, moment)
    flag.save(update_fields=["data", "deadline_at"])
    return _write(request, rung)


def _tell_owner(request: Request, flag: RequestFlag, moment: datetime) -> None:
    """A line for the lending library's next mail; a renewed loan, with another due date, starts anew."""
    due, attempt = str(request.due_on), engine.live_attempt(request)
    if (
        days_late(request, moment) < OWNER_TOLD_DAYS.now()
        or flag.data.get("owner_told") == due
        or attempt is None
    ):
        return
    notices_leave([mails.Held("late", attempt.supplier, request)])
    flag.data = {**flag.data, "owner_told": due}
    flag.save(update_fields=["data"])


def _flag(request: Request, moment: datetime) -> RequestFlag:
    """The open flag; the engine raises it where there is none, and clears it when the book is back or due later."""
    opened = RequestFlag.objects.filter(request=request, kind=FlagKind.OVERDUE, cleared_at=None)
    if (known := opened.first()) is not None:
        return known
    zone = ZoneInfo(request.requesting_library.time_zone)
    engine.transition(
        request, "mark_overdue", Actor.system(channel="timer"), today=moment.astimezone(zone).date()
    )
    return opened.get()


def _next_rung(request: Request, rung: int, moment: datetime) -> datetime:
    ahead: Iterable[int] = LADDER[rung:]
    due_on: date = request.due_on or moment.date()
    day = due_on + timedelta(days=next(iter(ahead), LADDER[-1] + 7))
    return end_of_day(calendar_of(request.requesting_library_id), day)


def _write(request: Request, rung: int) -> int:
    sides = [Side.PATRON, Side.REQUESTING] if rung == len(LADDER) else [Side.PATRON]
    return mails.queue(
        [Mail(f"loan_overdue_{rung}", side) for side in sides], request, engine.live_attempt(request),
        Actor.system(channel="timer"), dedupe=f"{rung}:{request.due_on}",
    )  # fmt: skip
