"""Covers from a provider: a real server is asked, what it sends is looked at, and no page waits for it."""

from __future__ import annotations

import io
import os
import struct
import threading
import zlib
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.checks import run_checks
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import html
from PIL import Image, ImageFile

from catalog import tasks_covers
from catalog.choices import CoverState
from catalog.covers import provider, store, wanted
from catalog.covers.pictures import LARGE, NotAPicture, pictures_of
from catalog.models import Cover, Edition
from catalog.services.covers import cover_fetch, covers_sweep
from network_portal.core import http
from tests.catalog.search.world import edition, library

pytestmark = pytest.mark.django_db
ISBN = "9789793062792"


def picture(width: int = 600, height: int = 900, kind: str = "JPEG", **more: Any) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((width, height), 40).convert("RGB").save(out, kind, **more)
    return out.getvalue()


class Provider(BaseHTTPRequestHandler):
    answers: dict[str, tuple[int, dict[str, str], bytes]] = {}
    asked: list[str] = []

    def do_GET(self) -> None:
        Provider.asked.append(self.path)
        status, headers, body = Provider.answers.get(self.path, (404, {}, b"none"))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: Any) -> None:
        """Quiet."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    Provider.answers, Provider.asked = {}, []
    running = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    base = f"http://127.0.0.1:{running.server_address[1]}"
    cache.clear()
    with override_settings(
        COVER_URL=f"{base}/{{isbn}}.jpg", ALLOW_PRIVATE_ADDRESSES=True, MEDIA_ROOT=tmp_path, COVER_HOSTS=[]
    ):
        yield base
    running.shutdown()
    running.server_close()


def gives(body: bytes, status: int = 200, isbn: str = ISBN, **headers: str) -> None:
    Provider.answers[f"/{isbn}.jpg"] = (status, headers, body)


def book(isbn: str = ISBN, title: str = "Laskar Pelangi", **more: Any) -> Edition:
    numbers = [{"scheme": "isbn", "value": isbn}] if isbn else []
    return edition(title, held_by=(library("BDG"),), display={"identifiers": numbers}, **more)


def fetched(made: Edition) -> Cover:
    cover_fetch(edition_id=made.pk)
    return Cover.objects.get(edition=made)


def test_a_picture_is_made_anew_in_two_sizes(server: str) -> None:
    gives(picture(exif=b"Exif\0\0secret place"))
    cover = fetched(book())
    assert (cover.state, cover.width, cover.height) == (CoverState.FOUND, *LARGE)
    for size, box in (("l", (320, 480)), ("s", (128, 192))):
        path = store.path_of(f"{cover.digest}-{size}")
        assert path is not None
        data = path.read_bytes()
        assert b"secret" not in data
        with Image.open(io.BytesIO(data)) as made:
            assert (made.format, made.size) == ("WEBP", box)
    assert cover.expires_at > timezone.now() + timedelta(days=100)


def bomb() -> bytes:
    """A PNG of a few bytes that says it is 60,000 pixels wide and high."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 9))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<html>Not found</html>", b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>',
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 200 300\n", picture(1, 1, "GIF"), picture(30, 45),
        picture(900, 120), picture(600, 900)[:3000], bomb(), b"x" * (3 * 1024**2 + 1),
        picture(200, 300, "TIFF"),
    ],
    ids=["empty", "html", "svg", "postscript", "dot", "tiny", "banner", "cut", "bomb", "large", "tiff"],
)  # fmt: skip
def test_what_is_no_cover_is_refused(body: bytes) -> None:
    with pytest.raises(NotAPicture):
        pictures_of(body)


def test_a_cut_picture_is_refused_whatever_other_programs_let_pillow_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    with pytest.raises(NotAPicture):
        pictures_of(picture(600, 900)[:3000])
    assert ImageFile.LOAD_TRUNCATED_IMAGES, "put back for whoever asked for it"


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP"])
def test_other_kinds_of_pictures_are_taken(kind: str) -> None:
    made = pictures_of(picture(200, 300, kind))
    assert (made.width, made.height) == (200, 300), "never made larger"


def test_a_lie_about_the_content_type_changes_nothing(server: str) -> None:
    gives(b"<html><script>alert(1)</script></html>", **{"Content-Type": "image/jpeg"})
    cover = fetched(book())
    assert (cover.state, cover.digest) == (CoverState.NONE, "")
    assert not list(store.folder().glob("*/*"))


