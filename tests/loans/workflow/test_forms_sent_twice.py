"""Double clicks, replayed forms and stale pages: nothing is done twice, and the person is told what happened."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client
from django.urls import reverse

from loans.models import Request, RequestEvent
from loans.workflow import engine
from network_portal.core.models import OutgoingMail
from tests.loans.pages import client_of, text_of
from tests.loans.world import World, params_for


def do(client: Client, request: Request, action: str, accept: str = "", **values: Any) -> Any:
    url = reverse("loans:request_action", args=[request.number, action])
    return client.post(url, values, headers={"accept": accept} if accept else {})


def key_on(client: Client, url: str) -> str:
    found = re.search(r'name="key" value="([\w-]{10,})"', client.get(url).content.decode())
    assert found is not None
    return found[1]


def test_every_form_of_the_request_page_carries_a_key_of_its_own(world: World) -> None:
    request = world.submit()
    client = client_of(world, "BDG")
    page = client.get(reverse("loans:request", args=[request.number])).content.decode()
    keys = re.findall(r'name="key" value="([^"]+)"', page)
    assert len(keys) > 1 and len(set(keys)) == len(keys)
    assert page.count('name="version"') == len(keys)


def test_a_form_sent_twice_is_taken_once_and_the_person_is_told(world: World) -> None:
    request = world.submit()
    client = client_of(world, "BDG")
    key = key_on(client, reverse("loans:request", args=[request.number]))
    for _click in range(2):
        answer = do(client, request, "approve", version=1, key=key)
        assert answer.status_code == 302
    assert RequestEvent.objects.filter(request=request, action="approve").count() == 1
    assert OutgoingMail.objects.filter(template="loan_asked").count() == 1
    assert "This has been done already; nothing was done twice." in text_of(client.get(answer.url))


def test_a_replayed_form_without_a_version_does_nothing_either(world: World) -> None:
    """The step fits again by then; only the key tells that this is the same form."""
    request = world.request_in("asked")
    client = client_of(world, world.supplier(request).library_name and _code(world, request))
    do(client, request, "acknowledge", key="k1")
    Request.objects.get(pk=request.pk).attempts.update(status="asked")
    answer = do(client, request, "acknowledge", key="k1")
    assert answer.status_code == 302
    assert RequestEvent.objects.filter(request=request, action="acknowledge").count() == 1


def _code(world: World, request: Request) -> str:
    attempt = engine.live_attempt(request)
    assert attempt is not None
    return attempt.supplier.short_code


def test_a_stale_page_is_told_what_happened_meanwhile_and_where_it_stands(world: World) -> None:
    request = world.request_in("asked")
    seen = request.version
    engine.transition(request, "decline", world.supplier(request), reason="on_loan")
    client = client_of(world, "BDG")
    answer = do(client, request, "withdraw", version=seen, reason="other", note="x")
    assert answer.status_code == 409
    told = text_of(answer)
    assert "Meanwhile it has gone on" in told and "Nothing was changed." in told
    assert "cannot lend it" in told and "Library asked" in told
    assert "Withdraw request" in told, "what can be done now is offered"
    assert "Asked for" not in told, "what the page showed is not told again"
    assert Request.objects.get(pk=request.pk).status == "asked"


def test_a_step_that_is_out_of_order_is_refused_with_the_present_state(world: World) -> None:
    request = world.request_in("will_supply")
    code = _code(world, request)
    engine.transition(request, "ship", world.supplier(request), **params_for("ship"))
    answer = do(client_of(world, code), request, "accept", version=request.version)
    assert answer.status_code == 409
    assert "On the way" in text_of(answer)


def test_undo_from_a_stale_page_tells_that_it_has_gone_on(world: World) -> None:
    request = world.take(world.request_in("received"), "make_ready")
    engine.transition(request, "lend", world.desk)
    url = reverse("loans:request_undo", args=[request.number])
    answer = client_of(world, "BDG").post(url, {"version": request.version})
    assert answer.status_code == 409
    assert "Lent to the reader" in text_of(answer)


def test_programs_get_409_with_code_and_state(world: World) -> None:
    request = world.request_in("asked")
    client = client_of(world, "BDG")
    answer = do(client, request, "accept", accept="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (409, "application/problem+json")
    assert (answer.json()["code"], answer.json()["state"]) == ("not_with_you", "asked")
    wrong = do(
        client_of(world, _code(world, request)),
        request,
        "set_conditions",
        accept="application/json",
        version=1,
    )
    assert (wrong.status_code, wrong.json()["code"]) == (422, "form_incomplete")
    done = do(client, request, "pass_on", accept="application/json", version=request.version, key="k")
    assert done.json()["version"] > request.version
    again = do(client, request, "pass_on", accept="application/json", version=request.version, key="k")
    assert (again.status_code, again.json()["code"]) == (409, "already_done")


def test_ticked_requests_sent_twice_are_done_once_and_each_is_told(world: World) -> None:
    requests = [world.submit(), world.submit(edition=_other(world))]
    client = client_of(world, "BDG")
    key = key_on(client, reverse("loans:queue_requesting"))
    values = {"do": "approve", "number": [one.number for one in requests], "key": key, "next": "/"}
    first = client.post(reverse("loans:queue_bulk"), values)
    assert "Done with 2 requests." in text_of(first)
    second = client.post(reverse("loans:queue_bulk"), values)
    assert text_of(second).count("This has been done already") == 2
    assert RequestEvent.objects.filter(action="approve").count() == 2


def _other(world: World) -> Any:
    from tests.loans.pages import another

    return another(world)
