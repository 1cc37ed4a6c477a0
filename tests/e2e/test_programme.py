"""A programme from proposal to certificate, in a real Chromium: host, coordinator, guest of another library."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from members.choices import Role
from members.models import Certificate, Programme
from tests.e2e.walker import Walker
from tests.members.learning.world import pass_days
from tests.members.world import PASSWORD, make_library, make_member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_programme_from_proposal_to_certificate(live_server: Any, browser: Any) -> None:
    host = make_library("TUAN", name="Perpustakaan Tuan Rumah", email="meja@tuan.example")
    guest_house = make_library("TAMU", name="Perpustakaan Tamu")
    make_member("host@tuan.example", host, Role.MANAGER, name="Made")
    make_member("sri@jaringan.example", guest_house, Role.COORDINATOR, name="Sri")
    make_member("tuti@tamu.example", guest_house, Role.LIBRARIAN, name="Tuti")

    made = Walker(browser, live_server.url).log_in("host@tuan.example", PASSWORD)
    page = made.page
    made.go("/learning/").look("learning-empty")
    made.go("/learning/new/").look("learning-new")
    day = timezone.localdate() + timedelta(days=3)
    values = {"title": "Merawat naskah kuno", "learns": "Membersihkan dan menyimpan.", "place": "Ruang naskah",
              "signer": "Made Wirawan", "places": "10", "day-0-day": day.isoformat(), "day-0-start": "09:00",
              "day-0-end": "12:00", "day-0-topic": "Kertas"}  # fmt: skip
    for name, value in values.items():
        page.fill(f"main [name='{name}']", value)
    made.send()
    programme = Programme.objects.get()
    assert programme.status == "proposed" and page.url.endswith(f"/learning/{programme.pk}/")

    sri = Walker(browser, live_server.url).log_in("sri@jaringan.example", PASSWORD)
    sri.go("/learning/overview/").look("learning-overview")
    sri.page.click("main a >> text=Merawat naskah kuno")
    sri.page.wait_for_load_state()
    sri.do("open")
    sri.send()
    programme.refresh_from_db()
    assert programme.is_open

    tuti = Walker(browser, live_server.url).log_in("tuti@tamu.example", PASSWORD)
    tuti.go("/learning/").look("learning-list")
    tuti.go(f"/learning/calendar/?month={day:%Y-%m}").look("learning-calendar")
    tuti.go(f"/learning/{programme.pk}/").look("learning-programme")
    tuti.go(f"/learning/{programme.pk}/register/").look("learning-register")
    tuti.send()
    tuti.go("/learning/mine/").look("learning-mine")
    assert programme.registrations.get().has_place

    pass_days(programme, 10)
    made.go("/learning/host/").look("learning-host")
    made.go(f"/learning/{programme.pk}/people/").look("learning-people")
    page.click(f"main a[href='/learning/{programme.pk}/people/{programme.sessions.get().pk}/']")
    page.wait_for_load_state()
    page.focus("main input[name=present]")
    page.keyboard.press("Space")
    made.look("learning-attendance")
    made.send()
    page.click(f"main form[action='/learning/{programme.pk}/certificates/'] button")
    page.wait_for_load_state()
    certificate = Certificate.objects.get()

    tuti.go(f"/learning/{programme.pk}/opinion/").look("learning-opinion")
    for name in ("useful", "clear", "organised"):
        tuti.page.check(f"main input[name={name}][value='5']")
    tuti.send()
    made.go(f"/learning/{programme.pk}/results/").look("learning-results")

    anybody = Walker(browser, live_server.url)
    anybody.go(f"/certificates/{certificate.code}/").look("certificate")
    assert (
        "Tuti" in anybody.text() and "Merawat naskah kuno" in anybody.text() and "Berlaku" in anybody.text()
    )
    answer = anybody.page.goto(f"{live_server.url}/certificates/{certificate.code[::-1]}/")
    assert answer is not None and answer.status == 404
    assert "Tidak dikenal" in anybody.look("certificate-unknown").text()
    tuti.go(f"/certificates/{certificate.code}/").page.get_by_role(
        "link", name="Sertifikat sebagai PDF"
    ).wait_for()
    paper = tuti.page.request.get(f"{live_server.url}/certificates/{certificate.code}/certificate.pdf")
    assert paper.status == 200 and paper.body().startswith(b"%PDF")
    for walker in (made, sri, tuti, anybody):
        walker.context.close()
