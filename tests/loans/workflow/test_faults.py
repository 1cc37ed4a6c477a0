"""Processes that are killed and a mail server that is away for a day: nothing is lost, nothing is sent twice.

Real processes ended by SIGKILL, a port on which nobody listens, and a server that takes a mail and never answers.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings as portal
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from loans.models import Request
from loans.workflow import engine
from network_portal.core.mail import mail_send_due
from network_portal.core.models import OutgoingMail
from tests.core.smtp_sink import SmtpSink
from tests.loans.pages import client_of, text_of
from tests.loans.world import GOOD, World, make_world

SMTP = "django.core.mail.backends.smtp.EmailBackend"
STEP_AND_DIE = """
import os, signal, sys
import django
django.setup()
from loans.models import Request
from loans.workflow import engine
from members.models import User
from members.working import working_of
request = Request.objects.get(pk=int(sys.argv[1]))
engine.transition(request, "approve", working_of(User.objects.get(pk=int(sys.argv[2]))).actor)
os.kill(os.getpid(), signal.SIGKILL)  # committed, and nothing sent
"""
SEND = """
import django
django.setup()
from network_portal.core.mail import mail_send_due
mail_send_due()
"""


@pytest.fixture
def sink(settings: Any) -> Iterator[SmtpSink]:
    with SmtpSink() as server:
        use_server(settings, server.port)
        yield server


def use_server(settings: Any, port: int) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", port
    settings.EMAIL_USE_TLS, settings.EMAIL_HOST_USER, settings.EMAIL_TIMEOUT = False, "", 5


def process(code: str, *arguments: object, **env: str) -> subprocess.Popen[bytes]:
    """Another process of the portal on this test's database."""
    at = connection.settings_dict
    url = f"postgres://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=portal.BASE_DIR,
        env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "network_portal.settings", **env},
        stderr=subprocess.DEVNULL,
    )


def waits_no_longer() -> None:
    """The minutes in which the step could be taken back are over."""
    OutgoingMail.objects.filter(status="queued").update(next_attempt_at=timezone.now())


def keys(server: SmtpSink) -> Counter[str]:
    """How often each mail arrived, by its Message-ID."""
    lines = (line for mail in server.mails for line in mail.splitlines())
    return Counter(line for line in lines if line.lower().startswith("message-id:"))


@pytest.mark.django_db(transaction=True)
def test_killed_between_commit_and_sending_every_mail_goes_out_once(sink: SmtpSink) -> None:
    world = make_world()
    request = world.submit()
    died = process(STEP_AND_DIE, request.pk, world.people["BDG"].pk)
    assert died.wait(60) == -signal.SIGKILL
    request.refresh_from_db()
    assert (request.status, sink.mails) == ("asked", [])
    waits_no_longer()
    waiting = OutgoingMail.objects.filter(status="queued").count()
    assert waiting > 1
    threads = [threading.Thread(target=_send) for _worker in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert mail_send_due() == 0
    assert len(sink.mails) == waiting == OutgoingMail.objects.filter(status="sent").count()
    assert set(keys(sink).values()) == {1}


def _send() -> None:
    try:
        mail_send_due()
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_while_it_waits_for_the_mail_server_leaves_the_mail_to_the_next(
    settings: Any,
) -> None:
    world = make_world()
    world.take(world.submit(), "approve")
    waits_no_longer()
    waiting = OutgoingMail.objects.filter(status="queued").count()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        env = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(silent.getsockname()[1]), "EMAIL_USE_TLS": "0"}
        worker = process(SEND, **env)
        silent.settimeout(60)
        line, _address = silent.accept()  # it has taken a mail from the queue, and waits for a greeting
        worker.kill()
        worker.wait(10)
        line.close()
    assert OutgoingMail.objects.filter(status="queued").count() == waiting, (
        "none is lost, none is marked as sent"
    )
    with SmtpSink() as sink:
        use_server(settings, sink.port)
        assert mail_send_due() == waiting
        assert mail_send_due() == 0
        assert set(keys(sink).values()) == {1}


