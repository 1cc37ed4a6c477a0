"""The request page offers to take the last step back, and takes it once."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from loans.models import Request
from loans.workflow import engine
from tests.loans.world import World


def test_request_page_takes_the_last_step_back_once(world: World, client: Client) -> None:
    request = engine.transition(world.request_in("received"), "make_ready", world.desk)
    client.force_login(world.people["BDG"])
    page = client.get(reverse("loans:request", args=[request.number]))
    assert reverse("loans:request_undo", args=[request.number]) in page.content.decode()
    for _click in range(2):
        client.post(reverse("loans:request_undo", args=[request.number]), {"version": request.version})
    now = Request.objects.get(pk=request.pk)
    assert (now.status, now.events.filter(action="undo").count()) == ("received", 1)
