"""The mail outbox: a row in the transaction that caused it, sent afterwards by a task, retried, visible to staff."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, models, transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.choices import MailStatus
from network_portal.core.errors import RuleViolation
from network_portal.core.models import OutgoingMail
from network_portal.core.netsettings.portal import NAME

log = structlog.get_logger(__name__)

# Waits between attempts, in minutes; a server that is down for a day is outlived, after that staff decide.
RETRY_MINUTES = (1, 2, 5, 10, 30, 60, 120, 240, 480, 720)


class Recipient(Protocol):
    """Anyone with an address: a user, or a library's desk."""

    @property
    def email(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def language(self) -> str: ...


def mail_queue(
    *,
    template: str,
    to: Recipient,
    context: dict[str, Any],
    actor: Actor,
    library_id: int | None = None,
    target: models.Model | None = None,
    dedupe_key: str = "",
    sensitive: bool = False,
    send_after: datetime | None = None,
    unsubscribe_url: str = "",
) -> OutgoingMail | None:
    """Render templates/emails/<template>_{subject.txt,body.txt,body.html} in the recipient's language and queue it.

    With a `dedupe_key` that was used before, nothing is queued and None is returned. With `send_after` it waits till
    then, and can be withdrawn meanwhile. `unsubscribe_url` takes a POST from mail programs as well (RFC 8058).
    """
    language = to.language if to.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with translation.override(language):
        values = {
            "recipient": to,
            "portal_name": NAME.now(),
            "portal_url": settings.PORTAL_URL,
            **context,
        }
        subject = " ".join(render_to_string(f"emails/{template}_subject.txt", values).split())
        text = render_to_string(f"emails/{template}_body.txt", values).strip() + "\n"
        html = render_to_string(f"emails/{template}_body.html", values)
    row = OutgoingMail(
        template=template, to_email=to.email, to_name=to.name[:200], language=language, subject=subject[:300],
        body_text=text, body_html=html, sensitive=sensitive, unsubscribe_url=unsubscribe_url,
        next_attempt_at=max(timezone.now(), send_after or timezone.now()),
        library_id=library_id, dedupe_key=dedupe_key[:200] or None,
        target_type=target._meta.label_lower if target else "", target_id=str(target.pk) if target else "",
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        if dedupe_key and OutgoingMail.objects.filter(dedupe_key=dedupe_key[:200]).exists():
            return None
        raise
    log.info("mail_queued", template=template, mail_id=row.pk, by=actor.user_id, channel=actor.channel)
    return row


def mail_resend(*, mail: OutgoingMail, actor: Actor) -> None:
    """Put a failed or sent mail back into the queue. RuleViolation while it waits, or if it was withdrawn."""
    with transaction.atomic():
        row = OutgoingMail.objects.select_for_update().get(pk=mail.pk)
        if row.status == MailStatus.QUEUED:
            raise RuleViolation(
                "mail_waiting", _("This mail is waiting already; it will be tried again by itself.")
            )
        if row.status == MailStatus.WITHDRAWN:
            raise RuleViolation(
                "mail_withdrawn", _("This mail was withdrawn, because what it told was taken back.")
            )
        row.status, row.attempts, row.next_attempt_at = MailStatus.QUEUED, 0, timezone.now()
        row.save(update_fields=["status", "attempts", "next_attempt_at"])
        audit.record("core.mail.resent", actor=actor, target=row)


def mail_withdraw(*, target: models.Model, since_key: str, actor: Actor) -> int:
    """Take back mails about `target` that still wait and whose dedupe key contains `since_key`; returns how many.

    Rows that a worker is sending at this moment are waited for, and count as sent if it succeeds.
    """
    with transaction.atomic():
        waiting = (
            OutgoingMail.objects.select_for_update()
            .filter(
                status=MailStatus.QUEUED, target_type=target._meta.label_lower, target_id=str(target.pk),
                dedupe_key__contains=since_key,
            )
            .order_by("pk")
        )  # fmt: skip
        taken = [row.pk for row in waiting]
        OutgoingMail.objects.filter(pk__in=taken).update(status=MailStatus.WITHDRAWN, next_attempt_at=None)
    if taken:
        log.info("mail_withdrawn", mail_ids=taken, by=actor.user_id, channel=actor.channel)
    return len(taken)


def mail_send_due(*, limit: int = 100) -> int:
    """Send what is due, one short transaction each, so that a killed worker repeats at most one mail.

    Returns how many were sent. Rows that another worker holds are skipped.
    """
    sent = 0
    for _round in range(limit):
        with transaction.atomic():
            row = _next_due()
            if row is None:
                break
            sent += _send(row)
    return sent


def _next_due() -> OutgoingMail | None:
    waiting = OutgoingMail.objects.filter(status=MailStatus.QUEUED, next_attempt_at__lte=timezone.now())
    return waiting.select_for_update(skip_locked=True).order_by("next_attempt_at").first()


def _send(row: OutgoingMail) -> int:
    row.attempts += 1
    try:
        _message(row).send()
    except Exception as error:  # noqa: BLE001  a mail that can't even be built must not hold up those behind it
        row.last_error = f"{type(error).__name__}: {error}"[:500]
        row.next_attempt_at = _next_attempt(row.attempts)
        row.status = MailStatus.QUEUED if row.next_attempt_at else MailStatus.FAILED
        log.warning("mail_not_sent", mail_id=row.pk, attempts=row.attempts, error=row.last_error)
    else:
        row.status, row.sent_at, row.last_error, row.next_attempt_at = (
            MailStatus.SENT,
            timezone.now(),
            "",
            None,
        )
    row.save(update_fields=["status", "attempts", "next_attempt_at", "last_error", "sent_at"])
    return int(row.status == MailStatus.SENT)


def _message(row: OutgoingMail) -> EmailMultiAlternatives:
    headers = {
        "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All", "Message-ID": _message_id(row),
    }  # fmt: skip
    if row.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{row.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message = EmailMultiAlternatives(
        row.subject, row.body_text, settings.DEFAULT_FROM_EMAIL, [_address(row)], headers=headers
    )
    if row.body_html:
        message.attach_alternative(row.body_html, "text/html")
    return message


def _next_attempt(attempts: int) -> datetime | None:
    if attempts > len(RETRY_MINUTES):
        return None
    return timezone.now() + timedelta(minutes=RETRY_MINUTES[attempts - 1])


def _address(row: OutgoingMail) -> str:
    name = " ".join(row.to_name.replace('"', "").replace("\\", "").split())
    return f'"{name}" <{row.to_email}>' if name else row.to_email


def _message_id(row: OutgoingMail) -> str:
    """The same for every attempt, so that a receiving server can drop the second copy of one mail."""
    host = settings.PORTAL_URL.split("//")[-1].split("/")[0].split(":")[0] or "localhost"
    return f"<mail-{row.pk}@{host}>"
