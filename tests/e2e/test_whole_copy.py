"""A copy in real browsers, from the wish to the deleted file: article, copyright, scan, check, declaration, download.

Each person logs in for themselves; the mail is sent in earnest, and its link is what the reader follows.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as portal
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from loans.models import (
    CopyrightDecision,
    DeclarationAcceptance,
    Delivery,
    LicenceOffer,
    Request,
    ScanFile,
)
from loans.services.delivery import purge_due
from members.choices import Role
from members.models import Network
from network_portal.core.mail import mail_send_due
from network_portal.core.models import OutgoingMail
from tests.e2e.walker import Walker
from tests.loans.copies import files
from tests.loans.copies.test_delivery import stored_files
from tests.loans.intake.test_blank import _numbered
from tests.loans.world import World, make_person, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "buku-bagus-2026"
ISSN = "0126-1231"
ARTICLE = {
    "url_ver": "Z39.88-2004", "rft_val_fmt": "info:ofi/fmt:kev:mtx:journal", "rft.genre": "article",
    "rft.atitle": "Arsip kota lama", "rft.jtitle": "Wacana", "rft.issn": ISSN, "rft.date": "2025", "rft.volume": "12",
    "rft.issue": "3", "rft.pages": "17-30", "rft.au": "Lestari, Dewi",
}  # fmt: skip
# Three parts of two megabytes.
SCAN = files.pdf(content=b"% " + b"x" * 5_000_000 + b"\nBT ET")


@pytest.fixture
def world() -> World:
    world = make_world()
    _numbered(world, {"ids": [f"issn:{ISSN}"], "format": "serial"}, "Wacana")
    world.people["friend"] = make_person("friend@example.org", world.home, Role.PATRON)
    for person in world.people.values():
        person.set_password(PASSWORD)
        person.save()
        EmailAddress.objects.update_or_create(
            user=person, email=person.email, defaults={"verified": True, "primary": True}
        )
    return world


@pytest.fixture
def enter(world: World, live_server: Any, browser: Any) -> Iterator[Callable[..., Walker]]:
    """`enter("JKT")`: that library's librarian in a browser of their own, logged in once."""
    walkers: dict[str, Walker] = {}

    def as_person(who: str, *, script: bool = True) -> Walker:
        key = who if script else f"{who} without script"
        if key not in walkers:
            walkers[key] = Walker(browser, live_server.url, script=script)
            if who:
                walkers[key].log_in(world.people[who].email, PASSWORD)
        return walkers[key]

    yield as_person
    for walker in walkers.values():
        walker.context.close()


def ask(reader: Walker) -> Request:
    """An article, by the link of a database elsewhere; the form asks what it is for."""
    reader.go(f"{reverse('loans:request_openurl')}?{urlencode(ARTICLE)}").look("copy-wish")
    reader.page.locator("input[name=purpose][value=research]").check()
    reader.send().look("copy-wish-check").send()
    return Request.objects.get()


def decide(desk: Walker, request: Request) -> None:
    """The rules want a look: why stands on the page, is stored, and the librarian lets the copy go."""
    desk.go(f"/requests/{request.number}/")
    assert "hak cipta" in desk.text().lower()
    desk.page.locator(f"main a[href$='/requests/{request.number}/copyright/']").first.click()
    desk.page.wait_for_load_state()
    desk.look("copyright")
    assert "LMK Karya Cipta" in desk.text()
    assert "47(a)(3)" in desk.text()
    stored = CopyrightDecision.objects.get()
    assert (stored.outcome, [reason["rule"] for reason in stored.reasons]) == ("pay", ["id-licence"])
    desk.go(f"/requests/{request.number}/").do("clear_copyright")
    desk.go(f"/requests/{request.number}/").do("approve")


