"""Saved searches: kept, changed, ended; mails about what is new; feeds."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core import mail
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import html

from catalog.models import NewTitle, SavedSearch
from catalog.search import indexer
from catalog.search.query import SearchQuery
from catalog.services.alerts import alerts_send
from catalog.services.saved import search_save
from catalog.tasks_saved import send_alerts
from members.models import User
from network_portal.core.errors import RuleViolation
from network_portal.core.mail import mail_send_due
from network_portal.core.models import OutgoingMail
from tests.catalog.search.world import edition, library

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def reader() -> User:
    return User.objects.create_user("rani@example.org", "pw", name="Rani", language="en")


@pytest.fixture
def client(reader: User) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(reader)
    return client


def saved(
    reader: User, asked: str = "q=pelangi", name: str = "Rainbows", alert: str = "daily"
) -> SavedSearch:
    return search_save(
        owner_id=reader.pk, name=name, query=SearchQuery.from_params(QueryDict(asked)), alert=alert
    )


def shelve(title: str, **values: Any) -> Any:
    made = edition(title, "Hirata, Andrea", held_by=(library("A"),), **values)
    indexer.index_dirty()
    return made


def in_days(days: float) -> datetime:
    return timezone.now() + timedelta(days=days)


def mails() -> list[OutgoingMail]:
    return list(OutgoingMail.objects.order_by("id"))


def test_a_search_is_saved_with_its_filters_and_without_its_page(client: Client, reader: User) -> None:
    address = "/saved/new/?q=pelangi&format=book&sort=newest&page=3&per_page=50"
    page = html.fromstring(client.get(address).content.decode())
    assert "“pelangi” · Format: Book" in page.text_content()
    assert client.post(address, {"name": " My  rainbows ", "alert": "weekly"}).status_code == 302
    row = SavedSearch.objects.get()
    assert (row.owner, row.name, row.query) == (reader, "My rainbows", "q=pelangi&format=book&sort=newest")
    assert row.due_at is not None and timedelta(days=5) < row.due_at - timezone.now() < timedelta(days=8)
    listed = html.fromstring(client.get("/saved/").content.decode())
    assert listed.xpath("//main//a/@href[contains(., 'q=pelangi')]")[0] == f"/search?{row.query}"


def test_a_stranger_logs_in_first_and_comes_back_to_the_question() -> None:
    answer = Client().get("/saved/new/?q=pelangi&format=book")
    assert answer.status_code == 302 and "q%3Dpelangi%26format%3Dbook" in answer["Location"]


@pytest.mark.parametrize(
    ("asked", "name", "code"),
    [("", "x", "nothing_asked"), ("q=a", " ", "name_missing"), ("q=a", "Rainbows", "name_taken"),
     ("&".join(f"author={n:0290}" for n in range(9)), "x", "question_long")],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_in_words(reader: User, asked: str, name: str, code: str) -> None:
    saved(reader)
    with pytest.raises(RuleViolation) as refusal:
        saved(reader, asked, name)
    assert refusal.value.code == code


def test_another_persons_search_is_not_there(client: Client) -> None:
    other = User.objects.create_user("lain@example.org", "pw")
    row = saved(other)
    assert client.get(f"/saved/{row.pk}/").status_code == 404
    assert client.post(f"/saved/{row.pk}/remove/").status_code == 404
    assert SavedSearch.objects.filter(pk=row.pk).exists()


def test_a_search_is_renamed_silenced_and_removed(client: Client, reader: User) -> None:
    row = saved(reader)
    client.post(f"/saved/{row.pk}/", {"name": "Colours", "alert": "off"})
    row.refresh_from_db()
    assert (row.name, row.alert, row.due_at) == ("Colours", "off", None)
    client.post(f"/saved/{row.pk}/remove/")
    assert not SavedSearch.objects.exists()


def test_a_mail_names_what_is_new_and_fits_once(reader: User) -> None:
    shelve("Laskar Pelangi")
    row = saved(reader)
    assert alerts_send() == 0  # not due yet
    fresh = shelve("Pelangi di langit", created_at=timezone.now() + timedelta(seconds=1))
    shelve("Laut", created_at=timezone.now() + timedelta(seconds=1))
    assert alerts_send(now=in_days(1.5)) == 1
    [sent] = mails()
    assert sent.subject == "1 new title: Rainbows" and sent.to_email == reader.email
    for body in (sent.body_text, sent.body_html):
        assert fresh.get_absolute_url() in body
        assert "Laskar" not in body and "Laut" not in body
    assert "q=pelangi&sort=added" in sent.body_text
    assert alerts_send(now=in_days(1.5)) == 0 and alerts_send(now=in_days(3)) == 0
    row.refresh_from_db()
    assert row.due_at is not None and row.due_at > in_days(3)


def test_a_title_the_index_has_not_learnt_yet_is_told_next_time(reader: User) -> None:
    shelve("Laskar Pelangi")
    saved(reader)
    late = edition("Pelangi malam", held_by=(library("A"),), created_at=in_days(0.5))
    assert alerts_send(now=in_days(1.5)) == 0
    indexer.index_dirty()
    assert alerts_send(now=in_days(3)) == 1
    assert late.get_absolute_url() in mails()[0].body_text


def test_a_title_whose_load_is_still_running_is_told_next_time(reader: User) -> None:
    shelve("Laskar Pelangi")
    row = saved(reader)
    SavedSearch.objects.update(due_at=timezone.now(), told_until=in_days(-1))
    now = timezone.now()
    assert row.pk and alerts_send(now=now) == 0  # it came a moment ago: others of its load may follow
    assert alerts_send(now=in_days(2)) == 1


def test_without_an_index_the_mail_waits(reader: User) -> None:
    row = saved(reader)
    due = row.due_at
    assert alerts_send(now=in_days(1.5)) == 0
    row.refresh_from_db()
    assert row.due_at == due
    shelve("Pelangi", created_at=timezone.now() + timedelta(seconds=1))
    assert alerts_send(now=in_days(1.5)) == 1


def test_many_searches_cost_few_statements_beside_their_mails(reader: User) -> None:
    shelve("Pelangi")
    for number in range(12):
        saved(reader, f"q=pelangi{number % 3}", f"S{number}")
    with CaptureQueriesContext(connection) as seen:
        alerts_send(now=in_days(1.5))
    assert (
        len([q for q in seen.captured_queries if "catalog_savedsearch" in q["sql"]]) == 3
    )  # twelve, none, written
    assert len([q for q in seen.captured_queries if "catalog_edition" in q["sql"]]) <= 4


def test_a_long_list_is_cut_and_says_so(reader: User) -> None:
    saved(reader)
    for number in range(23):
        edition(
            f"Pelangi {number}", held_by=(library("A"),), created_at=timezone.now() + timedelta(seconds=1)
        )
    indexer.index_dirty()
    alerts_send(now=in_days(1.5))
    [sent] = mails()
    assert sent.subject.startswith("23 new titles") and "And 3 more." in sent.body_text
    assert sent.body_text.count("/edition/") == 20


def test_people_who_left_get_no_mail(reader: User) -> None:
    saved(reader)
    shelve("Pelangi", created_at=timezone.now() + timedelta(seconds=1))
    User.objects.update(is_active=False)
    assert alerts_send(now=in_days(1.5)) == 0


def test_the_timer_looks_for_what_is_due(reader: User) -> None:
    shelve("Pelangi", created_at=in_days(-1))
    saved(reader)
    SavedSearch.objects.update(due_at=timezone.now(), told_until=in_days(-2))
    send_alerts()
    assert len(mails()) == 1


def test_one_click_in_the_mail_program_ends_the_mails(reader: User, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    row = saved(reader)
    shelve("Pelangi", created_at=timezone.now() + timedelta(seconds=1))
    alerts_send(now=in_days(1.5))
    assert mail_send_due() == 1
    headers = mail.outbox[0].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = headers["List-Unsubscribe"].strip("<>").removeprefix(settings.PORTAL_URL)
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.get(address).status_code == 200  # a filter that follows links
    row.refresh_from_db()
    assert row.alert == "daily"
    assert stranger.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    row.refresh_from_db()
    assert (row.alert, row.due_at) == ("off", None)
    assert stranger.post(address[:-3] + "xx/").status_code == 404


def test_rss_gives_the_newest_of_a_search_first() -> None:
    for days, title in enumerate(("Pelangi <tua> & lama", "Pelangi muda", "Laut")):
        shelve(title, created_at=in_days(days - 9))
    answer = Client(headers={"Accept-Language": "en"}).get("/search/feed.rss?q=pelangi&sort=title&page=4")
    assert (
        answer["Content-Type"].startswith("application/rss+xml") and "s-maxage=900" in answer["Cache-Control"]
    )
    channel = ElementTree.fromstring(answer.content).find("channel")
    assert channel is not None and channel.findtext("title") == "New titles: “pelangi”"
    assert [item.findtext("title") for item in channel.iter("item")] == [
        "Pelangi muda",
        "Pelangi <tua> & lama",
    ]
    item = channel.find("item")
    assert item is not None and item.findtext("guid") == item.findtext("link") and item.findtext("pubDate")


def test_atom_of_a_library_and_of_the_network_give_what_came_last() -> None:
    old, fresh = shelve("Pelangi"), shelve("Laut", changed_at=in_days(-4))
    came = in_days(-1)
    for at, title, is_first in ((came, fresh, True), (in_days(-2), old, False)):
        NewTitle.objects.create(library=library("A"), edition_id=title.pk, seen_at=at, is_first=is_first)
    for address, titles in (("/libraries/A/new.atom", ["Laut", "Pelangi"]), ("/browse/new.atom", ["Laut"])):
        answer = Client().get(address)
        assert answer["Content-Type"].startswith("application/atom+xml")
        feed = ElementTree.fromstring(answer.content)
        assert [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")] == titles
        links = {link.get("rel"): link.get("href", "") for link in feed.findall(f"{ATOM}link")}
        assert links["self"].endswith(address) and "/browse/new/" in links["alternate"]
        assert (feed.findtext(f"{ATOM}entry/{ATOM}published") or "").startswith(f"{came:%Y-%m-%dT%H:%M:%S}")
    assert Client().get("/libraries/NONE/new.atom").status_code == 404
    assert Client().get("/search/feed.pdf").status_code == 404


def test_whoever_finds_nothing_may_be_told_when_it_comes(client: Client) -> None:
    shelve("Pelangi")
    page = html.fromstring(client.get("/search?q=zzzqqq&format=map").content.decode())
    assert "/saved/new/?q=zzzqqq&format=map" in page.xpath("//main//a/@href")


def test_the_page_of_results_leads_to_saving_and_to_its_feeds(client: Client) -> None:
    shelve("Pelangi")
    page = html.fromstring(client.get("/search?q=pelangi&sort=title").content.decode())
    head = {link.get("type"): link.get("href") for link in page.xpath("//head/link[@rel='alternate']")}
    assert head == {
        "application/rss+xml": "/search/feed.rss?q=pelangi",
        "application/atom+xml": "/search/feed.atom?q=pelangi",
    }
    assert "/saved/new/?q=pelangi&sort=title" in page.xpath("//main//a/@href")
