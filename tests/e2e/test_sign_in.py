"""A library's own sign-in, in a real Chromium: set up by its manager, used by a reader, who then asks for a book."""

from __future__ import annotations

from typing import Any

import pytest

from members.choices import MembershipStatus, Role
from members.models import Membership, SignInProvider
from tests.e2e.walker import Walker
from tests.loans.world import make_edition, make_holding
from tests.members.signin.server import CLIENT, SECRET, Provider, running
from tests.members.world import PASSWORD, make_library, make_member

LONG = "sebuah-alamat-yang-sangat-panjang-tanpa-satu-spasi-pun-di-dalamnya"
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_reader_comes_in_through_the_library(live_server: Any, browser: Any, settings: Any) -> None:
    settings.ALLOW_PRIVATE_ADDRESSES = True
    settings.PORTAL_URL = live_server.url
    settings.STAFF_MFA_REQUIRED = False
    campus = make_library("KAMPUS", name="Perpustakaan Kampus", email="meja@kampus.example")
    make_member("made@kampus.example", campus, Role.MANAGER, name="Made")
    book = make_edition("Laskar Pelangi")
    lender = make_library("LUMBUNG", name="Perpustakaan Lumbung")
    make_holding(lender, book)
    with running() as server:
        made = Walker(browser, live_server.url).log_in("made@kampus.example", PASSWORD)
        _set_up(made, server)
        _first_time(Walker(browser, live_server.url), book.pk)
        assert Membership.objects.get(user__email="ani@kampus.example").is_pending

        made.go("/people/")
        made.page.locator("main form[action*='/confirm/'] button").first.click()
        made.page.wait_for_load_state()
        assert Membership.objects.get(user__email="ani@kampus.example").is_confirmed

        plain = Walker(browser, live_server.url, script=False)
        _through_the_library(plain, f"/request/new?edition={book.pk}")
        assert plain.page.url.endswith(f"/request/new?edition={book.pk}")
        assert "Laskar Pelangi" in plain.text()

        budi = make_member("budi@kampus.example", campus)
        Membership.objects.create(user=budi, library=lender, status=MembershipStatus.CONFIRMED)
        server.person = {"sub": "s-2", "email": "budi@kampus.example", "email_verified": True}
        two = Walker(browser, live_server.url)
        _through_the_library(two, "")
        two.look("sign-in-prove").page.click("main a.button")
        two.page.fill("input[name=login]", "budi@kampus.example")
        two.page.fill("input[name=password]", PASSWORD)
        two.send()
        two.go("/account/").look("sign-in-account")
        assert "Anda dapat masuk lewat Perpustakaan Kampus" in two.text()

        made.go("/members/KAMPUS/sign-in/")
        made.page.locator("main button.danger").click()
        made.page.wait_for_load_state()
        made.look("sign-in-off")
        guest = Walker(browser, live_server.url).go("/accounts/login/")
        assert "Perpustakaan Kampus" not in guest.text()
        guest.page.goto(f"{live_server.url}/accounts/login/library/KAMPUS/")
        guest.look("sign-in-closed")


def _set_up(made: Walker, server: Provider) -> None:
    made.go("/members/KAMPUS/").page.click("main a[href$='/sign-in/']")
    made.look("sign-in-empty")
    values = {"issuer": f"{server.issuer}/{LONG}", "client_id": CLIENT, "secret": SECRET, "claim_card": "nim"}
    for name, value in values.items():
        made.page.fill(f"main [name={name}]", value)
    made.page.click("main button[name=test]")
    made.page.wait_for_load_state()
    made.look("sign-in-wrong")
    assert LONG in made.text() and SignInProvider.objects.get().test_outcome == "no_discovery"
    made.page.fill("main [name=issuer]", server.issuer)
    made.page.click("main button[name=test]")
    made.page.wait_for_load_state()
    made.page.click("main form[action$='/switch/'] button")
    made.page.wait_for_load_state()
    made.look("sign-in-on")
    assert SignInProvider.objects.get().is_on


def _first_time(ani: Walker, book: int) -> None:
    ani.go("/accounts/login/").look("sign-in-login")
    ani.go("/accounts/login/library/").look("sign-in-choice")
    ani.go("/accounts/login/library/KAMPUS/").look("sign-in-library")
    _through_the_library(ani, "")
    assert "/account/" in ani.page.url
    ani.look("sign-in-waiting")
    ani.go(f"/edition/{book}")


def _through_the_library(walker: Walker, wanted: str) -> None:
    """The login page, the library's page, its server, and back; what leads to the server is a page of its own."""
    walker.go(f"/accounts/login/?next={wanted}")
    walker.page.click("main a[href*='/login/library/KAMPUS/']")
    walker.page.click("main form[action$='/KAMPUS/'] button.button")
    walker.page.wait_for_url("**/realm/authorize**")
    walker.page.click("text=Masuk >> nth=-1")
    walker.page.wait_for_url(f"{walker.url}/**")
    walker.page.wait_for_load_state()
