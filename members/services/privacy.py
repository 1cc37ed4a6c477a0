"""Wishes to be erased: asked by the person, or by staff for their own reader; some days later a task does it."""

from __future__ import annotations

from datetime import timedelta

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.choices import MembershipStatus, Role
from members.choices_people import ErasureState
from members.models import ErasureRequest, Membership, User
from members.netsettings import ERASURE_GRACE_DAYS
from members.privacy.erase import erase
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation
from network_portal.core.mail import mail_queue
from network_portal.core.privacy import obstacle_of

log = structlog.get_logger(__name__)


@transaction.atomic
def erasure_ask(*, user: User, actor: Actor, for_library: int | None = None) -> ErasureRequest:
    """Note the wish; it is done in so many days as the network decided, unless taken back. The person gets a mail.

    RuleViolation `not_now` while a loan, fee or duty is open; `waits_already`; for staff see `staff_may`.
    """
    if for_library is not None:
        staff_may(user, for_library)
    if why_not := obstacle_of(user.pk):
        raise RuleViolation("not_now", why_not)
    try:
        with transaction.atomic():
            row = ErasureRequest.objects.create(
                person_id=user.pk, library_id=for_library, asked_by=actor.user_id,
                due_at=timezone.now() + timedelta(days=ERASURE_GRACE_DAYS.now()),
            )  # fmt: skip
    except IntegrityError as error:
        raise RuleViolation("waits_already", _("This was asked for already.")) from error
    audit.record("members.privacy.erasure_asked", actor=actor, target=row)
    mail_queue(
        template="members_erasure_asked", to=user, actor=actor, sensitive=True,
        context={"due": row.due_at, "url": settings.PORTAL_URL + reverse("members:privacy")},
    )  # fmt: skip
    return row


@transaction.atomic
def erasure_cancel(*, user: User, actor: Actor) -> None:
    """Take the wish back while it waits. RuleViolation `nothing_waits`."""
    row = (
        ErasureRequest.objects.select_for_update()
        .filter(person_id=user.pk, state=ErasureState.WAITING)
        .first()
    )
    if row is None:
        raise RuleViolation("nothing_waits", _("Nothing waits to be erased."))
    row.state, row.ended_at = ErasureState.CANCELLED, timezone.now()
    row.save(update_fields=["state", "ended_at"])
    audit.record("members.privacy.erasure_cancelled", actor=actor, target=row)


def staff_may(user: User, library_id: int) -> None:
    """Staff act for a reader of their own library alone. RuleViolation `shared_account` for anybody else.

    Whoever belongs to another library too, or works for one, asks for it themselves.
    """
    live = Membership.objects.filter(
        user=user, status__in=(MembershipStatus.PENDING, MembershipStatus.CONFIRMED)
    ).exclude(library_id=library_id, role=Role.PATRON)
    if user.is_superuser or live.exists():
        raise RuleViolation(
            "shared_account",
            _(
                "This account belongs to another library as well, or to staff. The person does this themselves."
            ),
        )


def erasures_due() -> int:
    """Erase whose days are over; who has borrowed something meanwhile waits until it is back."""
    done = 0
    waiting = ErasureRequest.objects.filter(state=ErasureState.WAITING, due_at__lte=timezone.now())
    for pk in list(waiting.values_list("pk", flat=True)):
        try:
            done += _erase_one(pk)
        except Exception:  # one that fails must not hold up the others; it is tried again tomorrow
            log.exception("erasure_failed", erasure=pk)
    return done


@transaction.atomic
def _erase_one(pk: int) -> int:
    row = ErasureRequest.objects.select_for_update(skip_locked=True).filter(pk=pk, state="waiting").first()
    user = User.objects.filter(pk=row.person_id).first() if row is not None else None
    if row is None or (user is not None and obstacle_of(user.pk)):
        return 0
    row.counts = erase(user) if user is not None else {}
    row.state, row.ended_at = ErasureState.DONE, timezone.now()
    row.save(update_fields=["state", "ended_at", "counts"])
    audit.record("members.privacy.erased", actor=Actor.system(), target=row, data={"counts": row.counts})
    return 1