def test_none_is_remembered_for_a_month(server: str) -> None:
    made = book()
    cover = fetched(made)
    assert cover.state == CoverState.NONE
    assert cover_fetch(edition_id=made.pk) is None
    assert len(Provider.asked) == 1
    Cover.objects.update(expires_at=timezone.now() - timedelta(days=1))
    gives(picture())
    assert cover_fetch(edition_id=made.pk) == CoverState.FOUND


def test_after_failures_it_is_asked_again_later_and_later(server: str) -> None:
    made, waits = book(), []
    gives(b"busy", status=503)
    for _time in range(3):
        cover = fetched(made)
        waits.append(round((cover.expires_at - cover.checked_at).total_seconds() / 3600))
        Cover.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert waits == [1, 2, 4]
    assert cover.state == CoverState.FAILED


def test_a_picture_stays_while_the_provider_is_away(server: str) -> None:
    made = book()
    gives(picture())
    digest = fetched(made).digest
    Cover.objects.update(expires_at=timezone.now() - timedelta(days=1))
    gives(b"", status=500)
    cover = fetched(made)
    assert (cover.state, cover.digest, cover.tries) == (CoverState.FOUND, digest, 1)


def test_editions_with_the_same_isbn_ask_once(server: str) -> None:
    gives(picture())
    one, two = fetched(book()), fetched(book())
    assert one.digest == two.digest
    assert len(Provider.asked) == 1


def test_an_edition_without_isbn_asks_nobody(server: str) -> None:
    assert fetched(book(isbn="")).state == CoverState.NONE
    assert Provider.asked == []


def test_a_redirect_leads_only_where_the_settings_say(server: str) -> None:
    other = server.replace("127.0.0.1", "localhost")
    gives(b"", status=302, Location=f"{other}/real.jpg")
    Provider.answers["/real.jpg"] = (200, {}, picture())
    made = book()
    assert fetched(made).state == CoverState.FAILED
    Cover.objects.update(expires_at=timezone.now())
    with override_settings(COVER_HOSTS=["localhost"]):
        assert fetched(made).state == CoverState.FOUND


@pytest.mark.parametrize(
    ("target", "may"),
    [
        ("covers.example", True), ("archive.org", True), ("ia800.us.archive.org", True), ("evilarchive.org", False),
        ("archive.org.evil.example", False), (".archive.org", True), (None, False),
    ],
)  # fmt: skip
def test_a_host_below_another_is_no_look_alike(target: str | None, may: bool) -> None:
    assert http._may_lead("covers.example", target, ["archive.org", ".archive.org"]) is may


@pytest.mark.parametrize(
    ("template", "private", "good"),
    [
        ("https://covers.example/{isbn}.jpg", False, True),
        ("https://covers.example/{isbn10}.jpg", False, True),
        ("http://covers.example/{isbn}.jpg", False, False),
        ("http://covers.example/{isbn}.jpg", True, True),
        ("https://covers.example/cover.jpg", False, False),
        ("https://{isbn}/cover.jpg", False, False),
        ("file:///etc/{isbn}", True, False),
        ("https://[/{isbn}", False, False),
    ],
)
def test_only_a_safe_address_may_be_set(template: str, private: bool, good: bool) -> None:
    with override_settings(COVER_URL=template, ALLOW_PRIVATE_ADDRESSES=private):
        found = [message for message in run_checks(tags=["jejaring"]) if message.id == "jejaring.E012"]
        assert bool(provider.address_of(ISBN)) is good
    assert bool(found) is not good


def test_the_short_isbn_where_the_provider_wants_it() -> None:
    with override_settings(COVER_URL="https://covers.example/{isbn10}.jpg"):
        assert provider.address_of(ISBN) == "https://covers.example/9793062797.jpg"
        assert provider.address_of("9791034567895") == "", "979 has no short form"


def test_a_cancelled_or_wrong_isbn_is_not_asked_for() -> None:
    numbers = [
        {"scheme": "isbn", "value": "123", "valid": False},
        {"scheme": "isbn", "value": "9786020000000", "cancelled": True},
        {"scheme": "issn", "value": "0216-1230"}, {"scheme": "isbn", "value": ISBN},
    ]  # fmt: skip
    assert provider.isbn_of({"identifiers": numbers}) == ISBN


def test_the_page_draws_first_and_shows_the_picture_after_the_worker(client: Client, server: str) -> None:
    gives(picture(600, 800))
    made = book()
    page = html.fromstring(client.get(f"/edition/{made.pk}").content)
    assert page.xpath("//div[@class='record-cover']//*[local-name()='svg']")
    assert Provider.asked == [], "no page waits for the provider"
    tasks_covers.fetch_wanted.apply().get()
    image = html.fromstring(client.get(f"/edition/{made.pk}").content).xpath(
        "//div[@class='record-cover']/img"
    )[0]
    assert (image.get("width"), image.get("height"), image.get("alt")) == ("320", "427", "")
    answer = client.get(image.get("src"))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert "immutable" in answer["Cache-Control"]
    assert b"".join(answer.streaming_content)[8:12] == b"WEBP"


