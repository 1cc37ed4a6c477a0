"""Search and record pages as only a browser shows them: sizes, focus, spacing, zoom, motion. A table of checks.

The checks that markup alone can answer are in tests/catalog/test_search_checklist.py; axe runs in test_search.py.
"""

from __future__ import annotations

from typing import Any

import pytest

from catalog.models import Edition
from tests.e2e.test_search import TOO_WIDE, shelf  # noqa: F401  # the fixture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# 2.5.8: 24 px at least, or so much room around; links in sentences and lists of text are exempt.
SMALL = """[...document.querySelectorAll(
    'main button, main input:not([type=hidden]), main select, main summary, main .button, .chips a, .pages a')]
  .filter(one => one.checkVisibility({visibilityProperty: true}) && !one.closest('.visually-hidden'))
  .map(one => [one.outerHTML.slice(0, 100), (one.closest('label') ?? one).getBoundingClientRect()])
  .filter(([, box]) => box.width < 24 || box.height < 24).map(([text]) => text)"""
# 2.4.11: what has the focus is not wholly under something else.
COVERED = """(() => {
  const one = document.activeElement, box = (one.closest('label') ?? one).getBoundingClientRect();
  if (one === document.body || !box.width || box.width < 3) return '';
  const places = [.1, .5, .9].flatMap(x => [.1, .5, .9].map(y => [box.left + box.width * x, box.top + box.height * y]));
  const seen = places.some(([x, y]) => { const top = document.elementFromPoint(x, y);
    return top && top !== document.body && (one.contains(top) || top.contains(one)); });
  return seen ? '' : one.outerHTML.slice(0, 140);
})()"""
FOCUS_UNSEEN = """(() => {
  const one = document.activeElement, style = getComputedStyle(one);
  if (one === document.body || one.matches('.visually-hidden')) return '';
  const seen = (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none'
    || one.closest('form.search') && getComputedStyle(one.closest('form.search')).outlineStyle !== 'none';
  return seen ? '' : one.outerHTML.slice(0, 140);
})()"""
MOVING = """document.getAnimations().length + [...document.querySelectorAll('main *')]
  .filter(one => getComputedStyle(one).transitionDuration.split(',').some(time => parseFloat(time) > .01)).length"""
# 1.4.12, as the criterion puts it.
SPACED = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
p { margin-bottom: 2em !important; }"""


@pytest.fixture
def addresses(shelf: None) -> list[str]:  # noqa: F811
    made = Edition.objects.get(title="Peta 07")
    return ["/search?q=peta&author=Penulis+A", "/search?q=qqqq", "/search/advanced", f"/edition/{made.pk}"]


@pytest.fixture
def seen(browser: Any, live_server: Any, addresses: list[str]) -> Any:
    """Open every page in a window of that width, and do something there."""
    contexts = []

    def look(width: int, height: int, action: Any, **more: Any) -> list[Any]:
        context = browser.new_context(viewport={"width": width, "height": height}, locale="id-ID", **more)
        contexts.append(context)
        page, found = context.new_page(), []
        for address in addresses:
            page.goto(live_server.url + address)
            found += [(address, each) for each in action(page)]
        return found

    yield look
    for context in contexts:
        context.close()


@pytest.mark.parametrize("width", [1280, 375])
def test_what_is_pressed_is_large_enough(seen: Any, width: int) -> None:
    assert seen(width, 900, lambda page: page.evaluate(SMALL)) == []


@pytest.mark.parametrize(("width", "height"), [(1280, 600), (375, 600)])
def test_focus_is_seen_and_never_wholly_covered(seen: Any, width: int, height: int) -> None:
    def walk(page: Any) -> list[str]:
        found = []
        for _ in range(45):
            page.keyboard.press("Tab")
            found += [page.evaluate(COVERED), page.evaluate(FOCUS_UNSEEN)]
        return [each for each in found if each]

    assert seen(width, height, walk) == []


def test_pages_reflow_when_enlarged_and_when_letters_stand_apart(seen: Any) -> None:
    def spaced(page: Any) -> list[str]:
        page.add_style_tag(content=SPACED)
        return list(page.evaluate(TOO_WIDE))

    assert seen(640, 450, lambda page: page.evaluate(TOO_WIDE)) == [], "1280 px at 200 %"
    assert seen(320, 800, spaced, bypass_csp=True) == []


def test_nothing_moves_for_those_who_ask_so(seen: Any) -> None:
    assert (
        seen(1280, 900, lambda page: [n for n in [page.evaluate(MOVING)] if n], reduced_motion="reduce") == []
    )
