"""A library joins, in real browsers: from the application to its first harvested record, and to taking part."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress

from catalog.models import Run
from catalog.search import indexer
from catalog.services.runs import run_execute
from members import forms_joining
from members.agreements import services as agreements
from members.models import Library, Network
from network_portal.core.actor import Actor
from network_portal.core.models import OutgoingMail
from tests.catalog.building import marc, write
from tests.e2e.walker import Walker
from tests.loans.world import World, make_world
from tests.members.world import actor_of, link_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "buku-bagus-2026"
ADDRESS = "nurul@palu.example"


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """A network with an agreement that all its members accept. A walker types faster than people do."""
    monkeypatch.setattr(forms_joining, "LEAST_SECONDS", 0)
    world = make_world()
    coordinator = world.people["coordinator"]
    coordinator.set_password(PASSWORD)
    coordinator.save()
    EmailAddress.objects.update_or_create(
        user=coordinator, email=coordinator.email, defaults={"verified": True, "primary": True}
    )
    network = Network.objects.create(code="SUL", name="Jaringan Sulawesi")
    row = agreements.agreement_create(
        actor=actor_of(coordinator), name="Piagam silang layan", scope="network", network=network,
        text_id="# Isi\n\n- Kita saling meminjamkan.", text_en="# Text\n\n- We lend to each other.",
        valid_from="2026-01-01",
    )  # fmt: skip
    agreements.version_publish(version=row, actor=actor_of(coordinator))
    return world


@pytest.fixture
def open_browser(live_server: Any, browser: Any) -> Iterator[Callable[[], Walker]]:
    walkers: list[Walker] = []

    def opened() -> Walker:
        walkers.append(Walker(browser, live_server.url))
        return walkers[-1]

    yield opened
    for walker in walkers:
        walker.context.close()


def last_link(template: str, address: str) -> str:
    return link_in(OutgoingMail.objects.filter(template=template, to_email=address).latest("pk"))


def apply(visitor: Walker) -> None:
    visitor.go("/").page.locator("footer a[href$='/join/']").click()
    page = visitor.look("join").page
    for name, text in (
        ("name", "Perpustakaan Daerah Palu"), ("address", "Jalan Baca 3"), ("city", "Palu"),
        ("contact_name", "Nurul Aini"), ("contact_email", ADDRESS), ("offers", "Koleksi Kaili"),
    ):  # fmt: skip
        page.fill(f"main [name={name}]", text)
    page.check("main input[name=consent]")
    visitor.send().look("join-sent")
    visitor.go(last_link("members_letter", ADDRESS)).look("join-confirm").send().look("join-status")


def decide(coordinator: Walker, visitor: Walker) -> None:
    coordinator.go("/applications/").look("applications").page.click("main a:has-text('Palu')")
    coordinator.page.wait_for_load_state()
    page = coordinator.look("application").page
    page.click("main a[href$='/ask/']")
    page.fill("main textarea[name=text]", "Berapa judul?")
    coordinator.look("application-ask").send()
    visitor.go(last_link("members_letter", ADDRESS)).page.fill("main textarea[name=text]", "Empat ribu.")
    visitor.look("join-asked").send()
    assert "Empat ribu." in coordinator.go(page.url.removeprefix(coordinator.url)).text()
    page.click("main a[href$='/accept/']")
    page.select_option("main select[name=network]", label="Jaringan Sulawesi")
    page.select_option("main select[name=agreement]", label="Piagam silang layan")
    coordinator.look("application-accept").send()
    assert Library.objects.get(short_code="PALU").networks.exists()
    coordinator.look("application-accepted")


def first_records(manager: Walker, folder: Path) -> None:
    manager.page.click("main a[href$='/sources/new/']")
    manager.page.wait_for_load_state()
    manager.page.click("main a[href$='/sources/new/file/']")
    manager.page.fill("input[name=name]", "Ekspor katalog")
    manager.send()
    file = write(folder, marc("a", "Cerita rakyat Kaili", author="Aini, Nurul", year=1999), name="a.mrc")
    manager.page.set_input_files("#upload input[type=file]", str(file))
    manager.page.locator("#upload button.button").click()
    manager.page.wait_for_url("**/runs/**")
    run_execute(run_id=Run.objects.latest("pk").pk, actor=Actor.system())
    indexer.index_dirty()


def test_a_library_comes_from_its_application_to_its_first_harvested_record(
    world: World, open_browser: Callable[[], Walker], tmp_path: Path
) -> None:
    visitor, coordinator = open_browser(), open_browser()
    apply(visitor)
    decide(coordinator.log_in(world.people["coordinator"].email, PASSWORD), visitor)

    manager = open_browser().go(last_link("members_staff_invited", ADDRESS))
    for name in ("password1", "password2"):
        manager.page.fill(f"main input[name={name}]", PASSWORD)
    manager.send().log_in(ADDRESS, PASSWORD)
    steps = "/members/PALU/first-steps/"
    assert manager.page.url.endswith(steps)  # where a new member's manager lands
    manager.look("first-steps-new")
    manager.page.click("main a[href$='/members/PALU/edit/']")
    manager.page.fill("main input[name=latitude]", "-0.9")
    manager.page.fill("main input[name=longitude]", "119.87")
    manager.send().go(steps)
    manager.page.click("main a[href$='/agreements/']")
    manager.look("agreements").page.click("main a:has-text('Piagam')")
    manager.page.wait_for_load_state()
    manager.page.check("main input[name=read]")
    manager.look("agreement").send().look("agreement-accepted").go(steps)
    first_records(manager, tmp_path)
    manager.go(steps).look("first-steps-records")
    assert manager.page.locator("main form[action$='/search/']").count() == 0, "nobody sees its titles yet"

    coordinator.go(steps).look("first-steps-ready").send()
    assert Library.objects.get(short_code="PALU").is_active
    assert "Palu" in visitor.go("/members/").text()
    indexer.index_dirty()
    manager.go(steps).page.locator("main form[action$='/search/'] button").click()
    manager.page.wait_for_url("**/search?library=*")
    assert "Cerita rakyat Kaili" in manager.text()
    found = visitor.go("/search?q=rakyat+kaili").look("joined-found")
    assert "Cerita rakyat Kaili" in found.text()
    found.page.click("main .hit .title a")
    found.page.wait_for_url("**/edition/*")
    assert "Perpustakaan Daerah Palu" in found.look("joined-record").text()
