"""What programs read: JSON-LD, COinS, tags of the head, unAPI, OpenSearch, sitemaps, robots.txt."""

from __future__ import annotations

import io
import json
import urllib.robotparser
from typing import Any

import pymarc
import pytest
import rispy
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import etree, html

from catalog.models import Edition
from catalog.search import indexer
from catalog.selectors import sitemap as maps
from tests.catalog.building import load, marc, source, write
from tests.catalog.keep.zotero import item
from tests.catalog.search.world import edition, library

pytestmark = pytest.mark.django_db
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
PORTAL = "https://katalog.example"
NASTY = '</script><script>alert(1)</script> & "Pelangi"'


@pytest.fixture(autouse=True)
def portal(settings: Any) -> None:
    settings.PORTAL_URL = PORTAL


@pytest.fixture
def book() -> Edition:
    return shelve(
        "Laskar Pelangi", "Hirata, Andrea", publisher="Bentang", subtitle="sebuah novel",
        display={
            "place": "Yogyakarta", "edition_statement": "Cet. 3", "subjects": ["Fiksi", "Belitung"],
            "series": ["Tetralogi"],
            "contributors": [{"name": "Hirata, Andrea", "role": "author"}, {"name": "Suhardjo", "role": "author"},
                             {"name": "Bentang Pustaka", "role": "corporate"}],
            "identifiers": [{"scheme": "isbn", "value": "9789793062792", "valid": True},
                            {"scheme": "doi", "value": "10.1234/abc", "valid": True}],
        },
    )  # fmt: skip


def shelve(title: str, author: str = "", **values: Any) -> Edition:
    return edition(title, author, held_by=(library("A"),), **values)


def page_of(of: Edition) -> Any:
    return html.fromstring(Client().get(of.get_absolute_url()).content.decode())


def data_of(page: Any) -> dict[str, Any]:
    [block] = page.xpath("//script[@type='application/ld+json']")
    return dict(json.loads(block.text))


def test_json_ld_says_what_the_record_says(book: Edition) -> None:
    told = data_of(page_of(book))
    assert (told["@type"], told["name"], told["isbn"]) == (
        "Book",
        "Laskar Pelangi: sebuah novel",
        "9789793062792",
    )
    assert [(one["@type"], one["name"]) for one in told["author"]] == [
        ("Person", "Andrea Hirata"), ("Person", "Suhardjo"), ("Organization", "Bentang Pustaka"),
    ]  # fmt: skip
    assert told["inLanguage"] == "id" and told["datePublished"] == "2005"
    assert told["publisher"]["location"]["name"] == "Yogyakarta"
    assert told["@id"] == PORTAL + book.get_absolute_url() and told["sameAs"] == "https://doi.org/10.1234/abc"


def test_json_ld_says_who_lends_it(book: Edition) -> None:
    [offer] = data_of(page_of(book))["offers"]
    assert offer["offeredBy"]["@type"] == "Library" and offer["businessFunction"].endswith("#LeaseOut")
    holding = book.holdings.get()
    assert offer["offeredBy"]["name"] == holding.library.name
    holding.status, holding.available_count, holding.call_number = "on_loan", 0, "899.221 HIR"
    holding.save()
    [offer] = data_of(page_of(book))["offers"]
    assert (offer["availability"], offer["sku"]) == ("https://schema.org/OutOfStock", "899.221 HIR")
    holding.status, holding.available_count = "unknown", None
    holding.save()
    assert "availability" not in data_of(page_of(book))["offers"][0]


def test_nothing_in_a_record_ends_the_data_block() -> None:
    page = page_of(shelve(NASTY, display={"summary": NASTY}))
    assert data_of(page)["name"] == NASTY
    assert not page.xpath("//script[not(@src) and not(@type)]")