def scan(maker: Walker, old_maker: Walker, request: Request) -> None:
    """Files in parts with JavaScript, and one more where it is switched off; a script is refused in plain words."""
    maker.go(f"/requests/{request.number}/").do("accept")
    maker.go(f"/requests/{request.number}/scan/").look("scan")
    chosen = maker.page.locator("input[type=file]")
    chosen.set_input_files([upload("macro.pdf", files.pdf_with_script())])
    maker.page.locator("main form[enctype] button.button").click()
    maker.page.locator("[data-said]", has_text="skrip").wait_for()
    chosen.set_input_files([upload("Bab 2.pdf", SCAN)])
    sent = break_once(maker)
    maker.page.locator("main form[enctype] button.button").click()
    maker.page.locator("main a", has_text="Bab 2.pdf").wait_for()
    assert sent == ["bytes 0", "bytes 2097152", "bytes 2097152", "bytes 4194304"]
    old_maker.go(f"/requests/{request.number}/scan/")
    old_maker.page.locator("input[type=file]").set_input_files([upload("halaman.tif", files.tiff(pages=2))])
    old_maker.page.locator("main form[enctype] button.button").click()
    old_maker.page.wait_for_load_state()
    assert "halaman.tif" in old_maker.text()
    maker.go(f"/requests/{request.number}/scan/").look("scan-files")
    hand_over(maker, request)


def break_once(maker: Walker) -> list[str]:
    """The line breaks at the second part; the list fills with where each part begins."""
    sent: list[str] = []

    def through(route: Any) -> None:
        sent.append(route.request.headers["content-range"].partition("-")[0])
        if len(sent) == 2:
            shown = maker.page.locator("progress")
            assert shown.is_visible()
            assert 0.3 < float(shown.evaluate("bar => bar.value")) < 0.5
            route.abort()
        else:
            route.continue_()

    maker.page.route("**/scan/part/**", through)
    return sent


def hand_over(maker: Walker, request: Request) -> None:
    maker.go(f"/requests/{request.number}/scan/")
    maker.page.locator("main a[href$='/do/upload_done/']").click()
    maker.page.wait_for_load_state()
    maker.send()


def upload(name: str, content: bytes) -> dict[str, Any]:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def check_and_release(desk: Walker, maker: Walker, request: Request) -> None:
    """The first scan is not good enough: made again once, then released."""
    desk.go(f"/requests/{request.number}/").look("copy-to-check")
    assert "Bab 2.pdf" in desk.text()
    with desk.page.expect_download() as whole:
        desk.page.locator("main a", has_text="Salinan lengkap").click()
    assert len(PdfReader(whole.value.path()).pages) == 4
    desk.do("ask_resend")
    desk.page.locator("main select[name=reason], main input[name=reason]").first.wait_for()
    if desk.page.locator("main select[name=reason]").count():
        desk.page.locator("main select[name=reason]").select_option(index=1)
    else:
        desk.page.locator("main input[name=reason]").first.check()
    desk.send()
    hand_over(maker, request)
    desk.go(f"/requests/{request.number}/").do("release_copy")


def link_in_mail(address: str) -> str:
    """What the reader's mail says, read from the file it was sent to."""
    OutgoingMail.objects.update(next_attempt_at=timezone.now())
    assert mail_send_due() > 0
    found = []
    for path in Path(portal.EMAIL_FILE_PATH).glob("*"):
        for raw in path.read_bytes().split(b"-" * 79):
            message = email.message_from_bytes(raw.strip(), policy=email.policy.default)
            body = message.get_body(("plain",))
            if address in str(message["To"]) and body is not None:
                found += re.findall(r"\S+/copies/\S+", body.get_content())
    return urlsplit(found[-1]).path


def declare(reader: Walker, link: str) -> None:
    reader.go(link)
    for box in reader.page.locator("main input[type=checkbox]").all():
        box.check()
    reader.send()


