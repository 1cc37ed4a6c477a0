"""Asking for what no record stands for, by the form and by a link, through the pages as a reader meets them."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from catalog.matching.keys import match_keys
from catalog.models import Edition, MatchKey
from catalog.search import indexer
from loans.citation import Citation
from loans.intake.resolve import editions_found, filled, resolve
from loans.intake.words import citation_from_words
from loans.models import Request
from members.models import PickupPoint
from network_portal.core.actor import Actor
from tests.loans.world import World, make_edition

ISBN = "9780141439518"


@pytest.fixture
def empty_index(world: World, settings: Any, tmp_path: Path) -> None:
    """A search index of this test's own, with only the world's one book in it."""
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    indexer.rebuild(actor=Actor.system())


def _client(world: World) -> Client:
    client = Client()
    client.force_login(world.patron)
    return client


def _numbered(
    world: World, features: dict[str, Any], title: str = "Pride and Prejudice", **values: Any
) -> Edition:
    edition = make_edition(title, **values)
    holding = world.hold("JKT", edition)
    for key in match_keys(features):
        MatchKey.objects.create(key=key, record_id=holding.record_id)
    return edition


def test_isbn_issn_and_doi_find_the_edition(world: World) -> None:
    book = _numbered(world, {"isbn": [ISBN]})
    journal = _numbered(world, {"ids": ["issn:2303-2677"], "format": "serial"}, "Jurnal Kajian")
    report = _numbered(world, {"ids": ["doi:10.1000/182"]}, "Laporan")
    assert resolve(Citation(isbn=ISBN)) == book
    assert resolve(Citation(genre="article", issn="2303-2677")) == journal
    assert resolve(Citation(doi="10.1000/182")) == report
    assert resolve(Citation(isbn="9780000000002")) is None
    assert resolve(Citation(title="Pride and Prejudice")) is None


def test_openurl_leads_through_the_login_to_a_request(world: World) -> None:
    edition = _numbered(world, {"isbn": [ISBN]})
    client = Client()
    link = "?" + urlencode({"url_ver": "Z39.88-2004", "rft_val_fmt": "info:ofi/fmt:kev:mtx:book", "rft.isbn": ISBN,
                            "rft.btitle": "Pride and Prejudice"})  # fmt: skip
    found = client.get(reverse("loans:request_openurl") + link)
    login = client.get(found["Location"])
    assert login["Location"].startswith(reverse("account_login"))
    client.force_login(world.patron)
    terms = client.get(found["Location"], follow=True)
    assert "In the union catalogue" in terms.content.decode() or "katalog" in terms.content.decode().lower()
    check = client.post(terms.redirect_chain[-1][0], {"note": ""}, follow=True)
    key = check.context["key"]
    sent = client.post(reverse("loans:request_check"), {"draft": key}, follow=True)
    made = Request.objects.get()
    assert made.number in sent.content.decode()
    assert (made.edition, made.source, made.identifiers) == (edition, "openurl", {"isbn": ISBN})


def test_openurl_form_asks_only_for_what_is_missing(world: World) -> None:
    client = _client(world)
    link = "?rft_val_fmt=info:ofi/fmt:kev:mtx:journal&rft.genre=article&rft.atitle=Gizi&rft.jtitle=Medika&rft.volume=3"
    page = client.get(reverse("loans:request_openurl") + link, follow=True)
    form = page.context["form"]
    assert [name for name, field in form.fields.items() if field.required] == ["year"]
    assert not {"title", "container", "volume"} & set(form.fields)
    assert [value for _label, value in page.context["facts"]] == ["Gizi", "Medika", "3"]


def test_refused_openurl_offers_the_form(client: Client, db: None) -> None:
    page = client.get(reverse("loans:request_openurl") + "?" + "&".join(f"k{n}=v" for n in range(2500)))
    assert page.status_code == 400
    assert reverse("loans:request_blank_kinds") in page.content.decode()


def test_blank_request_keeps_the_description(world: World) -> None:
    client = _client(world)
    described = client.post(
        reverse("loans:request_blank", args=["article"]),
        {
            "title": "Gizi balita",
            "container": "Medika",
            "year": "1998",
            "pages": "4-9",
            "doi": "doi:10.1000/182",
        },
        follow=True,
    )
    assert "purpose" in described.context["form"].fields
    check = client.post(
        described.redirect_chain[-1][0], {"purpose": "research", "note": "", "level": "rush"}, follow=True
    )
    client.post(reverse("loans:request_check"), {"draft": check.context["key"]})
    made = Request.objects.get()
    assert (made.service, made.genre, made.source, made.edition) == ("copy", "article", "blank", None)
    assert (made.title, made.purpose, made.level) == ("Gizi balita", "research", "rush")
    assert made.part == {"container": "Medika", "pages": "4-9", "year": "1998"}
    assert made.identifiers == {"doi": "10.1000/182"}
    assert made.owner_side == "requesting"


@pytest.mark.parametrize(
    ("genre", "values", "wrong"),
    [
        ("book", {"title": ""}, "title"),
        ("article", {"title": "x", "container": "y", "year": "98"}, "year"),
        ("book", {"title": "x", "isbn": "978-0-14-143951-9"}, "isbn"),
        ("article", {"title": "x", "container": "y", "year": "1998", "doi": "abc"}, "doi"),
        ("chapter", {"title": "x"}, "chapter"),
        ("thesis", {"title": "x"}, "author"),
    ],
)
def test_form_says_what_is_wrong(world: World, genre: str, values: dict[str, str], wrong: str) -> None:
    page = _client(world).post(reverse("loans:request_blank", args=[genre]), values)
    assert list(page.context["form"].errors) == [wrong]


def test_unknown_kind_is_not_there(world: World) -> None:
    assert _client(world).get(reverse("loans:request_blank", args=["dragon"])).status_code == 404


def test_editions_found_are_shown_for_choice(world: World) -> None:
    one = _numbered(world, {"isbn": [ISBN]})
    client = _client(world)
    session = client.session
    session["loan_drafts"] = {
        "k": {"citation": Citation(title="Pride", isbn=ISBN).as_json(), "origin": "blank"}
    }
    session.save()
    page = client.get(reverse("loans:request_found") + "?draft=k")
    assert [value for value, _label in page.context["form"].fields["edition"].choices] == [
        str(one.pk),
        "none",
    ]
    client.post(reverse("loans:request_found"), {"draft": "k", "edition": str(one.pk)})
    assert client.session["loan_drafts"]["k"]["edition"] == one.pk
    client.post(reverse("loans:request_found"), {"draft": "k", "edition": "none"})
    assert client.session["loan_drafts"]["k"]["edition"] is None


def test_replayed_form_makes_one_request(world: World) -> None:
    client = _client(world)
    terms = client.post(
        reverse("loans:request_blank", args=["book"]), {"title": "Babad Tanah Jawi"}, follow=True
    )
    check = client.post(terms.redirect_chain[-1][0], {"note": ""}, follow=True)
    for _again in range(3):
        client.post(reverse("loans:request_check"), {"draft": check.context["key"]})
    assert Request.objects.count() == 1


def test_same_description_twice_is_a_duplicate(world: World) -> None:
    first = world.submit(edition=None, citation=Citation(title="Babad Tanah Jawi"), origin="blank")
    from network_portal.core.errors import RuleViolation

    with pytest.raises(RuleViolation) as error:
        world.submit(edition=None, citation=Citation(title="BABAD  tanah jawi"), origin="blank")
    assert (error.value.code, error.value.extra["number"]) == ("duplicate", first.number)


def test_two_chapters_of_one_book_are_two_requests(world: World) -> None:
    for chapter in ("Bab 1", "Bab 2"):
        world.submit(citation=Citation(genre="chapter", title="Laskar", chapter=chapter), origin="blank")
    assert Request.objects.count() == 2


def test_pickup_point_is_chosen_and_kept(world: World) -> None:
    PickupPoint.objects.create(library=world.home, name="Pusat", is_default=True)
    branch = PickupPoint.objects.create(library=world.home, name="Cabang Dago")
    client = _client(world)
    url = f"{reverse('loans:request_new')}?edition={world.edition.pk}"
    assert client.get(url).context["form"]["pickup_point"].initial is not None
    check = client.post(url, {"note": "", "pickup_point": branch.pk}, follow=True)
    assert "Cabang Dago" in check.content.decode()
    client.post(reverse("loans:request_check"), {"draft": check.context["key"]})
    assert Request.objects.get().pickup_point == branch


def test_reader_with_a_description_of_a_book_at_home_is_told(world: World) -> None:
    world.hold("BDG", world.edition, location="Lt. 9", call_number="Z")
    client = _client(world)
    session = client.session
    session["loan_drafts"] = {
        "k": {
            "citation": {"title": "Laskar"},
            "origin": "openurl",
            "edition": world.edition.pk,
            "note": "",
            "needed_by": "",
        }
    }
    session.save()
    page = client.get(reverse("loans:request_new") + "?draft=k")
    assert "Lt. 9 Z" in page.content.decode()
    assert page.context["form"].fields["want_anyway"].required


def test_numbers_fill_what_the_catalogue_knows(world: World) -> None:
    book = _numbered(world, {"isbn": [ISBN]}, publisher="Penguin")
    journal = _numbered(world, {"ids": ["issn:2303-2677"], "format": "serial"}, "Jurnal Kajian")
    known = filled(Citation(isbn=ISBN, year="2003"), book)
    assert (known.title, known.publisher, known.year) == ("Pride and Prejudice", "Penguin", "2003")
    article = filled(Citation(genre="article", issn="2303-2677", title="Kopi"), journal)
    assert (article.title, article.container, article.author) == ("Kopi", "Jurnal Kajian", "")
    chapter = filled(Citation(genre="chapter", isbn=ISBN, chapter="Bab 2"), book)
    assert (chapter.title, chapter.chapter, chapter.publisher) == ("Pride and Prejudice", "Bab 2", "")


def test_link_with_a_known_number_alone_asks_for_nothing_more(world: World) -> None:
    edition = _numbered(world, {"isbn": [ISBN]})
    client = _client(world)
    found = client.get(reverse("loans:request_openurl") + f"?rft_id=urn:ISBN:{ISBN}")
    onward = client.get(found["Location"])
    assert onward["Location"].startswith(reverse("loans:request_new"))
    assert edition.title in client.get(onward["Location"]).content.decode()


def test_words_of_a_search_stand_in_the_form(world: World) -> None:
    client = _client(world)
    searched = 'title:"babad tanah jawi" author:Olthof 1941'
    kinds = client.get(reverse("loans:request_blank_kinds"), {"q": searched}).content.decode()
    way = html.unescape(re.findall(r'href="([^"]*/blank/book/[^"]*)"', kinds)[0])
    form = client.get(way).context["form"]
    assert (form.known.title, form.known.author) == ("babad tanah jawi 1941", "Olthof")
    assert citation_from_words("ISBN 978-0-14-143951-8").isbn == ISBN
    assert citation_from_words("tanah -air (jawa OR bali)").title == "tanah jawa bali"


def test_search_without_a_result_leads_to_the_form(world: World, empty_index: None) -> None:
    page = _client(world).get(reverse("catalog:search"), {"q": "Babad & Tanah"})
    assert f"{reverse('loans:request_blank_kinds')}?q=Babad%20%26%20Tanah" in page.content.decode()


def test_copy_of_a_chapter_is_asked_from_a_record(world: World) -> None:
    client = _client(world)
    client.cookies["django_language"] = "en"
    begun = client.get(reverse("loans:request_blank", args=["chapter"]), {"edition": world.edition.pk})
    form = client.get(begun["Location"]).context["form"]
    assert "title" not in form.fields
    described = client.post(begun["Location"], {"chapter": "Bab 3"})
    terms = client.post(described["Location"], {"level": "normal", "purpose": "research"})
    key = terms["Location"].rpartition("draft=")[2]
    done = client.post(reverse("loans:request_check"), {"draft": key}, follow=True).content.decode()
    assert "Then a library that has it is asked to make the copy." in done
    assert "you can collect it" not in done
    made = Request.objects.get()
    assert (made.edition, made.service, made.part["chapter"]) == (world.edition, "copy", "Bab 3")
    assert client.get(reverse("loans:request_blank", args=["chapter"]), {"edition": "x"}).status_code == 404


def test_title_is_looked_up_in_the_search_index(world: World, empty_index: None) -> None:
    book = make_edition("Serat Centhini: kekasih yang tersembunyi", author="Yasadipura", record_count=1)
    journal = make_edition("Medika: jurnal kedokteran", author="", format="serial", record_count=1)
    for edition in (book, journal):
        world.hold("JKT", edition)
    indexer.rebuild(actor=Actor.system())
    assert editions_found(Citation(title="serat centhini", author="Yasadipura, R")) == [book]
    assert editions_found(Citation(title="serat centhini", author="Orang Lain, A")) == []
    article = Citation(genre="article", title="Gizi balita", container="Medika jurnal kedokteran")
    assert editions_found(article) == [journal]
    assert editions_found(Citation(title="medika: jurnal", genre="book")) == [journal]
    assert editions_found(Citation(title='"" : ')) == []
