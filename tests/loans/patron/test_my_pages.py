"""The reader's own pages: one plain line, who is next, messages with the library, steps that are the reader's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from loans.models import Message, Request
from loans.presenters.patron import patron_card
from loans.selectors.requests import requests_of_patron
from loans.services.patron import reader_answer, reader_write
from network_portal.core.errors import RuleViolation
from network_portal.core.models import OutgoingMail
from tests.loans.pages import another, client_of, text_of
from tests.loans.world import World


def _card(world: World, request: Request) -> object:
    return patron_card(requests_of_patron(world.patron.pk).get(pk=request.pk))


def test_reader_sees_now_next_and_who(world: World) -> None:
    request = world.submit()
    page = text_of(client_of(world, "patron").get(reverse("loans:my_request", args=[request.number])))
    assert "Perpustakaan Kota Bandung" in page
    card = _card(world, request)
    assert card.by.startswith("Next: Perpustakaan Kota Bandung, by ")  # type: ignore[attr-defined]


def test_no_day_is_promised_that_has_passed(world: World) -> None:
    request = world.submit()
    Request.objects.filter(pk=request.pk).update(deadline_at=timezone.now() - timedelta(days=1))
    assert _card(world, request).by == "Next: Perpustakaan Kota Bandung."  # type: ignore[attr-defined]


def test_finished_request_waits_for_nobody(world: World) -> None:
    request = world.take(world.submit(), "refuse")
    assert _card(world, request).by == ""  # type: ignore[attr-defined]


def test_reader_and_own_library_write_to_each_other(world: World) -> None:
    request = world.submit()
    reader = client_of(world, "patron")
    url = reverse("loans:my_request_message", args=[request.number])
    for _twice in range(2):
        reader.post(url, {"body": "I need it for my thesis."})
    assert Message.objects.count() == 1
    mail = OutgoingMail.objects.get(template="loan_message")
    assert mail.to_email == "desk@bdg.example"
    answer_url = reverse("loans:reader_messages", args=[request.number])
    assert answer_url in mail.body_text
    desk = client_of(world, "BDG")
    assert "I need it for my thesis." in text_of(desk.get(answer_url))
    assert Message.objects.get().read_at is not None
    desk.post(answer_url, {"body": "We will hurry."})
    assert OutgoingMail.objects.filter(template="loan_message", to_email="ayu@example.org").count() == 1
    assert "(1)" in text_of(reader.get(reverse("loans:my_request", args=[request.number])))
    assert "We will hurry." in text_of(reader.get(url))
    assert "(1)" not in text_of(reader.get(reverse("loans:my_request", args=[request.number])))


def test_other_library_never_sees_what_the_reader_wrote(world: World) -> None:
    request = world.take(world.submit(), "approve")
    reader_write(request=request, body="Between us", actor=world.reader)
    supplier = client_of(world, "JKT")
    assert "Between us" not in text_of(supplier.get(reverse("loans:request", args=[request.number])))
    assert supplier.get(reverse("loans:reader_messages", args=[request.number])).status_code == 404
    with pytest.raises(RuleViolation) as error:
        reader_answer(request=request, body="x", actor=world.actor("JKT"))
    assert error.value.code == "not_yours"
    with pytest.raises(PermissionDenied):
        reader_answer(request=request, body="x", actor=world.reader)


def test_reader_cannot_flood_the_library(world: World) -> None:
    request = world.submit()
    for number in range(5):
        reader_write(request=request, body=f"Line {number}", actor=world.reader)
    with pytest.raises(RuleViolation) as error:
        reader_write(request=request, body="Line 6", actor=world.reader)
    assert error.value.code == "too_many"


def test_strangers_do_not_write(world: World) -> None:
    request = world.submit()
    with pytest.raises(RuleViolation) as error:
        reader_write(request=request, body="x", actor=world.actor("SMG"))
    assert error.value.code == "not_yours"


def test_step_of_somebody_else_is_not_there_for_the_reader(world: World) -> None:
    request = world.submit()
    url = reverse("loans:my_request_step", args=[request.number, "approve"])
    assert client_of(world, "patron").post(url).status_code == 404
    assert Request.objects.get(pk=request.pk).status == "submitted"


def test_staff_read_why_a_request_waits_and_the_lender_does_not(world: World) -> None:
    request = world.submit(level="rush")
    url = reverse("loans:request", args=[request.number])
    page = text_of(client_of(world, "BDG").get(url))
    assert "The reader asks for it faster than usual." in page
    world.take(request, "approve")
    assert "faster than usual" not in text_of(client_of(world, "JKT").get(url))


def _taken(world: World, request: Request, action: str, **values: str) -> Request:
    """Through the page: the link stands there, often on "my requests" already; the step is asked and then taken."""
    reader = client_of(world, "patron")
    url = reverse("loans:my_request_step", args=[request.number, action])
    listed = url in reader.get(reverse("loans:my_requests")).content.decode()
    assert listed == (action not in ("report_lost", "cancel_ask"))
    assert url in reader.get(reverse("loans:my_request", args=[request.number])).content.decode()
    asked = reader.get(url)
    assert asked.status_code == 200, action
    reader.post(url, {"version": asked.context["version"], **values})
    request.refresh_from_db()
    return request


def test_reader_asks_to_keep_it_longer(world: World) -> None:
    request = _taken(world, world.request_in("lent"), "renew_ask")
    assert request.flags.filter(kind="renew_asked", cleared_at=None).exists()
    again = client_of(world, "patron").get(reverse("loans:my_requests"))
    assert "/do/renew_ask/" not in again.content.decode()  # asked once is enough
    assert "You asked to keep it longer; Perpustakaan Jakarta has not answered yet." in text_of(again)


def test_what_waits_at_the_desk_is_neither_lost_nor_kept_longer_by_the_reader(world: World) -> None:
    request = world.request_in("ready")
    page = client_of(world, "patron").get(reverse("loans:my_request", args=[request.number])).content.decode()
    assert "/do/renew_ask/" not in page
    assert "/do/report_lost/" not in page


def test_reader_reports_a_loss_in_a_few_words(world: World) -> None:
    request = world.request_in("lent")
    reader = client_of(world, "patron")
    url = reverse("loans:my_request_step", args=[request.number, "report_lost"])
    assert list(reader.post(url, {"note": " "}).context["form"].errors) == ["note"]
    request = _taken(world, request, "report_lost", note="Tertinggal di kereta")
    assert request.flags.filter(kind="lost", cleared_at=None).exists()
    mine = text_of(client_of(world, "patron").get(reverse("loans:my_requests")))
    assert "You reported it lost." in mine
    assert "Bring it back" not in mine
    assert "Tertinggal di kereta" in text_of(
        client_of(world, "JKT").get(reverse("loans:request", args=[request.number]))
    )


def test_reader_asks_to_cancel_what_was_promised(world: World) -> None:
    request = _taken(world, world.request_in("will_supply"), "cancel_ask")
    assert request.status == "will_supply"
    assert request.flags.filter(kind="cancel_asked", cleared_at=None).exists()


def test_reader_sees_a_condition_with_its_price_and_answers(world: World) -> None:
    request = world.take(world.request_in("conditional"), "ask_patron_cost")
    shown = text_of(
        client_of(world, "patron").get(
            reverse("loans:my_request_step", args=[request.number, "accept_condition_cost"])
        )
    )
    assert "IDR 15,000" in shown
    assert "library use only" in shown.lower() or "in the library" in shown.lower()
    request = _taken(world, request, "accept_condition_cost")
    assert (request.status, request.quoted_amount) == ("will_supply", 15_000)
    assert request.cost_approved_at is not None


def test_reader_refuses_a_condition_and_the_next_library_is_asked(world: World) -> None:
    request = world.take(world.request_in("conditional"), "ask_patron_cost")
    request = _taken(world, request, "decline_condition_cost")
    assert (request.status, request.attempts.count()) == ("asked", 2)


def test_steps_of_the_desk_are_no_pages_of_the_reader(world: World) -> None:
    request = world.request_in("lent")
    reader = client_of(world, "patron")
    for action in ("take_back", "approve", "recall", "nonsense"):
        url = reverse("loans:my_request_step", args=[request.number, action])
        assert reader.get(url).status_code == 404, action


def test_list_of_requests_asks_as_often_for_many_as_for_few(
    world: World, django_assert_max_num_queries: Any
) -> None:
    for number in range(6):
        world.take(world.submit(edition=another(world, f"Judul {number}")), "approve", "accept", "ship")
    reader = client_of(world, "patron")
    reader.get(reverse("loans:my_requests"))
    with django_assert_max_num_queries(20):
        reader.get(reverse("loans:my_requests"))
