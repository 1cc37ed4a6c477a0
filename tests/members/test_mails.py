"""Every mail about accounts and libraries: three parts, both languages, nothing left open."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone, translation

from members.adapters import MAIL_TEMPLATES, NOTICES, AccountAdapter, Address
from members.choices import Role
from members.models import Library
from network_portal.core.actor import Actor
from network_portal.core.mail import mail_queue
from tests.members.world import last_mail, make_member, make_user

pytestmark = pytest.mark.django_db

FOLDER = Path(settings.BASE_DIR) / "templates" / "emails"
TEMPLATES = sorted(path.name.removesuffix("_subject.txt") for path in FOLDER.glob("members_*_subject.txt"))


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_mail_is_complete_in_both_languages(template: str, bandung: Library) -> None:
    staff = make_member("dewi@bandung.example", bandung, Role.LIBRARIAN)
    link = "https://jejaring.example/x/"
    context = {
        "library": bandung, "membership": staff.memberships.get(), "by": "Made", "notice": "Sesuatu", "ip": "::1",
        "at": timezone.now(), "url": link, "activate_url": link, "password_reset_url": link, "signup_url": link,
        "letter": {"subject": "Kabar", "paragraphs": ["Satu.", "Dua."], "quoted": "Kata", "button": "Buka"},
    }  # fmt: skip
    rows = {
        language: mail_queue(
            template=template, to=Address("a@example.org", "Ann <b>", language), context=context,
            actor=Actor.system(),
        )
        for language in ("id", "en")
    }  # fmt: skip
    for language, row in rows.items():
        assert row is not None and row.subject and "Ann <b>," in row.body_text
        assert f'<html lang="{language}">' in row.body_html and "Ann &lt;b&gt;," in row.body_html
        assert "{{" not in row.body_text and "%(" not in row.body_text
        assert link in row.body_text or template == "members_account_notice"


def test_a_notice_about_the_account_names_what_happened(db: None) -> None:
    user = make_user("ann@example.org", language="en")
    for prefix, notice in NOTICES.items():
        AccountAdapter().send_mail(prefix, user.email, {"user": user})
        with translation.override("en"):
            told = str(notice)
        assert told in last_mail("members_account_notice").body_text


def test_every_mail_of_the_account_pages_has_a_template() -> None:
    assert set(MAIL_TEMPLATES.values()) <= set(TEMPLATES)
