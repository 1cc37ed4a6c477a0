"""What a stranger tries: to fill the disk, to climb out of the folder, to follow a link on the disk."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as portal
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from loans.delivery import intake, store
from loans.delivery.links import signed_here, token_for
from loans.delivery.refusal import FileRefused
from loans.models import ScanFile
from loans.services.delivery import sweep
from tests.loans.copies import files
from tests.loans.copies.scene import scanning, send, send_pdf
from tests.loans.copies.test_copy_pages import declare
from tests.loans.copies.test_delivery import released, stored_files
from tests.loans.copies.test_upload import make_old
from tests.loans.pages import client_of
from tests.loans.world import World


@pytest.mark.parametrize("who", ["", "patron", "SMG", "coordinator"])
def test_form_of_somebody_without_a_copy_to_make_is_not_read(
    world: World, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = reverse("loans:copy_scan", kwargs={"number": scanning(world).request.number})
    read: list[int] = []
    taken = intake.CappedUploadHandler.new_file
    monkeypatch.setattr(
        intake.CappedUploadHandler,
        "new_file",
        lambda self, *a, **k: (read.append(1), taken(self, *a, **k))[1],
    )
    client = client_of(world, who) if who else Client()
    answer = client.post(page, {"scans": [SimpleUploadedFile("a.pdf", files.pdf())]})
    assert answer.status_code == {"": 302, "patron": 403, "SMG": 404, "coordinator": 403}[who]
    assert read == []
    client_of(world, "JKT").post(page, {"scans": [SimpleUploadedFile("a.pdf", files.pdf())]})
    assert read == [1]


@pytest.mark.parametrize("stored", ["../secret", "/etc/passwd", "copies/../../secret", "", "copies/../.."])
def test_stored_name_that_leads_out_opens_nothing(world: World, stored: str) -> None:
    file = send_pdf(scanning(world), world.actor("JKT"))
    ScanFile.objects.update(file=stored or "copies/..")
    with pytest.raises((ValueError, OSError)):
        store.open_stored(stored or "copies/..")
    page = reverse("loans:copy_file", args=[file.attempt.request.number, file.pk])
    assert client_of(world, "JKT").get(page).status_code == 404


def test_link_on_the_disk_is_not_followed_out_of_the_folder(world: World, tmp_path: Path) -> None:
    outside = tmp_path / "secret.txt"
    outside.write_text("not for you")
    file = send_pdf(scanning(world), world.actor("JKT"))
    place = Path(portal.MEDIA_ROOT) / (file.file.name or "")
    place.unlink()
    place.symlink_to(outside)
    page = reverse("loans:copy_file", args=[file.attempt.request.number, file.pk])
    assert client_of(world, "JKT").get(page).status_code == 404
    loose = Path(portal.MEDIA_ROOT) / "copies" / "loose"
    loose.symlink_to(outside)
    make_old([outside])
    os.utime(loose, (0, 0), follow_symlinks=False)
    sweep()
    assert outside.read_text() == "not for you"


@pytest.mark.parametrize(
    "name", ["../../etc/cron.d/x.pdf", "..\\..\\x.pdf", "/etc/x.pdf", "x\r\nSet-Cookie: a=b.pdf", '"><script>.pdf']
)  # fmt: skip
def test_name_of_a_file_does_no_harm(world: World, name: str) -> None:
    attempt = scanning(world)
    file = send(attempt, world.actor("JKT"), files.pdf(), name)
    assert not set('/\\"<>\r\n') & set(file.name)
    assert [path.parent.parent.name for path in stored_files()] == ["copies"]
    answer = client_of(world, "JKT").get(reverse("loans:copy_file", args=[attempt.request.number, file.pk]))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "Set-Cookie: a" not in str(answer.headers)


def test_readers_file_can_run_nothing_and_is_kept_nowhere(world: World) -> None:
    delivery = released(world)
    address = reverse("loans:copy_link", args=[token_for(delivery.attempt_id)])
    client = client_of(world, "patron")
    listed = client.get(declare(client, address).headers["Location"])
    assert "no-store" in listed.headers["Cache-Control"]
    (file,) = listed.context["files"]
    headers = client.get(f"{address}files/{file.pk}/").headers
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Disposition"].startswith("attachment")
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in headers["Cache-Control"]
    assert headers["Referrer-Policy"] == "same-origin"  # the link does not travel on
    assert headers["X-Frame-Options"] == "DENY"


def test_link_of_another_portal_or_another_purpose_is_none(world: World, settings: Any) -> None:
    token = token_for(released(world).attempt_id)
    settings.SECRET_KEY = "another-portal-with-another-key-0123456789-abcdefghijklmnop"
    assert not signed_here(token)
    assert client_of(world, "patron").get(reverse("loans:copy_link", args=[token])).status_code == 404


@pytest.mark.parametrize("kind", ["script", "launch", "attachment", "locked"])
def test_reason_of_a_refused_pdf_is_told_in_plain_words(world: World, kind: str) -> None:
    content = {
        "script": files.pdf_with_script(),
        "launch": files.pdf(b"<< /Type /Action /S /Launch /F (calc.exe) >>"),
        "attachment": files.pdf_with_attachment(),
        "locked": files.locked_pdf(),
    }[kind]
    with pytest.raises(FileRefused) as refused:
        send(scanning(world), world.actor("JKT"), content)
    words = str(refused.value)
    assert ("sandi" in words) if kind == "locked" else ("skrip" in words and "lampiran" in words)
    assert stored_files() == []
