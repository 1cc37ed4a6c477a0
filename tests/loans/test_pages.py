"""The pages of readers, librarians and the coordinator, through Django's client."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from loans.models import Message, Request
from loans.workflow import engine
from members.choices import Role
from tests.loans.pages import another, client_of, text_of
from tests.loans.world import World, make_person


def act(client: Client, request: Request, action: str, **data: Any) -> Any:
    url = reverse("loans:request_action", args=[request.number, action])
    return client.post(url, {"version": Request.objects.get(pk=request.pk).version, **data}, follow=True)


def test_reader_asks_checks_sends_and_sees_the_request(world: World) -> None:
    client = client_of(world, "patron")
    form_url = f"{reverse('loans:request_new')}?edition={world.edition.pk}"
    assert "Laskar Pelangi" in text_of(client.get(form_url))
    needed = timezone.localdate() + timedelta(days=30)
    check = client.post(form_url, {"needed_by": needed.isoformat(), "note": "Any edition."}, follow=True)
    assert "Any edition." in text_of(check)
    assert "Perpustakaan Kota Bandung" in text_of(check)
    key = check.context["key"]
    changed = client.get(check.context["change_url"])
    assert "Any edition." in text_of(changed)
    sent = client.post(reverse("loans:request_check"), {"draft": key}, follow=True)
    loan = Request.objects.get()
    assert loan.number in text_of(sent)
    assert (loan.needed_by, loan.patron_note) == (needed, "Any edition.")
    again = client.post(reverse("loans:request_check"), {"draft": key}, follow=True)
    assert loan.number in text_of(again)
    assert Request.objects.count() == 1
    assert "is looking at your request" in text_of(client.get(reverse("loans:my_requests")))
    page = text_of(client.get(reverse("loans:my_request", args=[loan.number])))
    assert "You asked for this title." in page
    assert "You collect it at" in page


def test_visitor_is_led_through_the_login_and_back(world: World) -> None:
    url = f"{reverse('loans:request_new')}?edition={world.edition.pk}"
    response = Client().get(url)
    assert response.status_code == 302
    assert "next=/request/new%3Fedition%3D" in response["Location"]


def test_waiting_reader_is_told_what_is_missing(world: World) -> None:
    world.people["new"] = make_person("new@example.org", world.home, Role.PATRON, confirmed=False)
    response = client_of(world, "new").get(reverse("loans:request_new"), {"edition": world.edition.pk})
    assert response.status_code == 403
    assert "has not confirmed your membership yet" in text_of(response)


def test_reader_is_told_where_their_own_library_has_it(world: World) -> None:
    world.hold("BDG", location="Lt. 1", call_number="X 5")
    client = client_of(world, "patron")
    url = f"{reverse('loans:request_new')}?edition={world.edition.pk}"
    assert "Lt. 1, X 5" in text_of(client.get(url))
    refused = client.post(url, {"note": ""})
    assert refused.status_code == 200
    assert Request.objects.count() == 0
    check = client.post(url, {"note": "", "want_anyway": "on"}, follow=True)
    client.post(reverse("loans:request_check"), {"draft": check.context["key"]})
    assert Request.objects.count() == 1


def test_asking_twice_leads_to_the_first_request(world: World) -> None:
    loan = world.submit()
    page = client_of(world, "patron").get(reverse("loans:request_new"), {"edition": world.edition.pk})
    assert reverse("loans:my_request", args=[loan.number]) in page.content.decode()


@pytest.mark.parametrize("edition", ["", "abc", "99999999", "9" * 40])
def test_unknown_book_is_not_found(world: World, edition: str) -> None:
    assert (
        client_of(world, "patron").get(reverse("loans:request_new"), {"edition": edition}).status_code == 404
    )


def test_expired_draft_is_explained(world: World) -> None:
    response = client_of(world, "patron").get(reverse("loans:request_check"), {"draft": "x"}, follow=True)
    assert "Please start again" in text_of(response)


def test_reader_cancels_after_a_question(world: World) -> None:
    loan = world.request_in("asked")
    client = client_of(world, "patron")
    url = reverse("loans:my_request_cancel", args=[loan.number])
    assert "Cancel this request?" in text_of(client.get(url))
    assert Request.objects.get().status == "asked"
    assert "Your request is cancelled" in text_of(client.post(url, follow=True))
    assert "cancelled already" in text_of(client.post(url, follow=True))
    assert Request.objects.get().outcome == "cancelled"


def test_another_readers_request_is_not_there(world: World) -> None:
    loan = world.submit()
    client = client_of(world, "SMG")
    for name in ("my_request", "my_request_cancel", "request_done"):
        assert client.get(reverse(f"loans:{name}", args=[loan.number])).status_code == 404


def test_the_whole_loan_through_the_pages(world: World) -> None:
    loan = world.submit()
    desk = client_of(world, "BDG")
    act(desk, loan, "approve")
    attempt = engine.live_attempt(loan)
    assert attempt is not None
    supplier = client_of(world, attempt.supplier.short_code)
    assert "Laskar Pelangi" in text_of(supplier.get(reverse("loans:queue_supplying")))
    act(supplier, loan, "accept")
    form = supplier.get(reverse("loans:request_action", args=[loan.number, "ship"]))
    due = form.context["form"]["due_on"].initial
    assert due == timezone.localdate() + timedelta(days=28 + 6)
    act(supplier, loan, "ship", due_on=due.isoformat(), barcode="B-77", tracking="JX")
    for action in ("receive", "make_ready", "lend", "take_back"):
        act(desk, loan, action)
    act(desk, loan, "send_back", tracking="")
    done = act(supplier, loan, "complete")
    assert "Back at" in text_of(done)
    assert Request.objects.get().status == "completed"


def test_supplying_library_never_sees_the_reader(world: World) -> None:
    loan = world.request_in("shipped")
    attempt = engine.live_attempt(loan)
    assert attempt is not None
    client = client_of(world, attempt.supplier.short_code)
    for url in (
        reverse("loans:request", args=[loan.number]),
        reverse("loans:queue_supplying") + "?tab=all",
    ):
        assert "Ayu" not in client.get(url).content.decode()
    assert client.get(reverse("loans:queue_supplying"), {"tab": "all", "q": "Ayu"}).context["rows"] == []
    assert "Ayu Lestari" in text_of(client_of(world, "BDG").get(reverse("loans:request", args=[loan.number])))


def test_supplying_library_sees_only_its_own_attempt(world: World) -> None:
    loan = world.take(world.request_in("asked"), "decline")
    first, second = loan.attempts.all()
    page = text_of(
        client_of(world, first.supplier.short_code).get(reverse("loans:request", args=[loan.number]))
    )
    assert first.supplier.name in page
    assert second.supplier.name not in page


def test_uninvolved_library_and_reader_find_no_request_page(world: World) -> None:
    loan = world.request_in("asked")
    outsider = client_of(world, "MKS")
    for name, args in (("request", []), ("request_action", ["accept"]), ("request_action", ["approve"])):
        assert outsider.get(reverse(f"loans:{name}", args=[loan.number, *args])).status_code == 404
        assert outsider.post(reverse(f"loans:{name}", args=[loan.number, *args])).status_code == 404
    assert client_of(world, "patron").get(reverse("loans:request", args=[loan.number])).status_code == 403


def test_form_of_the_other_side_is_refused(world: World) -> None:
    loan = world.request_in("asked")
    response = act(client_of(world, "BDG"), loan, "accept")
    assert "not with your library" in text_of(response)
    assert Request.objects.get().status == "asked"


def test_two_clicks_and_a_stale_page_are_told_apart(world: World) -> None:
    loan = world.submit()
    desk = client_of(world, "BDG")
    url = reverse("loans:request_action", args=[loan.number, "approve"])
    desk.post(url, {"version": 1})
    assert "nothing was done twice" in text_of(desk.post(url, {"version": 1}, follow=True))
    refuse = reverse("loans:request_action", args=[loan.number, "refuse"])
    late = desk.post(refuse, {"version": 1, "reason": "held_here"}, follow=True)
    assert "Nothing was changed" in text_of(late)
    assert Request.objects.get().status == "asked"


def test_missing_reason_keeps_the_form(world: World) -> None:
    loan = world.submit()
    url = reverse("loans:request_action", args=[loan.number, "refuse"])
    response = client_of(world, "BDG").post(url, {"version": 1, "reason": "other", "note": ""})
    assert "Please write the reason" in text_of(response)
    assert Request.objects.get().status == "submitted"


def test_action_returns_to_the_queue_but_not_to_another_site(world: World) -> None:
    desk = client_of(world, "BDG")
    first = world.submit()
    second = world.submit(edition=another(world))
    url = reverse("loans:request_action", args=[first.number, "approve"])
    assert desk.post(url, {"version": 1, "next": "/queue/requesting/?tab=todo"})["Location"].startswith(
        "/queue/"
    )
    url = reverse("loans:request_action", args=[second.number, "approve"])
    assert desk.post(url, {"version": 1, "next": "https://evil.example/"})["Location"].startswith(
        "/requests/"
    )


def test_libraries_write_to_each_other_and_see_what_was_read(world: World) -> None:
    loan = world.request_in("asked")
    attempt = loan.attempts.get()
    desk, supplier = client_of(world, "BDG"), client_of(world, attempt.supplier.short_code)
    url, page = (
        reverse("loans:request_messages", args=[loan.number]),
        reverse("loans:request", args=[loan.number]),
    )
    desk.post(url, {"body": "Is it the hardback?", "attempt": attempt.pk})
    assert "not read yet" in text_of(desk.get(page))
    assert "1 new message" in text_of(supplier.get(reverse("loans:queue_supplying")))
    assert "Is it the hardback?" in text_of(supplier.get(page))
    assert "not read yet" not in text_of(desk.get(page))
    assert Message.objects.get().read_at is not None
    assert client_of(world, "MKS").post(url, {"body": "x"}).status_code == 404
    assert desk.post(url, {"body": "  "}).status_code == 400


@pytest.mark.parametrize(
    "status", ["submitted", "asked", "shipped", "lent", "completed", "end_of_rota", "unfilled"]
)
def test_every_page_is_sound_in_every_state(world: World, status: str) -> None:
    loan = world.request_in(status)
    pages = [("BDG", reverse("loans:request", args=[loan.number])), ("patron", reverse("loans:my_requests"))]
    pages.append(("patron", reverse("loans:my_request", args=[loan.number])))
    for who, url in pages:
        html = client_of(world, who).get(url).content.decode()
        assert html.count("<h1") == 1
        assert "%(" not in html
        assert " style=" not in html
        assert "onclick" not in html


def test_reader_sees_that_the_book_is_overdue(world: World) -> None:
    loan = world.request_in("lent")
    patron = client_of(world, "patron")
    pages = [reverse("loans:my_requests"), reverse("loans:my_request", args=[loan.number])]
    assert all("tag stop" not in patron.get(url).content.decode() for url in pages)
    Request.objects.filter(pk=loan.pk).update(due_on=timezone.localdate() - timedelta(days=1))
    assert all("tag stop" in patron.get(url).content.decode() for url in pages)


def test_second_click_on_send_writes_one_message(world: World) -> None:
    loan = world.request_in("asked")
    url = reverse("loans:request_messages", args=[loan.number])
    for body in ("Is it the hardback?", "Is it the hardback?", "And the year?"):
        client_of(world, "BDG").post(url, {"body": body, "attempt": loan.attempts.get().pk})
    assert Message.objects.count() == 2


@pytest.mark.parametrize("odd", ["\u00b2", "9" * 5000, "-1", "\x00", "1.0"])
def test_odd_numbers_in_hidden_fields_break_nothing(world: World, odd: str) -> None:
    loan = world.request_in("asked")
    desk, supplier = client_of(world, "BDG"), client_of(world, loan.attempts.get().supplier.short_code)
    url = reverse("loans:request_messages", args=[loan.number])
    assert desk.post(url, {"body": "x", "attempt": odd}).status_code in (302, 404)
    action = reverse("loans:request_action", args=[loan.number, "decline"])
    assert supplier.post(action, {"version": odd}).status_code == 200
    too_late = reverse("loans:request_action", args=[loan.number, "ship"])
    assert supplier.post(too_late, {"version": odd}).status_code == 409
    assert desk.post(reverse("members:working_library"), {"library": odd}).status_code < 500


def test_day_in_a_far_future_is_asked_about(world: World) -> None:
    url = f"{reverse('loans:request_new')}?edition={world.edition.pk}"
    assert "Please check the year." in text_of(
        client_of(world, "patron").post(url, {"needed_by": "9999-12-31"})
    )


def test_login_in_the_middle_of_a_message_leads_to_its_thread(world: World) -> None:
    loan = world.request_in("asked")
    url = reverse("loans:request_messages", args=[loan.number])
    late = Client().post(url, {"body": "x"})
    assert late["Location"].endswith(f"next={url}")
    assert client_of(world, "BDG").get(url).status_code == 200
    assert client_of(world, "MKS").get(url).status_code == 404
    assert not Message.objects.exists()


def test_help_page_tells_the_workflow(world: World) -> None:
    page = text_of(Client(HTTP_ACCEPT_LANGUAGE="en").get(reverse("loans:help_workflow")))
    assert "Ready to collect" in page


def test_who_had_to_log_in_before_a_form_was_taken_is_told_to_press_again(world: World) -> None:
    answer = client_of(world, "BDG").get(reverse("loans:queue_bulk"))
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "press the button once more" in text_of(answer)