def test_the_most_wanted_come_first_and_once(server: str) -> None:
    one, two, three = (book(isbn="", title=f"Buku {n}") for n in range(3))
    wanted.want([one.pk, two.pk, three.pk])
    wanted.want([two.pk])
    wanted.want([three.pk], wanted.PAGE)
    assert wanted.take(2) == [three.pk, two.pk]
    assert wanted.take(9) == [one.pk]


def test_the_list_of_wishes_does_not_grow_without_end(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wanted, "LONGEST", 5)
    wanted.want(range(1, 10))
    assert len(wanted.take(99)) == 5


def test_so_many_are_fetched_in_a_turn(server: str) -> None:
    made = [book(isbn="", title=f"Buku {n}") for n in range(5)]
    wanted.want([one.pk for one in made])
    with override_settings(COVER_PER_MINUTE=8):
        tasks_covers.fetch_wanted.apply().get()
    assert Cover.objects.count() == 2


def test_without_a_provider_nothing_is_asked_noted_or_shown(client: Client, server: str) -> None:
    made = book()
    gives(picture())
    fetched(made)
    with override_settings(COVER_URL=""):
        with CaptureQueriesContext(connection) as seen:
            page = html.fromstring(client.get(f"/edition/{made.pk}").content)
        assert not page.xpath("//img[@class='cover']")
        assert not [query for query in seen if '"catalog_cover"' in query["sql"]]
        assert cover_fetch(edition_id=made.pk) is None
        wanted.want([made.pk])
    assert wanted.take(5) == []


def test_a_list_costs_one_query(client: Client, server: str) -> None:
    from django.template import Context, Template

    made = [book(isbn="", title=f"Buku {n}") for n in range(20)]
    provider.current()  # asked for once a minute
    with CaptureQueriesContext(connection) as seen:
        shown = Template(
            "{% load cover_tags %}{% find_covers hits %}"
            "{% for hit in hits %}{% edition_cover hit.pk hit.title hit.author %}{% endfor %}"
        ).render(Context({"hits": made}))
    assert (len(seen), shown.count("<svg")) == (1, 20)


def test_pictures_of_a_list_are_small_lazy_and_hold_their_place(server: str) -> None:
    from django.template import Context, Template

    gives(picture())
    made = book()
    fetched(made)
    image = html.fromstring(
        Template("{% load cover_tags %}{% find_covers hits %}{% edition_cover hits.0.pk 'T' 'A' %}").render(
            Context({"hits": [made]})
        )
    )
    assert (image.get("width"), image.get("height"), image.get("loading")) == ("128", "192", "lazy")
    assert image.get("src").endswith("-s.webp")


@pytest.mark.parametrize(
    "name", ["../../settings", "0" * 32, "0" * 32 + "-x", "A" * 32 + "-s", "0" * 32 + "-s"]
)
def test_only_kept_pictures_are_served(client: Client, server: str, name: str) -> None:
    assert client.get(f"/covers/{name}.webp").status_code == 404


def test_what_nobody_looks_at_any_more_is_forgotten(server: str) -> None:
    gives(picture())
    fetched(book())
    lonely = store.folder() / "ab" / ("ab" * 16 + "-l.webp")
    lonely.parent.mkdir(parents=True, exist_ok=True)
    lonely.write_bytes(b"x")
    for path in store.folder().glob("*/*"):
        os.utime(path, (1, 1))
    assert covers_sweep() == 1
    assert len(list(store.folder().glob("*/*"))) == 2
    Cover.objects.update(expires_at=timezone.now() - timedelta(days=100))
    assert covers_sweep() == 2
    assert not Cover.objects.exists()


def test_after_a_restore_without_files_the_pictures_are_asked_for_anew(server: str) -> None:
    gives(picture())
    made = book()
    digest = fetched(made).digest
    covers_sweep()
    assert Cover.objects.exists()
    path = store.path_of(f"{digest}-s")
    assert path is not None
    path.unlink()
    covers_sweep()
    assert cover_fetch(edition_id=made.pk) == CoverState.FOUND
    assert path.is_file()


def test_a_merged_edition_is_not_asked_for(server: str) -> None:
    made, other = book(), book()
    Edition.objects.filter(pk=made.pk).update(merged_into=other)
    assert cover_fetch(edition_id=made.pk) is None
