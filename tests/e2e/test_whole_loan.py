"""The portal's main job, in real browsers and real processes: from a MARC file to a returned loan.

Three libraries load real records; a reader finds a book and asks; the nearest library can't lend it, the next one
does; the book travels, is read, kept longer, asked back, and goes home.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from tests.e2e.portal import Portal
from tests.e2e.walker import Walker
from tests.paths import MARC, needs_shared

pytestmark = [pytest.mark.browser, pytest.mark.slow, needs_shared]
RECORDS = MARC / "evergreen" / "Open-ILS" / "tests" / "datasets" / "oss.marc"
NEPALI = RECORDS.with_name("nepali.marc")
TITLE = "The cathedral & the bazaar"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")


@pytest.fixture(scope="module")
def portal(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    with Portal(tmp_path_factory.mktemp("portal")) as running:
        running.password = running.seed("tests.e2e.seed")["password"]
        running.manage("load_file", "--library", "SUB", str(RECORDS))
        running.manage("load_file", "--library", "JKT", str(NEPALI))
        yield running


@pytest.fixture
def enter(portal: Portal, browser: Any) -> Iterator[Callable[..., Walker]]:
    """`enter("librarian@bdg.example")`: a person in a session of their own, logged in once."""
    people: dict[str, Walker] = {}

    def as_person(email: str, *, script: bool = True) -> Walker:
        key = email if script else f"{email} without script"
        if key not in people:
            people[key] = Walker(browser, portal.url, script=script)
            if email:
                people[key].log_in(email, portal.password)
        return people[key]

    yield as_person
    for walker in people.values():
        walker.context.close()


def wait_for(walker: Walker, path: str, words: str, seconds: int = 40) -> None:
    """Reload a page until a worker in the background has done its part."""
    deadline = time.monotonic() + seconds
    while words not in walker.go(path).text():
        assert time.monotonic() < deadline, f"{words!r} never came up on {path}:\n{walker.text()[:1500]}"
        time.sleep(0.5)


def upload_in_the_browser(manager: Walker) -> None:
    manager.go("/sources/").look("sources-empty")
    manager.page.click("main a[href$='/sources/new/']")
    manager.look("source-ways")
    manager.page.click("main a[href$='/sources/new/file/']")
    manager.page.fill("input[name=name]", "Ekspor katalog")
    manager.look("source-new").send()
    manager.page.set_input_files("#upload input[type=file]", str(RECORDS))
    manager.page.locator("#upload button.button").click()
    manager.page.wait_for_url("**/runs/**")
    manager.page.locator("main .tag.ok").first.wait_for(timeout=60_000)  # by itself, without a reload
    assert "42" in manager.text()
    manager.look("run-done")


def find_and_ask(patron: Walker, visitor: Walker) -> str:
    wait_for(visitor, "/search?q=cathedral+bazaar", TITLE)
    visitor.go("/").look("home").go("/search?q=open+source").look("search").go("/accounts/login/").look(
        "login"
    )
    patron.go("/search?q=cathedral+bazaar")
    patron.page.locator(".hit .title a").first.click()
    patron.page.wait_for_load_state()
    patron.look("record")
    assert "Perpustakaan Bandung" in patron.text()
    assert "Perpustakaan Surabaya" in patron.text()
    patron.page.locator("#request a.button").click()
    patron.page.wait_for_load_state()
    patron.look("request-new")
    patron.page.fill("textarea[name=note]", "Edisi mana saja boleh.")
    patron.send().look("request-check").send().look("request-done")
    number = str(patron.page.inner_text(".number"))
    assert number.startswith("JKT-")
    return number


def filters_need_no_script(visitor: Walker) -> None:
    visitor.go("/search?q=open+source")
    before = visitor.page.locator(".hit").count()
    visitor.page.locator(".facets input[type=checkbox]").first.check()
    visitor.page.locator("#apply").click()
    visitor.page.wait_for_load_state()
    assert 0 < visitor.page.locator(".hit").count() <= before
    assert visitor.page.locator(".chips a").count() >= 1


def test_a_loan_goes_all_the_way_between_two_libraries(enter: Callable[..., Walker], portal: Portal) -> None:
    upload_in_the_browser(enter("manager@bdg.example"))
    patron, librarian = enter("patron@jkt.example"), enter("librarian@jkt.example")
    near, far = enter("librarian@bdg.example"), enter("librarian@sub.example")
    coordinator = enter("coordinator@net.example")
    number = find_and_ask(patron, enter(""))

    librarian.go("/queue/requesting/").look("queue-requesting")
    assert TITLE in librarian.text()
    librarian.do("approve")

    # The nearest library is asked first, writes, and says no.
    near.go("/queue/supplying/").look("queue-supplying")
    assert TITLE in near.text()
    assert "Siti Pembaca" not in near.text()
    near.go(f"/requests/{number}/").look("request-supplying")
    near.go(f"/requests/{number}/messages/").look("messages")
    near.page.fill("textarea[name=body]", "Kami cari dulu di gudang.")
    near.page.locator("main form:has(textarea[name=body]) button.button").click()
    near.page.wait_for_load_state()
    near.go(f"/requests/{number}/")
    assert "gudang" in near.text()
    near.do("decline")
    near.page.locator("main select[name=reason], main input[name=reason]").first.wait_for()
    choose_first_reason(near)
    near.send()
    assert far.go(f"/requests/{number}/").page.url.endswith(f"/requests/{number}/")
    assert "gudang" not in far.text(), "another supplier does not read what the first one wrote"

    # The next one lends it.
    far.go("/queue/supplying/").do("accept").go(f"/requests/{number}/").do("ship")
    far.page.fill("input[name=barcode]", "SUB-000917")
    far.look("ship").send()
    assert "dalam perjalanan" in patron.go(f"/my/requests/{number}/").text().lower()
    patron.look("my-request")

    coordinator.go("/queue/network/").look("queue-network")
    assert number in coordinator.text()
    coordinator.go(f"/requests/{number}/").look("request-network")

    # At the reader's library, out to the reader, and back; at a desk where JavaScript is switched off.
    librarian.go(f"/requests/{number}/").look("request-requesting")
    assert "gudang" in librarian.text()
    old_desk = enter("librarian@jkt.example", script=False)
    for action in ("receive", "make_ready", "lend"):
        old_desk.go(f"/requests/{number}/").do(action)
    patron.go("/my/requests/").look("my-requests")
    assert TITLE in patron.text()
    keep_it_longer(patron, far, number)
    ask_it_back(patron, far, librarian, number)
    old_desk.go(f"/requests/{number}/").do("take_back").go(f"/requests/{number}/").do("send_back")
    old_desk.page.fill("input[name=tracking]", "JNE-2026-7")
    old_desk.send()
    filters_need_no_script(enter("", script=False))
    far.go(f"/requests/{number}/").do("complete")

    assert "tag ok" in str(far.go(f"/requests/{number}/").page.inner_html("main"))
    far.look("request-completed")
    patron.go(f"/my/requests/{number}/").look("my-request-completed")
    mails_left_the_house(portal)


def keep_it_longer(patron: Walker, lender: Walker, number: str) -> None:
    """The reader asks, the lending library says until when; the reader's page tells the new day."""
    patron.go(f"/my/requests/{number}/").do("renew_ask").look("renew-ask").send()
    assert not patron.page.locator("main a[href*='/do/renew_ask/']").count(), "asked once is enough"
    lender.go("/queue/supplying/").look("queue-renewal")
    assert TITLE in lender.text(), "a question that waits for an answer stands under To do"
    before = due_day(patron, number)
    lender.go(f"/requests/{number}/").do("renew_yes").look("renew-yes").send()
    assert due_day(patron, number) > before


