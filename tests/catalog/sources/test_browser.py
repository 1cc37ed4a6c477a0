"""The pages of setting up, mapping and rules in a real browser: by keyboard, on a phone, with and without scripts."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from catalog.models import Source
from catalog.services.sources import upload_start
from members.models import Library
from tests.catalog.building import SYSTEM, library, person, source

pytestmark = pytest.mark.django_db(transaction=True)
TABLE = "Judul;Pengarang;Tahun\n" + "".join(f"Judul nomor {n};Toer;{1980 + n}\n" for n in range(9))


@pytest.fixture
def home() -> Library:
    return library("UNPAD")


@pytest.fixture
def own(home: Library) -> Source:
    made = source(home, name="Daftar buku")
    upload_start(source=made, upload=SimpleUploadedFile("buku.csv", TABLE.encode()), actor=SYSTEM)
    return made


def signed_in(browser: Any, live_server: Any, home: Library, **options: Any) -> Any:
    client = Client()
    client.force_login(person("manager", home), backend="django.contrib.auth.backends.ModelBackend")
    context = browser.new_context(base_url=live_server.url, **options)
    context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    return page


def test_the_preview_follows_a_choice_at_once(
    browser: Any, live_server: Any, home: Library, own: Source
) -> None:
    page = signed_in(browser, live_server, home)
    page.goto(reverse("catalog:source_columns", args=[own.pk]))
    assert "Toer" in page.inner_text("#preview")
    page.select_option("select[name=column_1]", "")
    page.wait_for_selector("#preview:not(:has-text('Toer'))")
    page.context.close()


def test_without_scripts_a_button_shows_it_and_another_loads(
    browser: Any, live_server: Any, home: Library, own: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalog.services.columns.run_send", lambda run_id: None)
    page = signed_in(browser, live_server, home, java_script_enabled=False)
    page.goto(reverse("catalog:source_columns", args=[own.pk]))
    page.select_option("select[name=column_1]", "")
    page.click("button[name=look]")
    assert "Toer" not in page.inner_text("#preview")
    page.click("button[name=load]")
    page.wait_for_url("**/runs/*/")
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_runs_off_a_phones_screen(
    browser: Any, live_server: Any, home: Library, own: Source, scheme: str
) -> None:
    page = signed_in(browser, live_server, home, viewport={"width": 375, "height": 700}, color_scheme=scheme)
    for address in (
        reverse("catalog:source_new"), reverse("catalog:source_new_way", args=["slims-oai"]),
        reverse("catalog:source", args=[own.pk]), reverse("catalog:source_columns", args=[own.pk]),
        reverse("catalog:source_rules", args=[own.pk]),
        reverse("catalog:source_rule_new", args=[own.pk, "map_location"]),
    ):  # fmt: skip
        page.goto(address)
        assert page.locator("h1").count() == 1
        assert Axe().run(page).response["violations"] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 375, address
    page.context.close()


def test_a_source_is_set_up_by_keyboard_alone(browser: Any, live_server: Any, home: Library) -> None:
    page = signed_in(browser, live_server, home)
    page.goto(reverse("catalog:source_new"))
    page.focus("a[href$='/sources/new/slims-oai/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sources/new/slims-oai/")
    page.focus("input[name=name]")
    page.keyboard.press("Tab")
    page.keyboard.type("https://opac.example.org/index.php?p=oai&verb=Identify")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sources/*/")
    page.wait_for_selector("dl.facts")
    made = Source.objects.get()
    assert (made.name, made.url, made.is_snapshot) == (
        "SLiMS",
        "https://opac.example.org/index.php?p=oai",
        True,
    )
    page.context.close()
