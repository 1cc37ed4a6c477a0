"""The pages around a copy, as browsers ask for them: with and without JavaScript, by the right people and others."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pypdf import PdfReader

from loans.delivery.links import token_for
from loans.models import DeclarationAcceptance, Request, ScanFile, SupplyAttempt
from loans.presenters.copies import copy_section
from loans.services.copies import decision_store
from members.choices import Role
from tests.loans.copies import files
from tests.loans.copies.scene import copy_request, scanning, send_pdf
from tests.loans.copies.test_delivery import released
from tests.loans.pages import client_of, text_of
from tests.loans.world import World, make_person


@pytest.fixture
def attempt(world: World) -> SupplyAttempt:
    return scanning(world)


def page(name: str, attempt: SupplyAttempt, **more: Any) -> str:
    return reverse(f"loans:{name}", kwargs={"number": attempt.request.number, **more})


def put(client: Client, attempt: SupplyAttempt, content: bytes, part: str, key: str = "abc") -> Any:
    return client.put(
        page("copy_part", attempt) + f"?key={key}&name=bab.pdf", content, content_type="application/octet-stream",
        headers={"Content-Range": part},
    )  # fmt: skip


def test_plain_form_takes_several_files_and_names_the_refused_ones(
    world: World, attempt: SupplyAttempt
) -> None:
    uploads = [
        SimpleUploadedFile("bab.pdf", files.pdf()),
        SimpleUploadedFile("gambar.jpg", files.jpeg()),
        SimpleUploadedFile("macro.pdf", files.pdf_with_script()),
    ]
    response = client_of(world, "JKT").post(page("copy_scan", attempt), {"scans": uploads}, follow=True)
    told = text_of(response)
    assert "2 files are here" in told
    assert "macro.pdf: The PDF contains a script" in told
    assert list(ScanFile.objects.values_list("name", "position")) == [("bab.pdf", 1), ("gambar.jpg", 2)]


def test_plain_form_without_a_file_says_so(world: World, attempt: SupplyAttempt) -> None:
    response = client_of(world, "JKT").post(page("copy_scan", attempt))
    assert response.status_code == 400
    assert "Please choose at least one file" in text_of(response)


def test_plain_form_above_the_cap_is_cut_off_while_it_is_read(
    world: World, attempt: SupplyAttempt, settings: Any
) -> None:
    settings.COPY_MAX_BYTES = 100_000
    upload = SimpleUploadedFile("big.pdf", b"%PDF-1.4" + b"0" * 400_000)
    response = client_of(world, "JKT").post(page("copy_scan", attempt), {"scans": [upload]}, follow=True)
    assert response.status_code == 413
    assert "larger, or more, than one form takes" in text_of(response)
    assert ScanFile.objects.count() == 0


def test_plain_form_needs_its_token(world: World, attempt: SupplyAttempt) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.people["JKT"])
    response = client.post(page("copy_scan", attempt), {"scans": [SimpleUploadedFile("a.pdf", files.pdf())]})
    assert response.status_code == 403
    assert ScanFile.objects.count() == 0


def test_parts_are_answered_in_json_with_where_to_go_on(world: World, attempt: SupplyAttempt) -> None:
    client, content = client_of(world, "JKT"), files.pdf()
    total, half = len(content), len(content) // 2
    first = put(client, attempt, content[:half], f"bytes 0-{half - 1}/{total}")
    assert first.json() == {"received": half, "total": total, "done": False}
    ahead = put(client, attempt, b"x", f"bytes {total - 1}-{total - 1}/{total}")
    assert (ahead.status_code, ahead.json()["received"]) == (409, half)
    last = put(client, attempt, content[half:], f"bytes {half}-{total - 1}/{total}")
    assert last.json() == {"received": total, "total": total, "done": True}


def test_refused_part_tells_why(world: World, attempt: SupplyAttempt) -> None:
    client, content = client_of(world, "JKT"), files.locked_pdf()
    refused = put(client, attempt, content, f"bytes 0-{len(content) - 1}/{len(content)}")
    assert (refused.status_code, refused.json()["code"]) == (422, "encrypted")
    too_large = put(client, attempt, b"x", f"bytes 0-0/{3 * 1024**3}")
    assert (too_large.status_code, too_large.json()["code"]) == (422, "too_large")
    assert put(client, attempt, b"x", "bytes 0-0/1", key="../up").status_code == 400
    assert put(client, attempt, b"x", "nonsense").status_code == 400


@pytest.mark.parametrize("who", ["SMG", "BDG"])
def test_copy_of_others_is_not_there(world: World, attempt: SupplyAttempt, who: str) -> None:
    file = send_pdf(attempt, world.actor("JKT"))
    client = client_of(world, who)
    for address in (page("copy_scan", attempt), page("copy_file", attempt, pk=file.pk)):
        assert client.get(address).status_code == 404
    assert client.post(page("copy_remove", attempt, pk=file.pk)).status_code == 404
    assert put(client, attempt, b"x", "bytes 0-0/1").status_code == 404
    file.refresh_from_db()
    assert not file.superseded


def test_file_of_another_copy_is_not_there(world: World, attempt: SupplyAttempt) -> None:
    other = scanning(world, copy_request(world, title="Lain"), code="JKT")
    file = send_pdf(other, world.actor("JKT"))
    assert client_of(world, "JKT").get(page("copy_file", attempt, pk=file.pk)).status_code == 404


def test_scan_is_handed_out_as_a_harmless_attachment(world: World, attempt: SupplyAttempt) -> None:
    file = send_pdf(attempt, world.actor("JKT"))
    response = client_of(world, "JKT").get(page("copy_file", attempt, pk=file.pk))
    assert b"".join(response.streaming_content) == files.pdf()
    assert response.headers["Content-Disposition"] == 'attachment; filename="scan.pdf"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Security-Policy"].startswith("sandbox")
    assert "no-store" in response.headers["Cache-Control"]


def test_supplier_takes_a_file_out_again(world: World, attempt: SupplyAttempt) -> None:
    file = send_pdf(attempt, world.actor("JKT"))
    client = client_of(world, "JKT")
    assert "scan.pdf" in text_of(client.get(page("copy_scan", attempt)))
    told = text_of(client.post(page("copy_remove", attempt, pk=file.pk), follow=True))
    assert "scan.pdf is deleted" in told
    assert "Nothing yet" in told


def test_copyright_page_explains_and_lets_a_manager_decide_otherwise(world: World) -> None:
    world.people["manager"] = make_person("boss@example.org", world.home, Role.MANAGER)
    request = copy_request(world, "copyright_review", purpose="other", owner_side="requesting")
    decision_store(request=request, actor=world.desk)
    address = reverse("loans:copy_copyright", args=[request.number])
    told = text_of(client_of(world, "BDG").get(address))
    assert "The purpose given is “another purpose”" in told
    assert "art. 44(1)" in told
    assert "lawyer" in told
    assert "Decide against the rules" not in told
    manager = client_of(world, "manager")
    assert "Decide against the rules" in text_of(manager.get(address))
    assert "Error" in manager.post(address, {"reason": "ok"}).content.decode()
    told = text_of(manager.post(address, {"reason": "The rights holder has agreed."}, follow=True))
    assert "The rights holder has agreed." in told
    assert "Decide against the rules" not in told


def test_rules_are_asked_again_by_the_readers_library_only(world: World, attempt: SupplyAttempt) -> None:
    address = page("copy_copyright", attempt)
    assert "have not been asked" in text_of(client_of(world, "JKT").post(address))
    assert "Every rule is met" in text_of(client_of(world, "BDG").post(address, follow=True))
    assert attempt.request.copyright_decisions.count() == 1


def test_copyright_page_of_a_loan_is_not_there(world: World) -> None:
    request = world.submit()
    assert (
        client_of(world, "BDG").get(reverse("loans:copy_copyright", args=[request.number])).status_code == 404
    )


@pytest.mark.parametrize(("language", "word"), [("id", "ahli hukum"), ("en", "lawyer")])
def test_help_page_tells_every_rule(db: None, language: str, word: str) -> None:
    client = Client()
    client.cookies["django_language"] = language
    told = text_of(client.get(reverse("loans:help_copyright")))
    assert told.lower().count(word) >= 5
    assert "UU 28/2014 art. 47(a)(3)" in told
    assert "CONTU 1(a)" in told


# --- the reader ---------------------------------------------------------------------------------------------


def link(world: World) -> tuple[str, Request]:
    delivery = released(world)
    return reverse("loans:copy_link", args=[token_for(delivery.attempt_id)]), delivery.request


def declare(client: Client, address: str, **without: Any) -> Any:
    form = client.get(address).context["form"]
    answers = {"hash": form["hash"].value(), "statement_0": "on", "statement_1": "on"} | without
    return client.post(address, {key: value for key, value in answers.items() if value})


def test_forwarded_link_asks_for_login(world: World) -> None:
    address, _request = link(world)
    response = Client().get(address)
    assert response.headers["Location"] == f"/accounts/login/?next={address}"
    friend = make_person("friend@example.org", world.home, Role.PATRON)
    client = Client()
    client.force_login(friend)
    assert client.get(address).status_code == 404
    assert client.get(f"{address}files/").status_code == 404


def test_each_sentence_of_the_declaration_must_be_ticked(world: World) -> None:
    address, request = link(world)
    response = declare(client_of(world, "patron"), address, statement_1="")
    assert "Please tick this sentence" in text_of(response)
    assert DeclarationAcceptance.objects.count() == 0
    assert request.deliveries.get().views == 0


def test_reader_declares_and_saves_the_files(world: World) -> None:
    address, _request = link(world)
    client = client_of(world, "patron")
    assert client.get(f"{address}files/").headers["Location"] == address
    opened = declare(client, address)
    listed = client.get(opened.headers["Location"])
    assert "Save the copy" in text_of(listed)
    (url,) = [f"{address}files/{file.pk}/" for file in listed.context["files"]]
    for _twice in range(2):
        body = b"".join(client.get(url).streaming_content)
    pages = PdfReader(io.BytesIO(body)).pages
    assert len(pages) == 2
    assert "Lestari, Dewi" in pages[0].extract_text()
    other = client_of(world, "patron")  # the same person in another browser has opened nothing yet
    assert other.get(url).headers["Location"] == address


def test_used_up_link_says_so_kindly(world: World, settings: Any) -> None:
    settings.COPY_LINK_VIEWS = 1
    address, _request = link(world)
    client = client_of(world, "patron")
    declare(client, address)
    told = text_of(client.get(address))
    assert "opened as often as allowed" in told
    assert "open the copy" not in told


@pytest.mark.parametrize("who", ["JKT", "coordinator"])
def test_supplier_sees_delivered_not_what_was_read(world: World, who: str) -> None:
    address, request = link(world)
    with translation.override("en"):
        before = copy_section(request, world.actor(who))
    declare(client_of(world, "patron"), address)
    with translation.override("en"):
        after = copy_section(request, world.actor(who))
    assert before == after
    assert after is not None
    assert "Delivered" in dict(after.facts).values()
    assert (after.files, after.scan_url) == ([], "")
    assert client_of(world, who).get(address).status_code == 404