def ask_it_back(patron: Walker, lender: Walker, librarian: Walker, number: str) -> None:
    """The lending library needs it sooner: the day moves, and there is no more asking for longer."""
    before = due_day(patron, number)
    lender.go(f"/requests/{number}/").do("recall")
    lender.page.fill("input[name=due_on]", (date.today() + timedelta(days=14)).isoformat())
    lender.look("recall").send()
    assert due_day(patron, number) < before
    assert not patron.page.locator("main a[href*='/do/renew_ask/']").count()
    patron.look("my-request-recalled")
    assert "Perpustakaan Surabaya" in patron.text()
    librarian.go(f"/requests/{number}/").look("request-recalled")


def due_day(patron: Walker, number: str) -> date:
    """Until when the reader has the book, as the page says it: "sampai 7 Januari 2027"."""
    lead = patron.go(f"/my/requests/{number}/").page.inner_text("main .lead")
    found = re.search(r"(\d{1,2}) (\w{3})\w* (\d{4})", lead)
    assert found is not None, lead
    return date(int(found[3]), MONTHS.index(found[2]) + 1, int(found[1]))


def choose_first_reason(walker: Walker) -> None:
    select = walker.page.locator("main select[name=reason]")
    if select.count():
        select.select_option(index=1)
    else:
        walker.page.locator("main input[name=reason]").first.check()


TIME_IS_OVER = """
from django.utils import timezone
from network_portal.core.models import OutgoingMail
OutgoingMail.objects.filter(next_attempt_at__gt=timezone.now()).update(next_attempt_at=timezone.now())
"""


def mails_left_the_house(portal: Portal) -> None:
    """The worker sent what was queued: to the reader and to both libraries, in Indonesian.

    Mails about a step that can be taken back wait until it no longer can; here that time is over at once.
    """
    portal.manage("shell", "-c", TIME_IS_OVER)
    deadline = time.monotonic() + 40
    folder = portal.folder / "mail"
    text = ""
    while time.monotonic() < deadline:
        text = (
            "".join(file.read_text(errors="replace") for file in folder.glob("*")) if folder.is_dir() else ""
        )
        if all(
            address in text
            for address in ("patron@jkt.example", "bdg@library.example", "sub@library.example")
        ):
            return
        time.sleep(0.5)
    raise AssertionError(f"mails are missing; the worker says:\n{portal.log('worker')}\n{text[-500:]}")
