"""Citations: names as the record has them, nothing made up, nothing let through that is more than text."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
from citeproc import CitationStylesStyle
from django.test import Client, override_settings
from django.utils.translation import override
from lxml import html

from catalog.choices import Format
from catalog.citing.items import item_of, name_of
from catalog.citing.render import FOLDER, STYLES, citations_of
from catalog.models import Edition
from tests.catalog.search.world import edition

pytestmark = pytest.mark.django_db


def book(title: str = "Laskar Pelangi", *people: tuple[str, str], **more: Any) -> Edition:
    display = {"contributors": [{"name": name, "role": role} for name, role in people], "place": "Yogyakarta",
               **more.pop("display", {})}  # fmt: skip
    values = {"publisher": "Bentang", **more}
    return edition(title, people[0][0] if people else "", display=display, **values)


def texts(made: Edition) -> dict[str, str]:
    return {one.style.code: one.text for one in citations_of(made)}


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.code)
def test_every_style_is_valid_csl(style: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert CitationStylesStyle(str(FOLDER / f"{style.code}.csl"), validate=True).has_bibliography()


def test_one_author_in_the_four_styles() -> None:
    made = book("Laskar Pelangi", ("Hirata, Andrea", "author"), subtitle="sebuah novel")
    assert texts(made) == {
        "apa": "Hirata, A. (2005). Laskar Pelangi: sebuah novel. Bentang.",
        "mla": "Hirata, Andrea. Laskar Pelangi: sebuah novel. Bentang, 2005.",
        "chicago": "Hirata, Andrea. Laskar Pelangi: sebuah novel. Yogyakarta: Bentang, 2005.",
        "daftar-pustaka": "Hirata, Andrea. 2005. Laskar Pelangi: sebuah novel. Yogyakarta: Bentang.",
    }


def test_a_name_in_direct_order_is_never_turned() -> None:
    found = texts(book("Bumi manusia", ("Pramoedya Ananta Toer", "author"), ("Hamka", "author")))
    assert found["apa"].startswith("Pramoedya Ananta Toer, & Hamka. (2005).")
    assert found["mla"].startswith("Pramoedya Ananta Toer, and Hamka. ")
    assert found["daftar-pustaka"].startswith("Pramoedya Ananta Toer dan Hamka. 2005.")


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Hirata, Andrea", {"family": "Hirata", "given": "Andrea"}),
        ("Andrea Hirata", {"literal": "Andrea Hirata"}),
        ("Hamka", {"literal": "Hamka"}),
        ("Hamka,", {"literal": "Hamka"}),
        ("Yohanes Paulus II, Paus", {"literal": "Yohanes Paulus II, Paus"}),
        ("Hamengkubuwana, Sultan", {"literal": "Hamengkubuwana, Sultan"}),
        ("Muḥammad ibn Isḥāq", {"literal": "Muḥammad ibn Isḥāq"}),
    ],
)
def test_what_is_a_family_name(name: str, parts: dict[str, str]) -> None:
    assert name_of(name) == parts


def test_a_body_with_a_comma_in_its_name_stays_whole() -> None:
    made = book("Statistik", ("Indonesia. Direktorat Gizi, Pangan dan Kesehatan", "corporate"))
    assert texts(made)["apa"].startswith("Indonesia. Direktorat Gizi, Pangan dan Kesehatan. (2005).")


def test_apa_does_not_name_a_body_twice_that_publishes_itself() -> None:
    found = texts(book("Horison", ("Yayasan Indonesia", "corporate"), publisher="Yayasan Indonesia"))
    assert found["apa"] == "Yayasan Indonesia. (2005). Horison."
    assert found["chicago"].endswith("Yogyakarta: Yayasan Indonesia, 2005.")


def test_many_authors_are_shortened_as_each_style_wants() -> None:
    people = [(f"Keluarga{letter}, Budi", "author") for letter in "ABCDE"]
    found = texts(book("Kumpulan", *people))
    assert found["apa"].startswith(
        "KeluargaA, B., KeluargaB, B., KeluargaC, B., KeluargaD, B., & KeluargaE, B. (2005)"
    )
    assert found["mla"].startswith("KeluargaA, Budi, et al. Kumpulan.")
    assert "and Budi KeluargaE. Kumpulan" in found["chicago"]
    assert found["daftar-pustaka"].startswith("KeluargaA, Budi dkk. 2005.")


def test_editors_stand_first_where_nobody_wrote_it_and_later_where_somebody_did() -> None:
    alone = texts(book("Bunga rampai", ("Hirata, Andrea", "editor"), ("Sari", "editor")))
    assert alone["apa"].startswith("Hirata, A., & Sari (Eds.). (2005). Bunga rampai.")
    assert alone["mla"].startswith("Hirata, Andrea, and Sari, editors. Bunga rampai.")
    assert alone["chicago"].startswith("Hirata, Andrea, and Sari, eds. Bunga rampai.")
    assert alone["daftar-pustaka"].startswith("Hirata, Andrea dan Sari (ed.). 2005.")
    both = texts(book("Bunga rampai", ("Toer", "author"), ("Hirata, Andrea", "editor")))
    assert "Edited by Andrea Hirata" in both["chicago"]
    assert "Disunting oleh Andrea Hirata" in both["daftar-pustaka"]


def test_translators_are_named() -> None:
    found = texts(book("Manusia bumi", ("Toer", "author"), ("Lane, Max", "translator")))
    assert "(M. Lane, Trans.)" in found["apa"]
    assert "Translated by Max Lane" in found["mla"]
    assert "Diterjemahkan oleh Max Lane" in found["daftar-pustaka"]


def test_without_a_year_each_style_says_so_or_leaves_it_out() -> None:
    found = texts(book("Serat", ("Anonim", "author"), year=None))
    assert found["apa"].startswith("Anonim. (n.d.). Serat.")
    assert found["mla"] == "Anonim. Serat. Bentang."
    assert found["chicago"].endswith("Yogyakarta: Bentang, n.d.")
    assert found["daftar-pustaka"].startswith("Anonim. t.t. Serat.")


def test_without_an_author_the_title_stands_first() -> None:
    found = texts(book("Babad Tanah Jawi"))
    assert found["apa"] == "Babad Tanah Jawi. (2005). Bentang."
    assert found["chicago"] == "Babad Tanah Jawi. Yogyakarta: Bentang, 2005."
    assert found["daftar-pustaka"] == "Babad Tanah Jawi. 2005. Yogyakarta: Bentang."


@pytest.mark.parametrize(
    ("statement", "apa", "indonesian"),
    [
        ("Edisi 3", "(3rd ed.)", "Edisi 3"), ("Ed. ke-2", "(2nd ed.)", "Edisi 2"), ("4th ed.", "(4th ed.)", "Edisi 4"),
        ("Edisi revisi", "(Edisi revisi)", "Edisi revisi"), ("Cet. 5", "", "Cet. 5"),
        ("Cetakan ke-2", "", "Cetakan ke-2"),
    ],
)  # fmt: skip
def test_an_edition_is_not_a_printing(statement: str, apa: str, indonesian: str) -> None:
    found = texts(book("Fisika", ("Sari", "author"), display={"edition_statement": statement}))
    assert found["apa"] == f"Sari. (2005). Fisika{' ' + apa if apa else ''}. Bentang."
    assert f"Fisika. {indonesian}. Yogyakarta" in found["daftar-pustaka"]


def test_a_doi_comes_before_a_link_and_a_link_only_of_what_is_online() -> None:
    doi = [{"scheme": "doi", "value": "10.1000/182"}]
    links = ["javascript:alert(1)", "https://example.org/a.pdf"]
    both = item_of(book("A", display={"identifiers": doi, "links": links, "carrier": "electronic"}))
    assert (both["DOI"], "URL" in both) == ("10.1000/182", False)
    assert (
        item_of(book("B", display={"links": links, "carrier": "electronic"}))["URL"]
        == "https://example.org/a.pdf"
    )
    assert "URL" not in item_of(book("C", display={"links": links}))
    assert texts(book("D", display={"identifiers": doi}))["apa"].endswith("https://doi.org/10.1000/182")


def test_what_is_no_book_is_named_in_the_styles_own_language() -> None:
    found = texts(book("Ada apa dengan cinta", ("Soedjarwo, Rudy", "author"), format="video"))
    with override("en"):
        assert f"Ada apa dengan cinta [{Format.VIDEO.label}]" in found["apa"]
    with override("id"):
        assert f". {Format.VIDEO.label}. " in found["daftar-pustaka"]


@pytest.mark.parametrize(
    "title",
    [
        '<script>alert(1)</script> & "kutip"',
        "<b>tebal</b>",
        "</i><img src=x>",
        "\ue000nakal\ue001",
        "a\x1bc",
    ],
)
def test_a_title_is_text_whatever_it_holds(title: str) -> None:
    made = book(title, ("Sari & <i>Budi</i>", "author"), publisher="<Bentang>")
    for one in citations_of(made):
        tree = html.fromstring(f"<div>{one.html}</div>")
        assert {node.tag for node in tree.iter()} <= {"div", "i"}
        assert len(tree.xpath("//i")) == 1, "the title alone is set in italics"
        assert tree.text_content() == one.text
        assert not any(sign in one.text for sign in "\ue000\ue001\x1b")
    assert "<Bentang>" in citations_of(made)[0].text


@pytest.mark.parametrize("title", ["Ada apa?", "Merdeka!", "Selesai."])
def test_a_title_that_ends_with_a_stop_gets_no_second_one(title: str) -> None:
    for text in texts(book(title, ("Sari", "author"))).values():
        assert f"{title}." not in text
        assert ".." not in text


def test_the_page_offers_every_citation_as_plain_text(client: Client) -> None:
    made = book("Laskar <Pelangi>", ("Hirata, Andrea", "author"))
    client.cookies["django_language"] = "en"
    with override_settings(PORTAL_URL="https://katalog.example"):
        page = html.fromstring(client.get(f"/edition/{made.pk}").content.decode())
    for one in citations_of(made):
        assert page.get_element_by_id(f"cite-{one.style.code}").text_content() == one.text
        button = page.xpath(f"//button[@data-copy='cite-{one.style.code}']")[0]
        assert button.get("hidden") is not None, "shown by the script alone"
    link = f"https://katalog.example/edition/{made.pk}"
    assert page.xpath("//link[@rel='canonical']/@href") == [link]
    assert page.get_element_by_id("cite-permalink").text_content() == link


def test_the_permanent_link_of_a_joined_edition_leads_to_the_one_that_stayed(client: Client) -> None:
    old, new = book("Lama"), book("Baru")
    Edition.objects.filter(pk=old.pk).update(merged_into=new)
    page = html.fromstring(client.get(f"/edition/{old.pk}", follow=True).content.decode())
    assert page.get_element_by_id("cite-permalink").text_content().endswith(f"/edition/{new.pk}")
