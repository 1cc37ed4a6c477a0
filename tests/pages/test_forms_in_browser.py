"""Forms and pages that no walk of tests/e2e passes, in a real Chromium: accessible, and readable at 320 px.

They are the rows of the permission matrix, opened by whoever the matrix lets in and who may do most.
"""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.urls import reverse

from tests.architecture.permission_matrix import ROLES, ROWS, World
from tests.members.world import client_of

pytestmark = [pytest.mark.django_db(transaction=True)]
STRONGEST_FIRST = ("coordinator", "manager", "librarian", "patron")
NAMES = (
    "pages:handbook", "pages:settings", "pages:setting", "members:network_daily",
    "members:learning_edit", "members:learning_decide", "members:learning_internship", "members:learning_step",
    "members:learning_withdraw", "members:learning_opinion", "members:learning_results", "members:certificate_revoke",
    "members:certificate_ask",
    "knowledge:item_edit", "knowledge:version_new", "knowledge:item_hide", "knowledge:question_edit",
    "knowledge:question_history", "knowledge:answer_edit", "knowledge:post_report", "knowledge:post_hide",
    "knowledge:expert_write", "knowledge:news_edit",
    "members:sign_in_choice", "members:sign_in_settings", "members:sign_in_end",
    "members:standing", "members:network_order", "members:agreement_new", "members:agreement_version",
    "members:agreement_edit",
    "loans:balance", "loans:balance_library", "loans:balance_prices", "loans:balance_prices_network",
    "loans:year_report",
    "loans:stuck", "loans:inbox", "catalog:decisions", "catalog:sources", "catalog:shared_lists", "members:agreements",
    "members:imports", "members:learning_overview", "knowledge:news", "knowledge:experts",
)  # fmt: skip


def test_axe_finds_nothing_in_rare_forms_and_nothing_runs_off_the_screen(
    live_server: Any, browser_page: Any
) -> None:
    world = World()
    rows = {row.name: row for row in ROWS if row.method == "get"}
    browser_page.set_viewport_size({"width": 320, "height": 800})
    cookies = {
        role: client_of(world.people[role]).cookies[settings.SESSION_COOKIE_NAME].value
        for role in ROLES
        if world.people[role] is not None
    }
    found = []
    for name in NAMES:
        row = rows[name]
        role = next(one for one in STRONGEST_FIRST if row.expected(one) == "200")
        browser_page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookies[role], "url": live_server.url}]
        )
        answer = browser_page.goto(live_server.url + reverse(name, kwargs=row.kwargs(world)))
        if answer.status != 200:
            found.append((name, role, answer.status))
            continue
        violations = Axe().run(browser_page).response["violations"]
        found += [(name, each["id"], each["nodes"][0]["html"][:160]) for each in violations]
        if (wide := browser_page.evaluate("document.documentElement.scrollWidth")) > 320:
            found.append((name, "wide", wide))
    assert found == []
