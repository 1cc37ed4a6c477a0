"""Who is written to, in which language, and what a mail never says."""

from __future__ import annotations

import re

import pytest
from django.conf import settings

from loans.choices import Service
from loans.models import Request
from loans.selectors.mail_log import request_mails
from loans.services import message_send
from loans.services.digests import digests_send, notices_leave
from loans.workflow import engine, mails
from loans.workflow.mails import Held
from loans.workflow.steps import ACTIONS, STEPS, SUBMIT_MAILS
from loans.workflow.vocabulary import Side
from members.choices import Role
from members.models import Library, User
from network_portal.core.errors import RuleViolation
from network_portal.core.models import OutgoingMail
from tests.loans.pages import another
from tests.loans.world import GOOD, World, arrows_walked, make_person


@pytest.mark.parametrize("action", sorted({action for _source, action in arrows_walked()}))
def test_each_step_writes_to_whom_the_table_says(world: World, action: str) -> None:
    step = ACTIONS[action]
    source = next(source for source, known in arrows_walked() if known == action)
    source = "asked" if action in ("cancel", "withdraw") else source
    request = world.request_for(source, action)
    if step.action == "end_rota":
        world.edition.holdings.all().delete()
    supplier = getattr(getattr(request.attempts.last(), "supplier", None), "email", "desk@jkt.example")
    OutgoingMail.objects.all().delete()
    if source == "approved" and step.side is Side.PORTAL:
        engine.resume_routing(request.pk)
    else:
        world.take(request, step.action)
    sent = set(OutgoingMail.objects.values_list("template", "to_email"))
    address = {Side.PATRON: "ayu@example.org", Side.REQUESTING: "desk@bdg.example", Side.SUPPLYING: supplier}
    told = [
        mail
        for mail in step.mails
        if mail.to in address and not (mail.to is Side.SUPPLYING and source == "submitted")
    ]
    assert {(mail.template, address[mail.to]) for mail in told} <= sent
    by_routing = {"loan_asked", "loan_end_of_list"}
    assert {template for template, _to in sent} - {mail.template for mail in step.mails} <= by_routing


def test_no_mail_to_a_supplier_names_the_reader(world: World) -> None:
    request = world.take(world.submit(), *GOOD)
    message_send(request=request, attempt=request.attempts.get(), body="Thanks!", actor=world.desk)
    supplier = request.attempts.get().supplier.email
    mails = OutgoingMail.objects.filter(to_email=supplier)
    assert mails.count() == 3
    assert all("Ayu" not in mail.subject + mail.body_text + mail.body_html for mail in mails)


def test_mails_are_whole_in_text_and_html(world: World) -> None:
    request = world.take(world.submit(), *GOOD)
    for mail in OutgoingMail.objects.all():
        for text in (mail.subject, mail.body_text, mail.body_html):
            assert "%(" not in text
            assert "{{" not in text
        assert request.number in mail.body_text
        assert request.number in mail.body_html
        assert "Laskar Pelangi" in mail.subject
        assert re.search(r"/(requests|my/requests)/" + request.number, mail.body_text)


def test_reader_is_written_to_in_their_language(world: World) -> None:
    world.patron.language = "en"
    world.patron.save()
    world.submit()
    assert "Dear Ayu Lestari" in OutgoingMail.objects.get(template="loan_received").body_text


def test_library_without_an_address_has_its_librarians_written_to(world: World) -> None:
    Library.objects.filter(pk=world.home.pk).update(email="")
    world.home.refresh_from_db()
    make_person("chief@example.org", world.home, Role.MANAGER)
    make_person("waiting@example.org", world.home, Role.LIBRARIAN, confirmed=False)
    world.submit()
    to = OutgoingMail.objects.filter(template="loan_to_approve").values_list("to_email", flat=True)
    assert set(to) == {"lib-bdg@example.org", "chief@example.org"}


def test_refusal_tells_the_reader_the_reason_and_the_note(world: World) -> None:
    engine.transition(world.submit(), "refuse", world.desk, reason="held_here", note="Floor 2, shelf 5")
    assert "Floor 2, shelf 5" in OutgoingMail.objects.get(template="loan_refused").body_text


def test_message_is_mailed_to_the_other_library(world: World) -> None:
    request = world.request_in("asked")
    attempt = request.attempts.get()
    message_send(request=request, attempt=attempt, body="Which edition?", actor=world.supplier(request))
    mail = OutgoingMail.objects.get(template="loan_message")
    assert mail.to_email == "desk@bdg.example"
    assert "Which edition?" in mail.body_text


@pytest.mark.parametrize(
    ("who", "body", "code"),
    [("BDG", "  ", "empty"), ("MKS", "x", "not_yours"), ("BDG", "x" * 4001, "too_long")],
)
def test_message_that_makes_no_sense_is_refused(world: World, who: str, body: str, code: str) -> None:
    request = world.request_in("asked")
    with pytest.raises(RuleViolation) as refused:
        message_send(request=request, attempt=request.attempts.get(), body=body, actor=world.actor(who))
    assert refused.value.code == code


# Words that only fit where a book is lent; titles and names are taken out before looking.
OF_LOANS = re.compile(
    r"\b(books?|borrow\w*|lend\w*|lent|loan|buku\w*|pinjam\w*|meminjam\w*|dipinjam\w*)\b", re.IGNORECASE
)


@pytest.mark.parametrize("language", ["id", "en"])
def test_no_mail_about_a_copy_speaks_of_lending_a_book(world: World, language: str) -> None:
    Library.objects.update(email="")
    request = world.request_in("lent")
    User.objects.update(language=language)
    Request.objects.filter(pk=request.pk).update(service="copy", part={"chapter": "3", "pages": "1-9"})
    request = Request.objects.get(pk=request.pk)
    attempt = request.attempts.get()
    written, wrong = 0, []
    about_copies = {mail for step in STEPS if Service.COPY in step.services for mail in step.mails}
    for mail in sorted({*SUBMIT_MAILS, *about_copies}, key=str):
        if mail.template in ("loan_converted", "loan_local"):
            continue  # told by name: loan and copy exchanged, the book stands in the own library
        OutgoingMail.objects.all().delete()
        mails.queue([mail], request, attempt, world.desk, reason="not_found", dedupe="x")
        for row in OutgoingMail.objects.all():
            own = row.body_text.replace(settings.PORTAL_NAME, "").replace("/loans", "")
            if OF_LOANS.search(f"{row.subject}\n{own}"):
                wrong.append(f"{mail.template} to {mail.to.value}: {row.subject}\n{own}")
            written += 1
    assert not wrong, "\n".join(wrong)
    assert written > 20


def test_lost_offers_are_told_in_one_mail_of_the_desk(world: World) -> None:
    first, second = world.submit(), world.submit(edition=another(world))
    jakarta = world.libraries["JKT"]
    notices_leave(Held("loan_outbid", jakarta, request) for request in (first, second))
    assert digests_send() == 1
    mail = OutgoingMail.objects.get(template="loan_digest")
    assert mail.to_email == "desk@jkt.example"
    assert "perpustakaan lain" in mail.body_text.lower()
    assert first.number in mail.body_text and second.number in mail.body_text
    supplier = world.actor("JKT")
    assert [row.pk for row in request_mails(first, supplier)] == [mail.pk], "the log of each finds it"
    assert list(request_mails(first, world.actor("SMG"))) == []
    assert digests_send() == 0
