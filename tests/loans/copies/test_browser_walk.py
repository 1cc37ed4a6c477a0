"""One copy in a real browser: scanned and sent in parts, looked at, declared, saved, and gone on its day."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from loans.models import Delivery, Request
from loans.services.delivery import purge_due
from loans.workflow import engine
from members.models import User
from tests.loans.copies import files
from tests.loans.copies.test_delivery import stored_files
from tests.loans.copies.test_walk import asked
from tests.loans.world import make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# Three parts of two megabytes.
SCAN = files.pdf(content=b"% " + b"x" * 5_000_000 + b"\nBT ET")


def become(page: Any, address: str, user: User) -> None:
    client = Client()
    client.force_login(user)
    page.context.clear_cookies()
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address},
         {"name": "django_language", "value": "en", "url": address}]
    )  # fmt: skip


def test_scan_is_uploaded_checked_declared_downloaded_and_purged(live_server: Any, browser_page: Any) -> None:
    world, page, home = make_world(), browser_page, live_server.url
    request = asked(world)
    request = engine.transition(request, "accept", world.supplier(request))
    supplier = world.supplier(request)

    # The supplying library: a script is refused, the scan goes up in parts.
    become(page, home, User.objects.get(pk=supplier.user_id))
    page.goto(home + reverse("loans:request", args=[request.number]))
    page.get_by_role("link", name="Scan and hand over").click()
    chosen = page.locator("input[type=file]")
    chosen.set_input_files(
        [{"name": "x.pdf", "mimeType": "application/pdf", "buffer": files.pdf_with_script()}]
    )
    page.get_by_role("button", name="Send the files").click()
    page.locator("[data-said]", has_text="contains a script").wait_for()
    chosen.set_input_files([{"name": "Bab 2.pdf", "mimeType": "application/pdf", "buffer": SCAN}])
    page.get_by_role("button", name="Send the files").click()
    page.get_by_role("link", name="Bab 2.pdf").wait_for()
    page.get_by_role("link", name="All is here: hand the copy over").click()
    page.locator("main form[method=post] button").first.click()
    page.get_by_text("Scan sent").first.wait_for()

    # The borrowing library looks at it and lets it go.
    become(page, home, world.people["BDG"])
    page.goto(home + reverse("loans:request", args=[request.number]))
    with page.expect_download() as looked_at:
        page.get_by_role("link", name="Bab 2.pdf").click()
    assert Path(looked_at.value.path()).read_bytes() == SCAN
    page.get_by_role("button", name="Release to the reader").click()
    page.get_by_text("Released to the reader").first.wait_for()

    # The reader declares, and saves the file.
    become(page, home, world.patron)
    page.goto(home + reverse("loans:my_request", args=[request.number]))
    page.get_by_role("link", name="Open your copy").click()
    page.get_by_role("button", name="I agree: open the copy").click()
    assert page.get_by_text("Please tick this sentence to open the copy.").count() >= 2
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="I agree: open the copy").click()
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save the copy").click()
    assert saved.value.suggested_filename == f"{request.number}.pdf"
    assert len(PdfReader(saved.value.path()).pages) == 2

    # On its day it is gone.
    Delivery.objects.update(purge_at=timezone.now() - timedelta(minutes=1))
    assert purge_due() == 1
    assert stored_files() == []
    page.goto(home + reverse("loans:my_request", args=[request.number]))
    assert page.get_by_role("link", name="Open your copy").count() == 0
    assert Request.objects.get(pk=request.pk).status == "purged"