def test_the_head_has_the_tags_of_scholar_and_dublin_core(book: Edition) -> None:
    tags: dict[str, list[str]] = {}
    for tag in page_of(book).xpath("//head/meta[@name and @content]"):
        tags.setdefault(tag.get("name"), []).append(tag.get("content"))
    assert tags["citation_author"] == ["Hirata, Andrea", "Suhardjo", "Bentang Pustaka"]
    assert tags["citation_isbn"] == ["9789793062792"] and tags["citation_language"] == ["id"]
    assert tags["DC.subject"] == ["Fiksi", "Belitung"] and "urn:isbn:9789793062792" in tags["DC.identifier"]


def test_zotero_reads_a_book_from_its_page(book: Edition) -> None:
    [span] = page_of(book).xpath("//span[@class='Z3988']")
    assert item(span.get("title")) == {
        "itemType": "book", "title": "Laskar Pelangi: sebuah novel", "ISBN": "9789793062792", "publisher": "Bentang",
        "creators": [("Hirata", "Andrea"), ("Suhardjo", ""), ("Bentang Pustaka", "")], "place": "Yogyakarta",
        "date": "2005", "series": "Tetralogi", "language": "id", "DOI": "10.1234/abc",
        "url": PORTAL + book.get_absolute_url(),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("format_", "kind", "title"),
    [("serial", "journalArticle", "publicationTitle"), ("article", "journalArticle", "title"),
     ("thesis", "thesis", "title"), ("map", "map", "title"), ("video", "videoRecording", "title"),
     ("kit", "book", "title")],
)  # fmt: skip
def test_each_format_has_its_type_in_coins(format_: str, kind: str, title: str) -> None:
    [span] = page_of(shelve("Peta & = + laut", "Sari", format=format_)).xpath("//span[@class='Z3988']")
    found = item(span.get("title"))
    assert (found["itemType"], found[title], found["creators"]) == (
        kind,
        "Peta & = + laut",
        [("Sari", "")],
    )


def test_a_page_of_results_has_a_span_for_each_title() -> None:
    for title in ("Pelangi satu", "Pelangi dua"):
        shelve(title, "Sari")
    indexer.index_dirty()
    page = html.fromstring(Client().get("/search?q=pelangi").content.decode())
    assert {item(span.get("title"))["title"] for span in page.xpath("//span[@class='Z3988']")} == {
        "Pelangi satu",
        "Pelangi dua",
    }


def test_unapi_hands_out_the_record_that_the_page_names(tmp_path: Any) -> None:
    load(
        source(library("A")),
        write(tmp_path, marc("a1", "Laskar Pelangi", author="Hirata, Andrea", year=2005)),
    )
    of = Edition.objects.get()
    page, client = page_of(of), Client()
    server = page.xpath("//link[@rel='unapi-server']/@href")[0]
    [identifier] = page.xpath("//abbr[@class='unapi-id']/@title")
    formats = {f.get("name") for f in etree.fromstring(client.get(server).content)}
    assert formats == {"marcxml", "marc", "ris", "bibtex"}
    choices = client.get(server, {"id": identifier})
    assert choices.status_code == 300 and etree.fromstring(choices.content).get("id") == identifier
    [ris] = rispy.loads(client.get(server, {"id": identifier, "format": "ris"}).getvalue().decode())
    assert (ris["title"], ris["authors"]) == ("Laskar Pelangi", ["Hirata, Andrea"])
    xml = client.get(server, {"id": identifier, "format": "marcxml"})
    [record] = pymarc.parse_xml_to_array(io.BytesIO(xml.getvalue()))
    assert record["245"]["a"].startswith("Laskar Pelangi")
    assert client.get(server, {"id": identifier, "format": "docx"}).status_code == 406
    for wrong in ("x", f"{PORTAL}/edition/999", "https://elsewhere.example/edition/1"):
        assert client.get(server, {"id": wrong, "format": "ris"}).status_code == 404


