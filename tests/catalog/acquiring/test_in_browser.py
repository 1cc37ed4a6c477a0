"""The pages of this room in a real Chromium: accessible, readable at 320 px, and walked without a script."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.utils import timezone

from catalog.acquiring.services import checks, keeping, offers, plans, wanted
from tests.catalog.acquiring.world import ISBNS, World, failed_request, make_world
from tests.members.world import client_of

pytestmark = [pytest.mark.django_db(transaction=True)]


def pages_of(world: World) -> list[str]:
    """One of everything, as the offering library sees it."""
    own, edition = world.actor("own"), world.edition("own", "A1")
    failed_request(world.near, "N-1", edition=edition, title=edition.title)
    wanted.wanted_remake()
    plan = plans.plan_mark(subject=plans.Subject(edition), mark=plans.Mark(note="x"), actor=own)
    plans.plan_mark(subject=plans.Subject(edition), mark=plans.Mark(), actor=world.actor("near"))
    check = checks.check_start(name="Rak 1", data=f"A1\n{ISBNS[0]}\nx\n".encode(), actor=own)
    checks.check_work(job_id=check.job_id or 0)
    day = timezone.localdate() + timedelta(days=20)
    rows = list(check.rows.values_list("pk", flat=True))
    offer = offers.offer_make(check=check, closes_on=day, note="", actor=own, rows=rows)
    for line in offer.lines.all():
        offers.line_claim(line=line, actor=world.actor("near"))
    keeping.keep_promise(edition=world.edition("own", "C1"), until=None, note="", actor=own)
    return [
        "/acquisition/", "/acquisition/plans/", f"/acquisition/plans/{plan.pk}/", f"/acquisition/plans/{plan.pk}/edit/",
        f"/acquisition/plans/new/?edition={edition.pk}", "/acquisition/plans/new/", "/acquisition/last-copies/",
        f"/acquisition/keep/{edition.pk}/", "/acquisition/kept/", "/acquisition/checks/",
        f"/acquisition/checks/{check.pk}/", "/acquisition/offers/", f"/acquisition/offers/{offer.pk}/",
        f"/edition/{edition.pk}",
    ]  # fmt: skip


def test_axe_finds_nothing_and_nothing_runs_off_the_screen(
    live_server: Any, browser_page: Any, tmp_path: Path
) -> None:
    world = make_world(tmp_path)
    urls = pages_of(world)
    cookie = client_of(world.staff["own"]).cookies[settings.SESSION_COOKIE_NAME].value
    browser_page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )
    browser_page.set_viewport_size({"width": 320, "height": 800})
    for url in urls:
        assert browser_page.goto(live_server.url + url).status == 200, url
        violations = Axe().run(browser_page).response["violations"]
        assert [(url, each["id"], each["nodes"][0]["html"]) for each in violations] == []
        assert browser_page.evaluate("document.documentElement.scrollWidth") <= 320, url
