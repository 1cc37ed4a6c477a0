"""The page of the network's settings: found, changed, taken back, and obeyed where they count."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from loans.workflow.deadlines import hold_shelf_days
from members.choices import Role
from members.models import LibraryPolicy, Network, NetworkVersion
from members.services import networks as services
from members.working import working_of
from network_portal.core.models import AuditEntry, NetworkSetting
from network_portal.core.netsettings import all_decisions
from network_portal.pages.settings_page.told import settings_told
from tests.members.world import actor_of, client_of, make_library, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator() -> Client:
    client = client_of(make_member("made@example.org", make_library("JKT"), Role.COORDINATOR))
    client.cookies["django_language"] = "en"
    cache.clear()
    return client


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def change(client: Client, code: str, value: str, seen: str, **more: str) -> Any:
    data = {"value": value, "seen": seen, **more}
    return client.post(reverse("pages:setting", args=[code]), data, follow=True)


def test_everything_stands_on_one_page_with_what_counts(coordinator: Client) -> None:
    page = text(coordinator.get("/settings/"))
    assert "A book waits 10 days for its reader." in page and "There is no network yet" in page
    for one in all_decisions():
        assert f'href="/settings/{one.code}/"' in page
    assert "PORTAL_URL" in page and "only-for" not in page and "SECRET_KEY" not in page


def test_secrets_of_the_server_are_not_shown(coordinator: Client, settings: Any) -> None:
    settings.EMAIL_HOST_PASSWORD, settings.EMAIL_HOST = "rahasia-surel", "mail.example.org"
    page = text(coordinator.get("/settings/"))
    assert "mail.example.org" in page
    for secret in (settings.SECRET_KEY, "rahasia-surel", settings.DATABASE_URL, settings.REDIS_URL):
        assert secret not in page


@pytest.mark.parametrize(
    ("words", "found"), [("HOLD shelf", 1), ("covers pictures", 0), ("email_host", 1), ("§§", 0)]
)
def test_words_narrow_the_page(coordinator: Client, words: str, found: int) -> None:
    answer = coordinator.get("/settings/", {"q": words})
    assert sum(len(lines) for _area, lines in answer.context["areas"]) == found
    assert ("Nothing found" in text(answer)) is (found == 0)


def test_a_number_is_changed_told_and_taken_back(coordinator: Client) -> None:
    library = make_library("BDG")
    assert hold_shelf_days(library.pk) == 10
    page = text(change(coordinator, "loans.hold_shelf_days", "4", "10"))
    assert "It holds everywhere within a few seconds" in page and "A book waits 4 days" in page
    assert "Changed by" in page and hold_shelf_days(library.pk) == 4
    LibraryPolicy.objects.create(library=library, service="loan", hold_shelf_days=8)
    assert hold_shelf_days(library.pk) == 8, "a library's own rule goes before"
    own = text(coordinator.get("/settings/loans.hold_shelf_days/"))
    assert "Usually: A book waits 10 days" in own and "4 instead of 10" in own
    change(coordinator, "loans.hold_shelf_days", "", "4", usual="1")
    assert not NetworkSetting.objects.exists()
    assert AuditEntry.objects.filter(code="core.setting.loans.hold_shelf_days").count() == 2


@pytest.mark.parametrize("value", ["", "0", "91", "-3", "ten", "1.5", "9" * 30, "\x00"])
def test_an_impossible_number_changes_nothing(coordinator: Client, value: str) -> None:
    answer = change(coordinator, "loans.hold_shelf_days", value, "10")
    assert answer.status_code == 422 and answer.context["form"].errors
    assert not NetworkSetting.objects.exists()


def test_a_stale_page_is_told_what_counts_now(coordinator: Client) -> None:
    change(coordinator, "loans.hold_shelf_days", "4", "10")
    answer = change(coordinator, "loans.hold_shelf_days", "20", "10")
    assert answer.status_code == 409 and "Somebody else changed this meanwhile" in text(answer)
    assert NetworkSetting.objects.get().value == 4


def test_an_unknown_setting_is_not_there(coordinator: Client) -> None:
    assert coordinator.get("/settings/secret.key/").status_code == 404


def test_every_decision_can_be_opened_and_saved_as_it_is(coordinator: Client) -> None:
    for one in all_decisions():
        url = reverse("pages:setting", args=[one.code])
        page = coordinator.get(url)
        form, now = page.context["form"], page.context["now"]
        answer = coordinator.post(url, {"value": form.initial["value"], "seen": now.text})
        assert (answer.status_code, one.code) == (302, one.code)


def test_the_portal_takes_its_new_name_at_once(coordinator: Client) -> None:
    change(coordinator, "portal.name", "Jala <Pustaka>", "Jejaring")
    page = Client().get("/").content.decode()
    assert "Jala &lt;Pustaka&gt;" in page and "Jala <Pustaka>" not in page


def test_who_signs_in_stays_as_long_as_decided(coordinator: Client) -> None:
    change(coordinator, "people.session_hours", "3", "168")
    session = coordinator.session
    assert session.get_expiry_age() == 3 * 3600
    session["touched"] = 1
    session.save()
    answer = coordinator.get("/account/")
    assert answer.status_code == 200


def test_the_second_factor_can_be_asked_of_staff(coordinator: Client, settings: Any) -> None:
    settings.STAFF_MFA_REQUIRED = False
    staff = make_member("pustakawan@example.org", make_library("SBY"), Role.LIBRARIAN)
    assert working_of(staff).actor.can("request.manage")
    change(coordinator, "people.second_factor", "1", "no")
    assert not working_of(staff).actor.can("request.manage")


def test_what_counts_every_day_in_a_network_is_changed_as_a_version(coordinator: Client) -> None:
    manager = make_member("kepala@example.org", make_library("DPK"), Role.COORDINATOR)
    network = services.network_create(actor=actor_of(manager), code="nusa", name="Nusa", topology="mesh")
    url = reverse("members:network_daily", args=["nusa"])
    assert "Nusa: every day" in text(coordinator.get("/settings/"))
    bad = coordinator.post(url, {"transit_days": "0", "undo_minutes": "5"})
    assert bad.context["form"].errors
    answer = coordinator.post(url, {"transit_days": "6", "undo_minutes": "0"}, follow=True)
    assert "It counts for what begins from now on" in text(answer)
    network.refresh_from_db()
    assert (network.transit_days, network.undo_minutes, network.auto_renew, network.version) == (
        6,
        0,
        False,
        2,
    )
    page = text(coordinator.get("/settings/"))
    assert (
        "A parcel travels for 6 days. A step can be undone for 0 minutes. Each renewal is asked for." in page
    )
    assert NetworkVersion.objects.filter(network=network).count() == 2


def test_many_networks_cost_as_much_as_one(coordinator: Client) -> None:
    settings_told()  # what is kept in the cache is asked for once
    costs = []
    for number in (1, 12):
        Network.objects.bulk_create(
            Network(code=f"n{number}-{place}", name=f"Jaringan {place}", topology="mesh")
            for place in range(number)
        )
        with CaptureQueriesContext(connection) as asked:
            settings_told()
        costs.append(len(asked))
    assert costs[0] == costs[1] < 30