def test_every_file_that_the_head_links_to_is_there(book: Edition) -> None:
    links = page_of(book).xpath("//head/link[@rel='alternate']")
    assert [link.get("title") for link in links] == ["RIS", "BibTeX", "MARC 21", "MARCXML"]
    for link in links:
        answer = Client().get(link.get("href"))
        assert answer.status_code == 200 and "attachment" in answer["Content-Disposition"]


def test_every_page_leads_to_the_description_of_the_search_box(book: Edition) -> None:
    [link] = page_of(book).xpath("//head/link[@rel='search']")
    answer = Client().get(link.get("href"))
    assert answer["Content-Type"] == "application/opensearchdescription+xml"
    root = etree.fromstring(answer.content)
    urls = {url.get("type"): url.get("template") for url in root.iter("{*}Url")}
    assert urls["text/html"] == f"{PORTAL}/search?q={{searchTerms}}"
    indexer.index_dirty()
    asked = urls["application/x-suggestions+json"].removeprefix(PORTAL).replace("{searchTerms}", "lask")
    assert Client().get(asked).json() == ["lask", ["Laskar Pelangi"]]


def test_the_sitemap_names_every_title_that_somebody_holds(
    book: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(maps, "WIDTH", 2)
    others = [shelve(f"Judul {n}") for n in range(6)]
    others[2].merged_into = book
    others[2].save()
    Edition.objects.filter(pk=others[3].pk).update(library_count=0)
    pages = [loc.text for loc in etree.fromstring(Client().get("/sitemap.xml").content).iter(f"{SITEMAP}loc")]
    assert pages[0] == f"{PORTAL}/sitemap-portal.xml"
    found: list[str] = []
    for address in pages[1:]:
        root = etree.fromstring(Client().get(address.removeprefix(PORTAL)).getvalue())
        locs = [loc.text for loc in root.iter(f"{SITEMAP}loc")]
        assert 0 < len(locs) <= 2 and len(list(root.iter(f"{SITEMAP}lastmod"))) == len(locs)
        found += locs
    left = [one for one in others if one.pk not in (others[2].pk, others[3].pk)]
    assert found == [PORTAL + one.get_absolute_url() for one in (book, *left)]


def test_a_sitemap_costs_the_same_however_many_titles_there_are() -> None:
    counts = []
    for number in (2, 60):
        now = timezone.now()
        Edition.objects.bulk_create(
            Edition(title="x", library_count=1, record_count=1, created_at=now, changed_at=now)
            for _ in range(number)
        )
        with CaptureQueriesContext(connection) as seen:
            Client().get("/sitemap.xml")
        counts.append(len(seen))
    assert counts[0] == counts[1] == 2


def test_the_map_of_the_portal_has_its_libraries() -> None:
    library("A")
    library("GONE", status="left")
    text = Client().get("/sitemap-portal.xml").content.decode()
    assert f"<loc>{PORTAL}/members/A/</loc>" in text and "GONE" not in text


def test_crawlers_are_led_to_records_and_kept_out_of_combinations() -> None:
    rules = urllib.robotparser.RobotFileParser()
    rules.parse(Client().get("/robots.txt").content.decode().splitlines())
    assert rules.site_maps() == [f"{PORTAL}/sitemap.xml"]
    assert rules.can_fetch("Googlebot", "/edition/5") and rules.can_fetch("Googlebot", "/members/A/")
    for path in ("/search?q=x&author=y", "/search/values/author?q=x", "/search/feed.rss?q=x", "/lists/shared/abc/",
                 "/saved/", "/accounts/login/", "/unapi?id=1"):  # fmt: skip
        assert not rules.can_fetch("Googlebot", path), path


def test_a_filtered_or_sorted_page_names_the_plain_one_as_its_address() -> None:
    shelve("Pelangi")
    indexer.index_dirty()
    page = html.fromstring(Client().get("/search?q=pelangi&sort=title&per_page=50").content.decode())
    assert page.xpath("//link[@rel='canonical']/@href") == [f"{PORTAL}/search?q=pelangi"]
