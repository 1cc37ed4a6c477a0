"""What leads on from the page of an edition: similar titles, links to the web, other scripts, headings."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html

from catalog.models import Edition
from catalog.presenters.edition_about import about
from catalog.presenters.edition_links import links_of
from catalog.presenters.edition_scripts import direction_of, in_script, scripts_of
from catalog.presenters.edition_similar import similar_to
from catalog.search import indexer
from tests.catalog.search.world import edition, library

pytestmark = pytest.mark.django_db


def book(title: str, author: str, *subjects: str, **more: Any) -> Edition:
    held = (library("BDG"),)
    return edition(title, author, held_by=held, display={"subjects": list(subjects)}, **more)


def page_of(client: Client, made: Edition) -> Any:
    client.cookies["django_language"] = "en"
    return html.fromstring(client.get(f"/edition/{made.pk}").content.decode())


@pytest.fixture
def shelf() -> Edition:
    cache.clear()
    one = book("Pulang", "Chudori, Leila S.", "Eksil -- Fiksi", "Fiksi Indonesia")
    book("Laut bercerita", "Chudori, Leila S.", "Orang hilang -- Fiksi", "Fiksi Indonesia")
    book("Jalan raya pos", "Toer", "Jalan")
    book("Amba", "Pamuntjak, Laksmi", "Eksil -- Fiksi")
    for number in range(6):
        book(f"Cerita {number}", "Chudori, Leila S.", "Cerita pendek")
    book("Pulang", "Chudori, Leila S.", "Eksil -- Fiksi", year=2019)  # the same work
    gone = book("Surat dari Praha", "Yusri Fajar", "Eksil -- Fiksi")
    indexer.index_dirty()
    Edition.objects.filter(pk=gone.pk).update(library_count=0)
    return one


def test_similar_titles_share_subjects_and_authors(shelf: Edition) -> None:
    titles = [like.title for like in similar_to(shelf)]
    assert set(titles[:2]) == {"Laut bercerita", "Amba"}
    assert "Pulang" not in titles, "its own work stands above"
    assert "Jalan raya pos" not in titles
    assert "Surat dari Praha" not in titles, "nobody holds it any more"
    assert sum(like.author == "Chudori, Leila S." for like in similar_to(shelf)) == 3


def test_similar_titles_cost_one_query_and_are_kept(shelf: Edition) -> None:
    for _time in range(2):
        with CaptureQueriesContext(connection) as seen:
            assert similar_to(shelf)
        assert len(seen) == 1
    assert cache.get(f"similar:{shelf.pk}:{shelf.changed_at.timestamp():.0f}")


def test_a_word_of_the_title_alone_makes_nothing_similar() -> None:
    cache.clear()
    one = edition("Pulang", held_by=(library("A"),))
    edition("Pulang kampung", held_by=(library("A"),))
    indexer.index_dirty()
    assert similar_to(one) == []


def test_similar_titles_stand_on_the_page(client: Client, shelf: Edition) -> None:
    page = page_of(client, shelf)
    links = page.xpath("//section[@aria-labelledby='similar']//li/a[not(@tabindex)]/text()")
    assert "Amba" in links
    assert page.xpath("//nav[@class='on-page']/a[@href='#similar']")


def test_links_are_named_by_where_they_lead() -> None:
    found = links_of(
        [
            "https://www.example.org/repo/skripsi%20akhir.pdf", "https://doi.org/10.1000/182",
            "http://perpus.example/", "javascript:alert(1)", "http://[", "https://example.org/buku/12", "  ",
            "https://example.org/buku/12",
        ]
    )  # fmt: skip
    assert [(link.text, bool(link.url)) for link in found] == [
        ("skripsi akhir.pdf (berkas PDF)", True), ("DOI 10.1000/182", True), ("perpus.example", True),
        ("javascript:alert(1)", False), ("http://[", False), ("example.org … 12", True),
    ]  # fmt: skip
    assert found[0].host == "example.org"


def test_a_link_is_called_what_the_library_calls_it(client: Client) -> None:
    link = "https://example.org/12345"
    made = edition("Skripsi", display={"links": [link], "link_texts": {link: "Teks <lengkap>"}})
    shown = page_of(client, made).xpath("//section[@aria-labelledby='online']//li")[0]
    assert " ".join(shown.text_content().split()) == "Teks <lengkap> example.org"


def test_links_leave_without_telling_where_from(client: Client) -> None:
    made = edition("Skripsi", display={"links": ["https://example.org/a.pdf", "data:text/html,x"]})
    link = page_of(client, made).xpath("//section[@aria-labelledby='online']//a")
    assert [one.get("href") for one in link] == ["https://example.org/a.pdf"]
    assert {"noopener", "nofollow"} <= set(link[0].get("rel").split())


@pytest.mark.parametrize(
    ("text", "language", "lang", "direction"),
    [
        ("إحياء علوم الدين", "ar", "ar", "rtl"),
        ("حكاية راج مودا", "ms", "ms-Arab", "rtl"),  # Jawi
        ("سرات", "jv", "jv-Arab", "rtl"),  # Pegon
        ("ꦱꦼꦫꦠ꧀", "jv", "jv-Java", "ltr"),
        ("红楼梦", "zh", "zh", "ltr"),
        ("雪国 ゆきぐに", "ja", "ja", "ltr"),
        ("Война и мир", "ru", "ru", "ltr"),
        ("Война и мир", "en", "ru", "ltr"),
        ("שיר השירים", "", "he", "rtl"),
        ("Laskar pelangi", "id", "id", "ltr"),
    ],
)
def test_language_and_direction_of_a_script(text: str, language: str, lang: str, direction: str) -> None:
    found = in_script(text, language)
    assert (found.lang, found.dir) == (lang, direction)


def test_the_first_letter_with_a_direction_decides() -> None:
    assert direction_of("12 (كتاب) A") == "rtl"
    assert direction_of("1984") == "ltr"


def test_titles_and_names_in_their_own_script_are_told_apart(client: Client) -> None:
    made = edition(
        "Iḥyāʼ ʻulūm al-dīn", "Ghazālī", language="ara",
        display={
            "variant_titles": ["إحياء علوم الدين", "Ihya ulumuddin"],
            "original_script": ["إحياء علوم الدين", "الغزالي، أبو حامد"],
        },
    )  # fmt: skip
    found = scripts_of(made)
    assert [one.text for one in found.titles] == ["إحياء علوم الدين"]
    assert [one.text for one in found.names] == ["الغزالي، أبو حامد"]
    page = page_of(client, made)
    shown = page.xpath("//p[contains(@class, 'own-script')]")
    assert [(one.get("lang"), one.get("dir")) for one in shown] == [("ar", "rtl")] * 2
    others = dict(about(made).facts)
    assert "Ihya ulumuddin" in others.values(), "a Latin variant stays among the other titles"


def test_contents_become_a_list_and_numbers_say_what_they_are(client: Client) -> None:
    made = edition(
        "Kumpulan", display={
            "contents": "Senja -- Fajar / A. Hirata -- Malam. \n Dini hari", "notes": ["Bibliografi <hlm. 3>"],
            "identifiers": [{"scheme": "doi", "value": "10.1000/a b"}, {"scheme": "issn", "value": "0216-1230"},
                            {"scheme": "isbn", "value": "9789793062792", "qualifier": "jilid 2", "cancelled": True}],
        },
    )  # fmt: skip
    page = page_of(client, made)
    assert page.xpath("//ol[contains(@class, 'contents')]/li/text()") == [
        "Senja", "Fajar / A. Hirata", "Malam.", "Dini hari",
    ]  # fmt: skip
    assert page.xpath("//a[@href='https://doi.org/10.1000/a%20b']")
    text = " ".join(page.text_content().split())
    assert page.xpath("//dt[.='ISSN']/following-sibling::dd[1]/text()") == ["0216-1230"]
    assert "9789793062792 (jilid 2, cancelled)" in text
    assert "Bibliografi <hlm. 3>" in text


def test_series_and_work_lead_to_searches_in_their_field(client: Client) -> None:
    made = edition(
        "Bumi manusia", display={"series": ['Seri "Buru" <1> ; jilid 2'], "uniform_title": "Bumi manusia"},
    )  # fmt: skip
    page = page_of(client, made)
    links = {link.text_content(): link.get("href") for link in page.xpath("//dl[@class='facts']//a")}
    assert parse_qs(urlsplit(links['Seri "Buru" <1> ; jilid 2']).query)["q"] == ['series:"Seri Buru <1>"']
    assert parse_qs(urlsplit(links["Bumi manusia"]).query)["q"] == ['title:"Bumi manusia"']


def test_every_entry_of_the_menu_has_its_section(client: Client, shelf: Edition) -> None:
    page = page_of(client, shelf)
    anchors = page.xpath("//nav[@class='on-page']/a/@href")
    assert {"#holdings", "#about", "#others", "#similar", "#origin"} <= set(anchors)
    for anchor in anchors:
        assert page.xpath(f"//*[@id='{anchor[1:]}']"), anchor
    assert len(page.xpath("//h1")) == 1
