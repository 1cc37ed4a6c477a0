"""Shared documents: what is let in, who sees it, versions, finding, and nothing left behind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client

from members.knowledge.refusal import FileRefused
from members.knowledge.selectors.items import ItemQuery, items_found, stored_known
from members.knowledge.services import items as services
from members.knowledge.services.items import Content
from members.knowledge.store import put, sweep
from members.models import KnowledgeItem, Library, User
from network_portal.core.errors import RuleViolation
from tests.members.knowledge import files
from tests.members.world import actor_of, client_of, make_member

VALUES: dict[str, Any] = {
    "kind": "guide", "title": "Panduan memperbaiki buku", "summary": "Menambal halaman sobek.", "authors": "Dewi",
    "topics": ["preservation"], "keywords": "lem", "language": "id", "licence": "cc-by-4.0", "audience": "public",
}  # fmt: skip


def stored_files(settings: Any) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def share(who: User, content: bytes | None = None, **values: Any) -> KnowledgeItem:
    given = (
        Content(files.upload(content, "Panduan Buku.pdf"))
        if content
        else Content(link="https://example.org/x")
    )
    return services.item_share(actor=actor_of(who), content=given, values={**VALUES, **values})


@pytest.mark.parametrize(
    ("content", "mime"),
    [
        (files.pdf(), "application/pdf"),
        (files.odt(), "application/vnd.oasis.opendocument.text"),
        (files.docx(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (files.picture("PNG"), "image/png"),
        (files.picture("JPEG"), "image/jpeg"),
        (files.mp3(), "audio/mpeg"),
        (files.mp4(), "video/mp4"),
    ],
)
def test_a_file_is_known_by_what_it_holds(content: bytes, mime: str) -> None:
    assert put(files.upload(content, "x.exe")).mime == mime


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_unknown"),
        (b"MZ\x90\x00 a program", "file_unknown"),
        (b"<svg onload=alert(1)>", "file_unknown"),
        (b"%PDF-1.7 and then nothing", "file_broken"),
        (files.pdf()[:200], "file_broken"),
        (files.pdf(script=True), "file_active"),
        (files.pdf(password="x"), "file_locked"),
        (files.odt("Basic/Standard/Module1.xml"), "file_active"),
        (files.docx("word/vbaProject.bin"), "file_active"),
        (files.docx()[:-30], "file_broken"),
        (files.picture()[:60], "file_broken"),
        (files.mp3(frames=2), "file_broken"),
        (files.mp4()[:-8], "file_broken"),
    ],
)
def test_what_is_something_else_leaves_nothing_behind(content: bytes, code: str, settings: Any) -> None:
    with pytest.raises(FileRefused) as refused:
        put(files.upload(content))
    assert refused.value.code == code or (not content and refused.value.code == "file_broken")
    assert stored_files(settings) == []


def test_a_file_goes_again_when_the_row_fails(librarian: User, settings: Any) -> None:
    with pytest.raises(DatabaseError):
        share(librarian, files.pdf(), title="x" * 300)
    assert KnowledgeItem.objects.count() == 0
    assert stored_files(settings) == []


def test_files_that_no_row_names_are_swept(librarian: User, settings: Any) -> None:
    share(librarian, files.pdf())
    put(files.upload(files.pdf()))
    assert len(stored_files(settings)) == 2
    assert sweep(stored_known, older_than=-1) == 1
    assert sweep(stored_known, older_than=-1) == 0


def test_it_is_handed_out_as_an_attachment_that_can_do_nothing(librarian: User, client: Client) -> None:
    item = share(librarian, files.pdf())
    response = client.get(f"/knowledge/{item.pk}/versions/1/file")
    assert b"".join(response.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    assert response["Content-Disposition"] == 'attachment; filename="Panduan_Buku.pdf"'
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    item.refresh_from_db()
    assert item.downloads == 1


def test_who_may_see_it(librarian: User, bandung: Library) -> None:
    made = {
        audience: share(librarian, files.pdf(), audience=audience)
        for audience in ("public", "members", "staff")
    }
    reader = make_member("baca@bandung.example", bandung)
    for who, seen in ((None, ["public"]), (reader, ["public", "members"]), (librarian, list(made))):
        client = client_of(who)
        answers = {name: client.get(f"/knowledge/{item.pk}/").status_code for name, item in made.items()}
        assert [name for name, status in answers.items() if status == 200] == seen
        file = client.get(f"/knowledge/{made['staff'].pk}/versions/1/file")
        assert file.status_code == (200 if "staff" in seen else 404)


def test_a_new_version_keeps_the_older_one(librarian: User) -> None:
    item = share(librarian, files.pdf())
    services.version_add(
        item=item, actor=actor_of(librarian), content=Content(files.upload(files.odt()), note="Lagi")
    )
    client = client_of(librarian)
    page = client.get(f"/knowledge/{item.pk}/").content.decode()
    assert "Versi 1, diganti oleh versi 2" in page
    assert client.get(f"/knowledge/{item.pk}/versions/1/file")["Content-Type"] == "application/pdf"
    assert client.get(f"/knowledge/{item.pk}/versions/3/file").status_code == 404


@pytest.mark.parametrize(
    "words", ["perbaiki buku", "PANDUAN", "menambal", "preservation", "pelestarian", "lem", "pand"]
)
def test_words_are_found_in_every_form_and_language(librarian: User, words: str) -> None:
    item = share(librarian)
    share(librarian, title="Membuat katalog", summary="", topics=["cataloguing"], keywords="")
    assert list(items_found(actor_of(librarian), ItemQuery(words=words))) == [item]


def test_titles_weigh_more_than_summaries(librarian: User) -> None:
    far = share(librarian, title="Umum", summary="tentang naskah kuno", keywords="", topics=[])
    near = share(librarian, title="Naskah kuno", summary="", keywords="", topics=[])
    assert list(items_found(actor_of(librarian), ItemQuery(words="naskah kuno"))) == [near, far]


def test_filters_and_feeds_narrow_alike(librarian: User, stranger: User, client: Client) -> None:
    share(librarian)
    share(stranger, title="Rekaman lokakarya", kind="recording", language="en", topics=["digital"])
    share(stranger, title="Rahasia staf", audience="staff")
    for query in ("kind=recording", "topic=digital", "language=en", "library=MAKASSAR", "q=lokakarya"):
        page = client.get(f"/knowledge/?{query}").content.decode()
        assert "Rekaman lokakarya" in page and "Panduan memperbaiki" not in page, query
        feed = client.get(f"/knowledge/feed.atom?{query}").content.decode()
        assert "Rekaman lokakarya" in feed and "Panduan memperbaiki" not in feed, query
        assert "Rahasia" not in feed


def test_members_only_is_never_public(librarian: User) -> None:
    with pytest.raises(RuleViolation) as refused:
        share(librarian, licence="members", audience="public")
    assert refused.value.code == "members_only_public"


def test_hiding_needs_a_reason_and_is_told_to_the_library(
    librarian: User, stranger: User, coordinator: User
) -> None:
    item = share(librarian)
    boss = client_of(coordinator)
    assert boss.post(f"/knowledge/{item.pk}/hide/", {"reason": ""}).status_code == 422
    boss.post(f"/knowledge/{item.pk}/hide/", {"reason": "Hak cipta"})
    assert "Hak cipta" in client_of(librarian).get(f"/knowledge/{item.pk}/").content.decode()
    assert client_of(stranger).get(f"/knowledge/{item.pk}/").status_code == 404
    assert client_of(librarian).get(f"/knowledge/{item.pk}/edit/").status_code == 404
    boss.post(f"/knowledge/{item.pk}/show/")
    assert client_of(stranger).get(f"/knowledge/{item.pk}/").status_code == 200


def test_sharing_in_the_browser(librarian: User) -> None:
    client = client_of(librarian)
    wrong = client.post("/knowledge/new/", {**VALUES, "file": files.upload(b"<script>", "a.pdf")})
    assert wrong.status_code == 422
    done = client.post("/knowledge/new/", {**VALUES, "file": files.upload(files.pdf(), "../../a b.pdf")})
    assert done.status_code == 302
    version = KnowledgeItem.objects.get().versions.get()
    assert version.file_name == "a_b.pdf"


def test_nobody_changes_another_librarys_document(librarian: User, stranger: User) -> None:
    item = share(librarian)
    client = client_of(stranger)
    assert client.get(f"/knowledge/{item.pk}/edit/").status_code == 404
    assert (
        client.post(f"/knowledge/{item.pk}/versions/new/", {"link": "https://x.example"}).status_code == 404
    )


def test_the_list_asks_as_often_for_twenty_as_for_one(
    librarian: User, client: Client, django_assert_max_num_queries: Any
) -> None:
    share(librarian)
    client.get("/knowledge/")
    with django_assert_max_num_queries(100) as few:
        client.get("/knowledge/")
    for number in range(19):
        share(librarian, title=f"Panduan {number}")
    with django_assert_max_num_queries(len(few)):
        client.get("/knowledge/")
