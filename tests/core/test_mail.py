"""The mail outbox against a real SMTP server: sent once, retried while it is down, in the reader's language."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from network_portal.core import mail
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation
from network_portal.core.mail import RETRY_MINUTES, mail_queue, mail_resend, mail_send_due
from network_portal.core.models import AuditEntry, OutgoingMail
from tests.core.smtp_sink import SmtpSink

pytestmark = pytest.mark.django_db


@dataclass
class Reader:
    email: str = "siti@example.org"
    name: str = 'Siti "Ti" Nurbaya'
    language: str = "id"


@pytest.fixture
def server(settings: Any, tmp_path: Path) -> Iterator[SmtpSink]:
    folder = tmp_path / "templates" / "emails"
    folder.mkdir(parents=True)
    (folder / "probe_subject.txt").write_text(
        "{% autoescape off %}{{ title }}\n for {{ recipient.name }}{% endautoescape %}"
    )
    (folder / "probe_body.txt").write_text(
        "{% load i18n %}{% get_current_language as lang %}{{ lang }}: {{ title|safe }}"
    )
    (folder / "probe_body.html").write_text("<p>{{ title }}</p>")
    settings.TEMPLATES = [
        {**settings.TEMPLATES[0], "DIRS": [tmp_path / "templates", *settings.TEMPLATES[0]["DIRS"]]}
    ]
    with SmtpSink() as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        settings.EMAIL_USE_TLS, settings.EMAIL_HOST_USER = False, ""
        yield sink


def queue(**more: Any) -> OutgoingMail:
    row = mail_queue(template="probe", to=more.pop("to", Reader()), context={"title": "Bumi & Manusia"},
                     actor=Actor.system(), **more)  # fmt: skip
    assert row is not None
    return row


def due_now() -> None:
    OutgoingMail.objects.filter(status="queued").update(next_attempt_at=timezone.now() - timedelta(seconds=1))


def test_a_mail_arrives_with_both_bodies_and_one_line_of_subject(server: SmtpSink) -> None:
    row = queue()
    assert mail_send_due() == 1
    message = email.message_from_string(server.mails[0], policy=email.policy.default)
    assert message["Subject"] == 'Bumi & Manusia for Siti "Ti" Nurbaya'
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_body(("plain",)).get_content().strip() == "id: Bumi & Manusia"
    assert "<p>Bumi &amp; Manusia</p>" in message.get_body(("html",)).get_content()
    row.refresh_from_db()
    assert (row.status, row.attempts) == ("sent", 1)


def test_a_mail_is_written_in_the_language_of_who_gets_it(server: SmtpSink) -> None:
    assert queue(to=Reader(language="en")).body_text.startswith("en:")
    assert queue(to=Reader(language="xx")).body_text.startswith("id:")


def test_a_sent_mail_is_not_sent_again(server: SmtpSink) -> None:
    queue()
    mail_send_due()
    assert mail_send_due() == 0
    assert len(server.mails) == 1


def test_a_server_that_is_down_delays_a_mail_and_loses_nothing(server: SmtpSink) -> None:
    row = queue()
    server.refuse = True
    for attempt in range(1, 4):
        due_now()
        assert mail_send_due() == 0
        row.refresh_from_db()
        assert (row.status, row.attempts) == ("queued", attempt)
        assert "451" in row.last_error
        assert row.next_attempt_at > timezone.now()
    server.refuse = False
    due_now()
    assert mail_send_due() == 1
    assert len(server.mails) == 1


def test_a_mail_is_given_up_only_after_more_than_a_day_and_can_be_sent_again_by_staff(
    server: SmtpSink,
) -> None:
    assert sum(RETRY_MINUTES) > 24 * 60
    row = queue()
    server.refuse = True
    for _attempt in range(len(RETRY_MINUTES) + 1):
        due_now()
        mail_send_due()
    row.refresh_from_db()
    assert row.status == "failed"
    server.refuse = False
    mail_resend(mail=row, actor=Actor.system())
    assert AuditEntry.objects.filter(code="core.mail.resent").count() == 1
    assert mail_send_due() == 1


def test_a_waiting_mail_is_not_put_into_the_queue_twice(server: SmtpSink) -> None:
    row = queue()
    with pytest.raises(RuleViolation):
        mail_resend(mail=row, actor=Actor.system())


def test_the_same_dedupe_key_queues_one_mail(server: SmtpSink) -> None:
    queue(dedupe_key="request-1-shipped")
    assert mail_queue(template="probe", to=Reader(), context={"title": "x"}, actor=Actor.system(),
                      dedupe_key="request-1-shipped") is None  # fmt: skip
    assert OutgoingMail.objects.count() == 1


def test_a_mail_that_cannot_be_built_does_not_hold_up_the_next(
    server: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, whole = queue(to=Reader(email="broken@example.org")), queue()
    build = mail._message_id

    def fails_for_one(row: OutgoingMail) -> str:
        if row.pk == broken.pk:
            raise IndexError("unforeseen")
        return build(row)

    monkeypatch.setattr(mail, "_message_id", fails_for_one)
    assert mail_send_due() == 1
    broken.refresh_from_db()
    whole.refresh_from_db()
    assert (broken.status, whole.status) == ("queued", "sent")
    assert "unforeseen" in broken.last_error


@pytest.mark.parametrize("name", ["Siti \\", 'a"b\nc', "<x@y>, z", "📚 مرحبا"])
def test_an_odd_name_does_not_spoil_the_address(server: SmtpSink, name: str) -> None:
    queue(to=Reader(name=name))
    assert mail_send_due() == 1
    message = email.message_from_string(server.mails[0], policy=email.policy.default)
    assert [address.addr_spec for address in message["To"].addresses] == ["siti@example.org"]
