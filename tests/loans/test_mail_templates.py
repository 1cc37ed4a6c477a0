"""Every mail of the workflow, in both languages, as the engine writes it: whole, with one link, and naming nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from loans.models import Request
from loans.workflow import mails
from loans.workflow.steps import STEPS
from loans.workflow.vocabulary import Mail, Side
from members.models import Library, User
from network_portal.core.models import OutgoingMail
from tests.loans.world import World

EMAILS = Path(settings.BASE_DIR) / "templates" / "emails"
# Written by other rooms with contexts of their own, and looked at in their tests.
ELSEWHERE = ("loan_digest", "loan_message", "loan_base")
READER = "Ayu Lestari"


def told_by_the_table() -> Iterator[Mail]:
    seen = set()
    for mail in (mail for step in STEPS for mail in step.mails):
        if (mail.template, mail.to) not in seen:
            seen.add((mail.template, mail.to))
            yield mail


@pytest.fixture
def loan(world: World) -> Request:
    """A book that is with its reader, between two libraries whose people are written to one by one."""
    Library.objects.update(email="")
    request = world.request_in("lent")
    request.undo_until = None
    request.attempts.update(due_on=timezone.localdate() + timedelta(days=20))
    return Request.objects.get(pk=request.pk)


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_mail_is_whole_with_one_link_and_without_names(
    world: World, loan: Request, language: str
) -> None:
    User.objects.update(language=language)
    attempt = loan.attempts.get()
    actor = world.supplier(loan)
    for mail in told_by_the_table():
        OutgoingMail.objects.all().delete()
        mails.queue([mail], loan, attempt, actor, reason="on_loan", note="Lantai dua.", dedupe=mail.template)
        for row in OutgoingMail.objects.all():
            check(row, mail, loan)


def check(row: OutgoingMail, mail: Mail, loan: Request) -> None:
    whole = f"{row.subject}\n{row.body_text}\n{row.body_html}"
    where = f"{mail.template} to {mail.to.value}: {row.subject}\n{row.body_text}"
    for raw in ("%(", "{{", "{%", "None", "&amp;amp;", "TextChoices"):
        assert raw not in whole, f"{raw} in {where}"
    assert len(row.subject) < 150, where
    assert loan.title in row.subject or loan.number in row.subject, where
    links = set(re.findall(r"https?://[^\s<>\"]+/(?:my/requests|requests|copies)/\S*", row.body_text))
    assert len(links) == 1, where
    assert links.pop() in row.body_html, where
    assert loan.number in row.body_text, where
    assert "  " not in row.subject, where
    if mail.to is Side.SUPPLYING:
        assert READER not in whole, where


def test_a_mail_in_english_is_not_the_indonesian_one(world: World, loan: Request) -> None:
    actor = world.supplier(loan)
    written: dict[str, dict[str, str]] = {}
    for language in ("id", "en"):
        User.objects.update(language=language)
        OutgoingMail.objects.all().delete()
        asked = Request.objects.get(pk=loan.pk)  # with its reader as they are now
        for mail in told_by_the_table():
            mails.queue([mail], asked, asked.attempts.get(), actor, reason="on_loan", dedupe=mail.template)
        rows = OutgoingMail.objects.values_list("template", "to_email", "subject")
        written[language] = {f"{template} {to}": subject for template, to, subject in rows}
    assert written["id"].keys() == written["en"].keys()
    assert len(written["id"]) > 50
    assert not [name for name, subject in written["id"].items() if subject == written["en"][name]]


def test_every_template_belongs_to_a_step_or_a_timer() -> None:
    known = {mail.template for mail in told_by_the_table()}
    ladder = {"loan_overdue_1", "loan_overdue_2", "loan_overdue_3"}
    begun_or_taken_back = {"loan_received", "loan_to_approve", "loan_corrected", "loan_reopened"}
    routing = {"loan_asked", "loan_offer", "loan_end_of_list", "loan_coordinator"}
    files = {path.name.removesuffix("_subject.txt") for path in EMAILS.glob("*_subject.txt")}
    ours = {name for name in files if name.startswith(("loan_", "copy_"))}
    assert known <= files
    assert ours - known - ladder - begun_or_taken_back - routing - set(ELSEWHERE) == set()