def test_a_copy_goes_all_the_way_from_wish_to_deleted_file(
    enter: Callable[..., Walker], world: World, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    LicenceOffer.objects.create(jurisdiction="ID", kind="issn", identifier=ISSN, holder="LMK Karya Cipta")
    reader, desk = enter("patron"), enter("BDG")
    request = ask(reader)
    decide(desk, request)
    request.refresh_from_db()
    asked = request.attempts.get(status="asked").supplier.short_code
    maker = enter(asked)
    scan(maker, enter(asked, script=False), request)
    check_and_release(desk, maker, request)

    # The link of the mail opens for its reader alone, after the login, and after each sentence was ticked.
    link = link_in_mail(world.patron.email)
    stranger = enter("")
    stranger.go(link)
    assert "/accounts/login" in stranger.page.url
    stranger.page.fill("input[name=login]", "friend@example.org")
    stranger.page.fill("input[name=password]", PASSWORD)
    with stranger.page.expect_navigation():
        stranger.page.click("main form button.button")
    answer = stranger.page.goto(stranger.url + link)
    assert answer is not None
    assert answer.status == 404
    reader.go(link).look("declaration").send()
    assert reader.page.locator(".field-error").count() == 2
    assert DeclarationAcceptance.objects.count() == 0
    declare(reader, link)
    reader.look("download")
    with reader.page.expect_download() as saved:
        reader.page.locator("main a[href*='/files/']").click()
    pages = PdfReader(saved.value.path()).pages
    assert len(pages) == 4
    assert "Lestari, Dewi: Arsip kota lama" in " ".join(pages[0].extract_text().split())
    kept = DeclarationAcceptance.objects.get()
    assert (kept.user_id, kept.language) == (world.patron.pk, "id")

    # So often and no more; those who made it learn that it was delivered, and nothing else.
    Delivery.objects.update(max_views=1)
    reader.go(link).look("link-used-up")
    assert reader.page.locator("main input[type=checkbox]").count() == 0
    for who in (maker, enter("coordinator")):
        seen = who.go(f"/requests/{request.number}/").text()
        assert "Bab 2.pdf" not in seen
        assert who.page.goto(who.url + link).status == 404  # type: ignore[union-attr]

    # On its day the bytes go, and what was decided and declared stays.
    Delivery.objects.update(purge_at=timezone.now() - timedelta(minutes=1))
    assert purge_due() == 1
    assert stored_files() == []
    assert ScanFile.objects.filter(purged_at=None).count() == 0
    assert (CopyrightDecision.objects.count() > 0, DeclarationAcceptance.objects.count()) == (True, 1)
    reader.go(f"/my/requests/{request.number}/").look("copy-over")
    assert reader.page.locator(f"a[href='{link}']").count() == 0


def test_coordinator_makes_a_new_version_of_the_rules(enter: Callable[..., Walker], world: World) -> None:
    """In plain sentences, checked before it is added, and in force at once; readers see it on the help page."""
    Network.objects.create(code="NET", name="Jaringan Perpustakaan Jawa Barat")
    coordinator = enter("coordinator")
    coordinator.go(reverse("loans:copy_rules")).look("rules")
    coordinator.page.locator("main th a").first.click()
    coordinator.page.wait_for_load_state()
    coordinator.look("rules-version")
    coordinator.page.locator("main a[href$='/new/']").click()
    coordinator.page.wait_for_load_state()
    coordinator.page.fill("input[name=retention_years]", "5")
    coordinator.look("rules-new")
    coordinator.page.locator("main button[name=check]").click()
    coordinator.page.wait_for_load_state()
    assert "5 tahun kalender penuh" in coordinator.text()
    coordinator.look("rules-checked")
    coordinator.page.locator("main button[name=save]").click()
    coordinator.page.wait_for_load_state()
    assert "berlaku sekarang" in coordinator.text()
    coordinator.go(reverse("loans:copy_rules_upload")).look("rules-upload")
    coordinator.page.set_input_files("input[type=file]", [upload("aturan.json", b'{"schema": 1}')])
    coordinator.send()
    assert "rules harus berupa daftar" in coordinator.text()
    coordinator.go(reverse("loans:copy_licence_new")).look("licence")
    coordinator.page.locator("select[name=kind]").select_option("publisher")
    coordinator.page.fill("input[name=identifier]", "Balai Pustaka")
    coordinator.page.fill("input[name=holder]", "LMK Karya Cipta")
    coordinator.send().look("licences")
    assert "Balai Pustaka" in coordinator.text()
    visitor = enter("")
    visitor.go(reverse("loans:help_copyright")).look("help-copyright")
    assert "5 tahun kalender penuh" in visitor.text()