@pytest.mark.django_db
def test_a_mail_server_that_is_down_for_a_day_holds_up_nothing_and_loses_nothing(
    world: World, settings: Any
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        closed = int(taken.getsockname()[1])
    use_server(settings, closed)  # nobody listens there any more
    with time_machine.travel("2026-03-02T02:00:00Z", tick=True) as clock:
        request = world.submit()
        for action in GOOD[:6]:
            request = world.take(request, action)
            clock.shift(timedelta(minutes=20))
            assert mail_send_due() == 0
        assert request.status == "lent", "the libraries go on with their work"
        written = OutgoingMail.objects.count()
        for _hour in range(24):
            clock.shift(timedelta(hours=1))
            assert mail_send_due() == 0
        assert set(OutgoingMail.objects.values_list("status", flat=True)) == {"queued"}
        settings.STAFF_MFA_REQUIRED = False
        seen = text_of(client_of(world, "BDG").get(reverse("core:mail")))
        assert "Waiting" in seen and request.title in seen
        one = OutgoingMail.objects.filter(library_id=world.home.pk).latest("pk")
        detail = text_of(client_of(world, "BDG").get(reverse("core:mail_detail", args=[one.pk])))
        assert "ConnectionRefusedError" in detail
        with SmtpSink() as sink:
            use_server(settings, sink.port)
            for _hour in range(13):
                clock.shift(timedelta(hours=1))
                mail_send_due()
            assert len(sink.mails) == written
            assert set(keys(sink).values()) == {1}
    assert set(OutgoingMail.objects.values_list("status", flat=True)) == {"sent"}


@pytest.mark.django_db
def test_the_clocks_of_two_zones_change_and_every_deadline_is_a_closing_time(world: World) -> None:
    """Berlin puts its clocks forward on 29 March 2026, Jakarta never does."""
    from zoneinfo import ZoneInfo

    from loans.workflow.states import state_of
    from loans.workflow.vocabulary import Side

    zones = {world.home.pk: "Europe/Berlin"}
    type(world.home).objects.filter(pk=world.home.pk).update(time_zone="Europe/Berlin")
    world.home.refresh_from_db()
    offsets = set()
    with time_machine.travel("2026-03-24T09:00:00Z", tick=True) as clock:
        request = world.submit()
        for action in ("", *GOOD):
            if action:
                request = world.take(Request.objects.get(pk=request.pk), action)
                clock.shift(timedelta(hours=20))
            request.refresh_from_db()
            if request.deadline_at is None:
                break
            owner = (
                request.owner_library_id if state_of(request.status).side is Side.SUPPLYING else world.home.pk
            )
            local = request.deadline_at.astimezone(ZoneInfo(zones.get(owner or 0, "Asia/Jakarta")))
            assert (local.hour, local.minute, local.weekday() < 5) == (16, 0, True), request.status
            if owner == world.home.pk:
                offsets.add(local.utcoffset())
    assert request.status == "completed"
    assert offsets == {timedelta(hours=1), timedelta(hours=2)}, "both sides of the change were met"


@pytest.mark.django_db
def test_a_loan_due_on_the_day_after_the_change_is_overdue_where_the_reader_lives(world: World) -> None:
    from loans.services.overdue import overdue_remind

    type(world.home).objects.filter(pk=world.home.pk).update(time_zone="Europe/Berlin")
    world.home.refresh_from_db()
    with time_machine.travel("2026-03-20T09:00:00Z", tick=True) as clock:
        request = world.request_in("lent")
        Request.objects.filter(pk=request.pk).update(due_on="2026-03-29")
        clock.move_to("2026-03-29T21:30:00Z")  # half past eleven at night in Berlin, the 30th in Jakarta
        assert overdue_remind() == 0
        clock.move_to("2026-03-29T22:30:00Z")  # half past midnight in Berlin, by summer time
        assert overdue_remind() == 1
    assert engine.live_attempt(request) is not None
    assert request.flags.filter(kind="overdue", cleared_at=None).count() == 1
