"""Each of the two libraries hears of a new statement, in its own view: what it gets, or what it pays."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format

from loans.models import Statement
from loans.presenters.money import net_sentence, statement_facts
from loans.workflow.mails import staff_of
from network_portal.core.actor import Actor
from network_portal.core.mail import mail_queue


def statement_tell(statement: Statement) -> int:
    """Queue the mails; a statement is told once to each address."""
    queued = 0
    for library, partner in ((statement.left, statement.right), (statement.right, statement.left)):
        reads_as = replace(Actor.system(channel="timer"), library_id=library.pk, library_name=library.name)
        for recipient in staff_of(library):
            with translation.override(recipient.language or settings.LANGUAGE_CODE):
                context = {
                    "month": date_format(statement.month, "F Y"), "partner": partner.name,
                    "sentence": net_sentence(statement, reads_as), "rows": statement_facts(statement),
                    "currency": statement.currency, "to_pay": statement.net != 0,
                    "page_url": settings.PORTAL_URL + reverse("loans:money_statement", args=[statement.pk]),
                }  # fmt: skip
            row = mail_queue(
                template="money_statement", to=recipient, context=context, actor=Actor.system(channel="timer"),
                library_id=library.pk, target=statement,
                dedupe_key=f"money_statement:{statement.pk}:{library.pk}:{recipient.email}",
            )  # fmt: skip
            queued += row is not None
    return queued
