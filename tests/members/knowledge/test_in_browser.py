"""The pages of this room in a real Chromium: accessible, and readable at 320 px."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings

from members.choices import Role
from members.knowledge.services import experts, items, news, questions
from members.knowledge.services.items import Content
from members.models import Network
from tests.members.knowledge.test_items import VALUES
from tests.members.world import actor_of, client_of, make_library, make_member

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def pages() -> tuple[Any, list[str]]:
    """A coordinator, and one of everything."""
    library = make_library("BANDUNG")
    boss = make_member("sri@jaringan.example", library, Role.COORDINATOR)
    actor = actor_of(boss)
    item = items.item_share(actor=actor, content=Content(link="https://example.org/"), values=VALUES)
    question = questions.question_ask(actor=actor, title="Bagaimana ini?", body="**Itu**", topics=["digital"])
    questions.answer_give(question=question, actor=actor, body="- begini\n- begitu")
    values = {"topics": ["digital"], "languages": ["id"], "offers": ["mail"], "about": "x"}
    experts.expert_save(actor=actor, values=values)
    told = dict.fromkeys(news.FIELDS, "") | dict.fromkeys(("network", "starts_at", "ends_at"))
    told |= {"title_id": "Kabar", "is_public": True, "is_pinned": True, "by_mail": False}
    row = news.news_save(actor=actor, values=told)
    news.news_publish(news=row, actor=actor, published=True)
    Network.objects.create(code="BERSAMA", name="Bersama")
    return boss, [
        "/knowledge/", f"/knowledge/{item.pk}/", "/knowledge/new/", "/questions/", f"/questions/{question.pk}/",
        "/questions/new/", "/questions/following/", "/questions/reports/", "/experts/", "/experts/me/", "/news/",
        f"/news/{row.pk}/", "/news/new/", "/network/bersama/", "/network/bersama/page/", "/shared-lists/",
    ]  # fmt: skip


def test_axe_finds_nothing_and_nothing_runs_off_the_screen(
    live_server: Any, browser_page: Any, pages: tuple[Any, list[str]]
) -> None:
    boss, urls = pages
    cookie = client_of(boss).cookies[settings.SESSION_COOKIE_NAME].value
    browser_page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )
    browser_page.set_viewport_size({"width": 320, "height": 800})
    for url in urls:
        assert browser_page.goto(live_server.url + url).status == 200, url
        violations = Axe().run(browser_page).response["violations"]
        assert [(url, each["id"], each["nodes"][0]["html"]) for each in violations] == []
        assert browser_page.evaluate("document.documentElement.scrollWidth") <= 320, url
