"""What stands of mail on a request's page, who sees it, and how new messages are told in the menus."""

from __future__ import annotations

import pytest
from django.urls import reverse

from loans.services import message_send
from loans.services.patron import reader_answer
from loans.workflow import engine
from network_portal.core.models import OutgoingMail
from tests.loans.pages import client_of, text_of
from tests.loans.world import World


def test_each_library_sees_the_mails_of_its_own_about_the_request(world: World) -> None:
    loan = world.request_in("shipped")
    page = reverse("loans:request", args=[loan.number])
    borrower, lender = (client_of(world, who).get(page) for who in ("BDG", "JKT"))
    assert {mail.to_email for mail in borrower.context["mails"]} == {"desk@bdg.example", "ayu@example.org"}
    assert {mail.to_email for mail in lender.context["mails"]} == {"desk@jkt.example"}
    assert "ayu@example.org" not in lender.content.decode()
    assert "to Ayu Lestari (ayu@example.org)" in text_of(borrower)
    assert not client_of(world, "JKT").get(page).context["mails"][0].get_deferred_fields() - {
        "body_text",
        "body_html",
    }


def test_mails_about_other_requests_do_not_stand_there(world: World) -> None:
    loan = world.request_in("asked")
    OutgoingMail.objects.filter(target_id=str(loan.pk)).update(target_id=str(loan.pk + 1))
    assert client_of(world, "BDG").get(reverse("loans:request", args=[loan.number])).context["mails"] == []


def test_a_mail_that_failed_is_sent_again_from_the_request(world: World) -> None:
    loan = world.request_in("asked")
    page = reverse("loans:request", args=[loan.number])
    mail = OutgoingMail.objects.filter(library_id=world.home.pk).latest("pk")
    OutgoingMail.objects.filter(pk=mail.pk).update(status="failed", last_error="SMTPServerDisconnected: gone")
    client = client_of(world, "BDG")
    html = client.get(page).content.decode()
    again = reverse("core:mail_resend", args=[mail.pk])
    assert html.count(f'action="{again}"') == 1 and "SMTPServerDisconnected" in html
    answer = client.post(again, {"next": f"{page}#mail"})
    assert answer.headers["Location"] == f"{page}#mail"
    mail.refresh_from_db()
    assert mail.status == "queued"
    assert client_of(world, "JKT").post(again).status_code == 404, "another library's mail"


def test_resending_never_leads_to_another_site(world: World) -> None:
    world.request_in("asked")
    mail = OutgoingMail.objects.filter(library_id=world.home.pk).latest("pk")
    OutgoingMail.objects.filter(pk=mail.pk).update(status="failed")
    answer = client_of(world, "BDG").post(
        reverse("core:mail_resend", args=[mail.pk]), {"next": "https://elsewhere.example/"}
    )
    assert answer.headers["Location"] == reverse("core:mail_detail", args=[mail.pk])


def test_new_messages_are_counted_in_the_menu_until_they_are_read(world: World) -> None:
    loan = world.request_in("asked")
    message_send(request=loan, attempt=engine.live_attempt(loan), body="This week?", actor=world.desk)
    client, inbox = client_of(world, "JKT"), reverse("loans:inbox")
    counted = {item.url: item.todo for item in client.get(reverse("pages:help")).context["nav"]}
    assert counted[inbox] == 1
    page = client.get(inbox)
    assert page.context["unread"] == 1 and "This week?" in text_of(page)
    assert client.get(inbox).context["unread"] == 1, "a list of messages is not the message"
    client.get(reverse("loans:request_messages", args=[loan.number]))
    assert client.get(inbox).context["unread"] == 0
    assert inbox not in {item.url for item in client.get(inbox).context["nav"]}
    assert "This week?" not in text_of(client_of(world, "SMG").get(inbox))


@pytest.mark.parametrize("ended", [False, True])
def test_readers_see_on_their_list_that_their_library_wrote(world: World, ended: bool) -> None:
    loan = world.request_in("refused" if ended else "asked")
    reader_answer(request=loan, body="Please come by.", actor=world.desk)
    client, mine = client_of(world, "patron"), reverse("loans:my_requests")
    page = client.get(mine)
    assert "1 new message" in text_of(page)
    assert {item.url: item.todo for item in page.context["nav"]}[mine] == 1
    client.get(reverse("loans:my_request_message", args=[loan.number]))
    after = client.get(mine)
    assert "new message" not in text_of(after)
    assert {item.url: item.todo for item in after.context["nav"]}[mine] == 0
