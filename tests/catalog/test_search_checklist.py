"""What every search and record page must have for everybody (WCAG 2.2 AA), as tables of checks.

What only a browser can see (contrast, focus, sizes, colours, motion, paper) is in tests/e2e/test_search_for_all.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client
from lxml import html

from catalog.models import Edition
from catalog.search import indexer
from tests.catalog.search.world import edition, library

pytestmark = pytest.mark.django_db
Page = Any
SEARCHES = {
    "results": "/search?q=peta",
    "second page": "/search?q=peta&page=2",
    "filtered": "/search?q=peta&language=eng&from=1990",
    "nothing found": "/search?q=qqqq+wwww",
    "not understood": "/search?q=(peta",
    "values of a filter": "/search/values/author?q=peta",
    "advanced": "/search/advanced?t1=peta&see=1",
}
LISTS = ("results", "second page", "filtered", "not understood")


def main(page: Page) -> Page:
    return page.xpath("//main")[0]


def named(field: Page, page: Page) -> str:
    """The name of a field or group, as a screen reader tells it."""
    if field.get("aria-label"):
        return str(field.get("aria-label"))
    if field.get("aria-labelledby"):
        return str(page.get_element_by_id(field.get("aria-labelledby")).text_content())
    inside = field.xpath("ancestor::label")
    for label in [*inside, *(page.xpath("//label[@for=$id]", id=field.get("id") or "-"))]:
        return str(label.text_content()).strip()
    return ""


def skip_link_comes_first(page: Page) -> bool:
    first = page.xpath("//body//a[@href] | //body//button | //body//input[not(@type='hidden')]")[0]
    return first.get("href") == "#main" and page.get_element_by_id("main").tag == "main"


def one_main_and_labelled_navigations(page: Page) -> bool:
    navigations = page.xpath("//nav")
    return len(page.xpath("//main")) == 1 and all(named(nav, page) for nav in navigations)


def one_heading_of_the_first_rank_and_none_left_out(page: Page) -> bool:
    ranks = [
        int(heading.tag[1])
        for heading in main(page).xpath(".//*[self::h1 or self::h2 or self::h3 or self::h4]")
    ]
    return ranks.count(1) == 1 and all(after <= before + 1 for before, after in pairwise(ranks))


def title_names_page_and_portal(page: Page) -> bool:
    return bool(re.fullmatch(r"\S.* – Jejaring", page.findtext(".//title").strip()))


def every_field_has_a_name(page: Page) -> bool:
    fields = page.xpath("//main//input[not(@type='hidden')] | //main//select | //main//textarea")
    return all(named(field, page) for field in fields)


def groups_of_boxes_have_a_legend(page: Page) -> bool:
    return all(
        group.find("legend") is not None and group.find("legend").text_content().strip()
        for group in page.iter("fieldset")
    )


def links_and_buttons_have_words(page: Page) -> bool:
    seen = page.xpath(
        "//a[@href][not(@aria-hidden)][not(ancestor::*[@aria-hidden='true'])] | //button[not(@aria-hidden)]"
    )
    return all((one.text_content().strip() or one.get("aria-label")) for one in seen)


def what_is_hidden_from_ears_takes_no_focus(page: Page) -> bool:
    hidden = page.xpath(
        "//*[@aria-hidden='true']/descendant-or-self::*[self::a or self::button or self::input]"
    )
    return all(one.get("tabindex") == "-1" for one in hidden)


def nobody_is_ahead_in_the_order(page: Page) -> bool:
    return all(int(one.get("tabindex")) <= 0 for one in page.xpath("//*[@tabindex]"))


def tables_have_caption_and_scopes(page: Page) -> bool:
    return all(
        table.find("caption") is not None and all(head.get("scope") for head in table.iter("th"))
        for table in page.iter("table")
    )


def nothing_is_inline(page: Page) -> bool:
    scripts = [
        one for one in page.iter("script") if not one.get("src") and one.get("type") != "application/ld+json"
    ]
    handlers = page.xpath("//*[@style] | //@*[starts-with(name(), 'on')]/..")
    return not scripts and not handlers


def language_of_the_page_is_told(page: Page) -> bool:
    return page.get("lang") in ("id", "en")


def ids_are_used_once(page: Page) -> bool:
    ids = page.xpath("//@id")
    return len(ids) == len(set(ids))


def help_stands_where_it_always_does(page: Page) -> bool:
    return bool(page.xpath("//footer//a[@href='/help/']"))


def one_status_for_the_search(page: Page) -> bool:
    return len(main(page).xpath(".//*[@role='status' and @id='search-status']")) == 1 and not page.xpath(
        "//*[@role='alert']"
    )


def box_is_a_search_landmark(page: Page) -> bool:
    return len(main(page).xpath(".//form[@role='search']")) == 1


def filters_say_filters_and_are_not_for_robots(page: Page) -> bool:
    form = page.get_element_by_id("filters")
    links = form.xpath(".//a[contains(@href, '?')]") + page.xpath("//ul[contains(@class, 'chips')]//a")
    return (
        "facet" not in form.text_content().lower()
        and bool(links)
        and all("nofollow" in (a.get("rel") or "") for a in links)
    )


def all_is_a_plain_form_or_link(page: Page) -> bool:
    return all(
        one.get("href") or one.get("action") or one.tag == "input"
        for one in page.xpath("//*[@hx-get or @hx-post]")
    )


def foreign_titles_say_their_language(page: Page) -> bool:
    titles = page.xpath("//li[contains(@class, 'hit')]//h2")
    return bool(titles) and all(one.get("lang") and one.get("dir") == "auto" for one in titles)


EVERYWHERE: list[Callable[[Page], bool]] = [
    skip_link_comes_first, one_main_and_labelled_navigations, one_heading_of_the_first_rank_and_none_left_out,
    title_names_page_and_portal, every_field_has_a_name, groups_of_boxes_have_a_legend, links_and_buttons_have_words,
    what_is_hidden_from_ears_takes_no_focus, nobody_is_ahead_in_the_order, tables_have_caption_and_scopes,
    nothing_is_inline, language_of_the_page_is_told, ids_are_used_once, help_stands_where_it_always_does,
]  # fmt: skip
ON_LISTS: list[Callable[[Page], bool]] = [
    one_status_for_the_search, box_is_a_search_landmark, filters_say_filters_and_are_not_for_robots,
    all_is_a_plain_form_or_link, foreign_titles_say_their_language,
]  # fmt: skip


@pytest.fixture
def shown(client: Client) -> Callable[[str], Page]:
    near = library("NEAR", "Perpustakaan Dekat", latitude=-6.9, longitude=107.6)
    for number in range(24):
        made: Edition = edition(
            f"Peta {number}", f"Penulis {number}", held_by=(near,), year=1980 + number, publisher="Balai",
            language="eng" if number % 2 else "ind", display={"subjects": ["Geografi"], "languages": ["eng"]},
        )  # fmt: skip
    indexer.index_dirty()
    addresses = {**SEARCHES, "record": f"/edition/{made.pk}"}
    return lambda name: html.fromstring(client.get(addresses[name]).content.decode())


def test_every_page_passes_every_check(shown: Callable[[str], Page]) -> None:
    failed = []
    for name in (*SEARCHES, "record"):
        page = shown(name)
        checks = EVERYWHERE + (ON_LISTS if name in LISTS else [])
        failed += [f"{name}: {check.__name__}" for check in checks if not check(page)]
    assert failed == []


def test_titles_of_further_pages_say_which(shown: Callable[[str], Page]) -> None:
    assert "halaman 2" in shown("second page").findtext(".//title")
    assert "halaman 2" in shown("second page").findtext(".//h1")


@pytest.mark.parametrize(
    ("check", "markup"),
    [
        (skip_link_comes_first, "<body><a href='/'>x</a><main id='main'></main></body>"),
        (one_heading_of_the_first_rank_and_none_left_out, "<main><h1>a</h1><h3>b</h3></main>"),
        (every_field_has_a_name, "<main><input type='text' id='a'></main>"),
        (groups_of_boxes_have_a_legend, "<main><fieldset></fieldset></main>"),
        (links_and_buttons_have_words, "<main><a href='/'><svg></svg></a></main>"),
        (what_is_hidden_from_ears_takes_no_focus, "<main><p aria-hidden='true'><a href='/'>x</a></p></main>"),
        (tables_have_caption_and_scopes, "<main><table><tr><th>a</th></tr></table></main>"),
        (nothing_is_inline, "<main><p style='color: red'>a</p></main>"),
        (ids_are_used_once, "<main><p id='a'></p><p id='a'></p></main>"),
        (filters_say_filters_and_are_not_for_robots, "<main><form id='filters'><a href='?a=b'>a</a></form></main>"),
    ],
)  # fmt: skip
def test_a_check_finds_what_it_is_for(check: Callable[[Page], bool], markup: str) -> None:
    assert not check(html.fromstring(f"<html>{markup}</html>"))
