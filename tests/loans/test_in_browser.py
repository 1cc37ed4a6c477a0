"""Every page and every step's form of the loan rooms in a real Chromium, on a phone: accessible, within the screen.

The pages are read from the addresses, the forms from the table: what is added is looked at too.
"""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import timezone

from loans.models import Request
from loans.workflow.steps import STEP_BY
from loans.workflow.vocabulary import Form, Side, Step
from members.choices import Role
from members.models import Membership
from tests.loans.workflow.stage import DESKS, stand
from tests.loans.world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)
WIDTH = 320
# Each asks something of the one who takes it; a click alone has no page.
FORMS = {form for form in Form if form is not Form.NONE}
NO_PAGE = {
    "queue_new",
    "queue_scan",
    "request_openurl",
    "slips_pdf",
    "api_figures",
}  # parts, files, ways elsewhere
Row = tuple[str, Step, str]  # from which state, which step, of a loan or of a copy


@pytest.fixture
def world() -> World:
    return make_world()


def log_in(page: Any, live_server: Any, world: World, who: str) -> None:
    client = Client()
    client.force_login(world.people[who])
    cookie = {
        "name": settings.SESSION_COOKIE_NAME,
        "value": client.cookies["sessionid"].value,
        "url": live_server.url,
    }
    page.context.clear_cookies()
    page.context.add_cookies([cookie])
    page.set_viewport_size({"width": WIDTH, "height": 800})


def look(page: Any, url: str) -> bool:
    """False where the address shows no page to this person."""
    answer = page.goto(url)
    if answer.status in (403, 404, 405):
        return False
    assert answer.status == 200, url
    found = Axe().run(page).response["violations"]
    assert [(url, each["id"], each["nodes"][0]["html"]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTH, url
    return True


def pages() -> list[str]:
    """The addresses of the loan rooms that need no number."""
    names = {name for name in get_resolver("loans.urls").reverse_dict if isinstance(name, str)}
    found = []
    for name in sorted(names - NO_PAGE):
        try:
            found.append(reverse(f"loans:{name}"))
        except NoReverseMatch:
            continue
    return found


@pytest.mark.parametrize(("who", "role", "at_least"), [("BDG", Role.MANAGER, 15), ("coordinator", "", 10)])
def test_axe_finds_nothing_on_any_page(
    live_server: Any, browser_page: Any, world: World, who: str, role: str, at_least: int
) -> None:
    if role:
        Membership.objects.filter(user=world.people[who]).update(role=role)
    world.take(world.submit(), "approve", "accept", "ship")
    log_in(browser_page, live_server, world, who)
    seen = [url for url in pages() if look(browser_page, live_server.url + url)]
    assert len(seen) >= at_least, seen


def rows_of(side: Side) -> dict[Form, Row]:
    """For each form that somebody of this side is given: one row of the table that asks it."""
    rows: dict[Form, Row] = {}
    for (source, _action, service), step in STEP_BY.items():
        if step.form in FORMS and side in step.sides and source not in DESKS:
            rows.setdefault(step.form, (source, step, service))
    return rows


@pytest.mark.parametrize("side", [Side.REQUESTING, Side.SUPPLYING])
def test_axe_finds_nothing_on_any_form_of_a_desk(
    live_server: Any, browser_page: Any, world: World, side: Side
) -> None:
    log_in(browser_page, live_server, world, "BDG" if side is Side.REQUESTING else "JKT")
    rows = rows_of(side)
    assert len(rows) >= 4
    for source, step, service in rows.values():
        here = stand(world, source, step, service)
        assert look(browser_page, live_server.url + reverse("loans:request", args=[here.request.number]))
        assert look(browser_page, form_of(live_server, here.request, step)), (step.action, source)
        closed(here.request)


@pytest.mark.parametrize("form", [Form.LIBRARY, Form.NETWORK, Form.DESK])
def test_axe_finds_nothing_on_a_coordinators_forms(
    live_server: Any, browser_page: Any, world: World, form: Form
) -> None:
    source, step, service = next(
        (start, step, of)
        for (start, _action, of), step in STEP_BY.items()
        if step.form is form and start == "coordinator_out"
    )
    here = stand(world, source, step, service)
    Membership.objects.filter(user=world.people["coordinator"]).update(library=world.libraries["JKT"])
    log_in(browser_page, live_server, world, "coordinator")
    assert look(browser_page, form_of(live_server, here.request, step))


def form_of(live_server: Any, request: Request, step: Step) -> str:
    return str(live_server.url + reverse("loans:request_action", args=[request.number, step.action]))


def closed(request: Request) -> None:
    """Out of the way: a reader waits for a title once."""
    values = {"status": "completed", "outcome": "filled", "owner_side": "none", "deadline_at": None}
    Request.objects.filter(pk=request.pk).update(closed_at=timezone.now(), **values)
