"""Against the arrows: taking the last step back, and opening a closed request again. Called by the request pages."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from loans.choices import AttemptStatus, Cause, RequestStatus
from loans.models import Request, RequestEvent, RequestFlag, SupplyAttempt
from loans.netsettings import REOPEN_DAYS
from loans.workflow import duties, hooks, mails, moving, snapshots
from loans.workflow.deadlines import attempt_deadline
from loans.workflow.engine import lock
from loans.workflow.raising import open_flags
from loans.workflow.states import LIVE_ATTEMPT
from loans.workflow.steps import ACTIONS
from loans.workflow.vocabulary import Mail, Side, Undo
from members.permissions import Capability
from network_portal.core.actor import Actor
from network_portal.core.errors import Conflict, RuleViolation
from network_portal.core.mail import mail_withdraw
from network_portal.core.models import OutgoingMail

REOPEN_TIMES = 2
REOPEN = {
    RequestStatus.COMPLETED: RequestStatus.SENT_BACK,
    RequestStatus.WRITTEN_OFF: RequestStatus.SENT_BACK,
}


def undoable(request: Request, actor: Actor) -> RequestEvent | None:
    """The person's (or the library's) last step, if it can still be taken back: nobody has acted on it since."""
    if request.undo_until is None or request.undo_until <= timezone.now():
        return None
    mine = request.events.filter(cause=Cause.USER).order_by("-version").first()
    if mine is None or not mine.before or mine.undone_by or mine.action not in ACTIONS:
        return None
    by_me = mine.actor_id == actor.user_id or (
        mine.side != "patron" and mine.library_id is not None and mine.library_id == actor.library_id
        and (actor.can(Capability.REQUEST_MANAGE) or actor.can(Capability.SUPPLY_MANAGE))
    )  # fmt: skip
    later = list(request.events.filter(version__gt=mine.version))
    followed = all(event.cause != Cause.USER and event.cause_version == mine.version for event in later)
    return mine if by_me and followed and ACTIONS[mine.action].undo is not Undo.NO else None


@transaction.atomic
def undo(request: Request, actor: Actor, *, version: int | None = None) -> Request:
    """Take the last step back. The history keeps both; mails not sent yet are withdrawn, others are corrected.

    Raises Conflict too_late_to_undo when somebody has acted on it, or the time is over.
    """
    locked = lock(request.pk)
    event = undoable(locked, actor)
    if event is None or (version is not None and version != locked.version):
        raise Conflict("too_late_to_undo", _("This can no longer be taken back: it has gone on meanwhile."))
    status = locked.status
    _end_followers(locked, event)
    attempt = _put_back(locked, event)
    _flags_back(event)
    locked.version += 1
    locked.undo_until = None
    duties.assign(locked, attempt, open_flags(locked))
    if attempt is not None:
        attempt.deadline_at = attempt_deadline(locked, attempt)
        attempt.save()
    try:
        with transaction.atomic():
            locked.save()
    except IntegrityError as clash:
        raise Conflict("asked_again", _("The title has been asked for again meanwhile.")) from clash
    moving.write_history(locked, attempt, "undo", status, actor, {"action": event.action})
    locked.events.filter(version__gte=event.version, version__lt=locked.version).update(
        undone_by=locked.version
    )
    _mails_back(locked, event, actor)
    for set_right in hooks.UNDONE:
        set_right(locked, event, actor)
    return locked


def _end_followers(request: Request, event: RequestEvent) -> None:
    """Libraries asked by what followed are no longer asked."""
    later = request.events.filter(version__gt=event.version).exclude(attempt=None)
    opened = [
        pk for pk in later.values_list("attempt_id", flat=True) if pk is not None and pk != event.attempt_id
    ]
    if event.attempt_id is not None and "attempt" not in event.before:
        opened.append(event.attempt_id)  # the step itself had asked it
        event.attempt = None
    asked = request.attempts.filter(pk__in=opened)
    # The row goes: the library had no time to see it, and may be asked in this round again.
    RequestEvent.objects.filter(attempt__in=asked).update(attempt=None)
    asked.delete()
    if event.to_status == "approved":
        request.attempts.filter(status__in=("offered", "volunteered"), round=request.round).delete()


def _put_back(request: Request, event: RequestEvent) -> SupplyAttempt | None:
    snapshots.put_back(request, event.before["request"])
    for pk, stood in event.before.get("offers", {}).items():  # to whom it was shown when it was cancelled
        request.attempts.filter(pk=int(pk)).update(status=stood, closed_at=None)
    attempt = event.attempt
    if attempt is not None and "attempt" in event.before:
        snapshots.put_back(attempt, event.before["attempt"])
        attempt.save()
    return attempt if attempt is not None and attempt.status in LIVE_ATTEMPT else None


def _flags_back(event: RequestEvent) -> None:
    RequestFlag.objects.filter(pk__in=event.before.get("raised", [])).delete()
    RequestFlag.objects.filter(pk__in=event.before.get("cleared", [])).update(cleared_at=None, answer="")


def _mails_back(request: Request, event: RequestEvent, actor: Actor) -> None:
    """What waits is withdrawn. What has gone out is followed by a correction to the same side."""
    gone: set[str] = set()
    for version in range(event.version, request.version):
        mail_withdraw(target=request, since_key=f":{request.pk}:{version}:", actor=actor)
        sent = OutgoingMail.objects.filter(
            target_id=str(request.pk), dedupe_key__contains=f":{request.pk}:{version}:", sent_at__isnull=False
        )
        gone |= set(sent.values_list("template", flat=True))
    told = {mail.to for mail in ACTIONS[event.action].mails if mail.template in gone}
    corrections = [Mail("loan_corrected", side) for side in told]
    mails.queue(corrections, request, event.attempt, actor)


@transaction.atomic
def reopen(request: Request, actor: Actor, *, reason: str) -> Request:
    """Open a closed request again: within 30 days, twice at most, by its library.

    Raises PermissionDenied, RuleViolation note_missing, not_closed, too_old, reopened_before, file_gone, asked_again.
    """
    if not actor.can(Capability.REQUEST_MANAGE):
        raise PermissionDenied(Capability.REQUEST_MANAGE)
    locked = lock(request.pk)
    _may_reopen(locked, actor, reason)
    now, status = timezone.now(), locked.status
    target, attempt = reopens_at(locked), _ended_by(locked)
    if attempt is not None:
        attempt.status, attempt.closed_at = AttemptStatus.SENT_BACK, None
    locked.status, locked.outcome, locked.closed_at = target, "", None
    locked.outcome_reason = locked.outcome_note = ""
    locked.reopened, locked.version, locked.waiting_since = locked.reopened + 1, locked.version + 1, now
    duties.assign(locked, attempt)
    if attempt is not None:
        attempt.deadline_at = attempt_deadline(locked, attempt)
        attempt.save()
    try:
        with transaction.atomic():
            locked.save()
    except IntegrityError as clash:
        raise RuleViolation("asked_again", _("The title has been asked for again meanwhile.")) from clash
    moving.write_history(locked, attempt, "reopen", status, actor, {"note": reason.strip()[:500]})
    mails.queue(
        (Mail("loan_reopened", Side.PATRON), Mail("loan_reopened", Side.SUPPLYING)), locked, attempt, actor
    )
    return locked


def why_not_reopened(request: Request, actor: Actor) -> str:
    """For the page: what would stand in the way of `reopen`, apart from its reason; "" where nothing does."""
    try:
        _may_reopen(request, actor, "-")
    except RuleViolation as rule:
        return str(rule)
    return ""


def reopens_at(request: Request) -> RequestStatus:
    """Where a closed request goes on: a book on its way home by the same attempt, anything else from the beginning."""
    target = REOPEN.get(RequestStatus(request.status), RequestStatus.SUBMITTED)
    return target if _ended_by(request) is not None else RequestStatus.SUBMITTED


def _ended_by(request: Request) -> SupplyAttempt | None:
    """The library whose book it was, where it ended with the loan."""
    if RequestStatus(request.status) not in REOPEN:
        return None
    ended = (AttemptStatus.COMPLETED, AttemptStatus.WRITTEN_OFF)
    return request.attempts.filter(status__in=ended).select_related("supplier").last()


def _may_reopen(request: Request, actor: Actor, reason: str) -> None:
    if request.requesting_library_id != actor.library_id:
        raise Conflict(
            "not_with_you", _("This request is not with your library (any more). Nothing was changed.")
        )
    if request.closed_at is None:
        raise RuleViolation("not_closed", _("This request is still open."))
    if request.status == RequestStatus.PURGED or request.anonymised_at is not None:
        raise RuleViolation(
            "file_gone", _("This request is finished for good. Please ask for the title again.")
        )
    if request.closed_at < timezone.now() - timedelta(days=REOPEN_DAYS.now()):
        raise RuleViolation("too_old", _("It was closed too long ago. Please ask for the title again."))
    if request.reopened >= REOPEN_TIMES:
        raise RuleViolation(
            "reopened_before", _("It was opened again twice already. Please ask for the title again.")
        )
    if not reason.strip():
        raise RuleViolation("note_missing", _("Please write the reason in a few words."))
