"""A closed request is opened again from its page, which says where it goes on and, where it cannot be, why."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from loans.models import Request
from network_portal.core.models import OutgoingMail
from tests.loans.pages import client_of, text_of
from tests.loans.world import World


def test_the_page_of_a_closed_request_leads_to_opening_it_again(world: World) -> None:
    request = world.request_in("cancelled")
    desk = client_of(world, "BDG")
    url = reverse("loans:request_reopen", args=[request.number])
    assert url in desk.get(reverse("loans:request", args=[request.number])).content.decode()
    told = text_of(desk.get(url))
    assert "goes on at “To approve”" in told and "2 more times" in told
    assert desk.post(url, {"reason": " "}).status_code == 200, "a reason is asked"
    for _click in range(2):
        answer = desk.post(url, {"reason": "The reader wants it after all."})
    assert answer.status_code == 302
    now = Request.objects.get(pk=request.pk)
    assert (now.status, now.reopened, now.outcome) == ("submitted", 1, "")
    assert now.events.filter(action="reopen").count() == 1
    assert OutgoingMail.objects.filter(template="loan_reopened").count() == 1
    assert "The reader wants it after all." in text_of(
        desk.get(reverse("loans:request", args=[request.number]))
    )


def test_a_book_that_was_said_to_be_back_is_expected_again(world: World) -> None:
    request = world.request_in("completed")
    supplier = request.attempts.get()
    told = text_of(client_of(world, "BDG").get(reverse("loans:request_reopen", args=[request.number])))
    assert "On the way back" in told and "the same book is expected" in told
    client_of(world, "BDG").post(
        reverse("loans:request_reopen", args=[request.number]), {"reason": "It was another book."}
    )
    now = Request.objects.get(pk=request.pk)
    assert (now.status, now.attempts.get().status, now.owner_side) == ("sent_back", "sent_back", "supplying")
    assert world.actor(supplier.supplier.short_code).library_id == now.owner_library_id
    assert world.take(now, "complete").status == "completed"


def test_it_is_told_why_it_cannot_be_opened_again(world: World) -> None:
    request = world.request_in("cancelled")
    Request.objects.filter(pk=request.pk).update(closed_at=timezone.now() - timedelta(days=40))
    desk = client_of(world, "BDG")
    page = text_of(desk.get(reverse("loans:request", args=[request.number])))
    assert "It cannot be opened again. It was closed too long ago." in page
    answer = desk.get(reverse("loans:request_reopen", args=[request.number]), follow=True)
    assert "It was closed too long ago." in text_of(answer)


def test_nobody_else_is_offered_to_open_it(world: World) -> None:
    request = world.request_in("completed")
    code = request.attempts.get().supplier.short_code
    url = reverse("loans:request_reopen", args=[request.number])
    other = client_of(world, code)
    assert url not in other.get(reverse("loans:request", args=[request.number])).content.decode()
    other.post(url, {"reason": "Please."})
    assert Request.objects.get(pk=request.pk).status == "completed"
