"""The advanced form: several lines become one question in the language of the search box."""

from __future__ import annotations

import pytest
from django.test import Client
from lxml import html

from catalog.search import indexer
from catalog.search.building import Line, question
from catalog.search.grammar import parse
from catalog.search.variants import spellings
from tests.catalog.search.world import edition, library


@pytest.mark.parametrize(
    ("lines", "built", "meant"),
    [
        ([Line("laskar pelangi", "judul"), Line("hirata", "pengarang")], "judul:(laskar pelangi) pengarang:hirata",
         "(title:laskar title:pelangi) pengarang:hirata"),
        ([Line("laut bumi"), Line("leila", "pengarang", join="or")], "(laut bumi) OR pengarang:leila",
         "(laut bumi) OR pengarang:leila"),
        ([Line("a b", "judul"), Line("c", "seri"), Line("d e", mode="phrase", join="or")],
         '(judul:(a b) seri:c) OR "d e"', None),
        ([Line("laut OR bumi"), Line("film", "subjek", join="not")], "laut OR bumi NOT subjek:film",
         "(laut OR bumi) NOT subjek:film"),
        ([Line("laut"), Line("a b", mode="any", join="not")], "laut NOT (a OR b)", "laut NOT (a OR b)"),
        ([Line(), Line("laut", join="not")], "laut", "laut"),
        ([Line("978-979-3062-79-2", "nomor")], "nomor:978-979-3062-79-2", None),
        ([Line("899.221 3 HIR", "panggil")], 'panggil:"899.221 3 HIR"', None),
        ([Line('perang "dan" OR (damai', "judul", mode="any")], "judul:(perang OR dan OR or OR damai)",
         "title:perang OR title:dan OR title:or OR title:damai"),
        ([Line("judul: -laut)", "subjek")], "subjek:(judul laut)", "subject:judul subject:laut"),
        ([Line("&& | -", "judul")], "", ""),
    ],
)  # fmt: skip
def test_lines_become_one_question_that_is_read_as_it_was_meant(
    lines: list[Line], built: str, meant: str | None
) -> None:
    assert question(lines) == built
    parsed = parse(built)
    assert not parsed.notes
    if meant is not None:
        assert parsed.shown in (meant, f"({meant})")


@pytest.fixture
def english(client: Client) -> Client:
    client.cookies["django_language"] = "en"
    return client


@pytest.mark.django_db
def test_the_form_leads_to_the_results_with_question_and_filters_in_the_address(english: Client) -> None:
    typed = "f1=judul&t1=laskar+pelangi&j2=or&f2=pengarang&t2=hirata&language=ind&from=2000&sort=newest&go=1"
    answer = english.get(f"/search/advanced?{typed}")
    assert answer.status_code == 302
    assert answer["Location"] == (
        "/search?q=judul%3A%28laskar+pelangi%29+OR+pengarang%3Ahirata&language=ind&from=2000&sort=newest"
    )


@pytest.mark.django_db
def test_the_form_shows_the_question_and_keeps_all_that_was_typed(english: Client) -> None:
    home = library("NEAR", "Perpustakaan Dekat")
    edition("Laskar Pelangi", "Andrea Hirata", held_by=(home,))
    indexer.index_dirty()
    page = html.fromstring(
        english.get(f"/search/advanced?t1=laskar&m1=any&library={home.pk}&see=1").content.decode()
    )
    assert page.get_element_by_id("question").getparent().findtext(".//code") == "laskar"
    assert page.get_element_by_id("t1").get("value") == "laskar"
    assert page.xpath("//select[@id='m1']/option[@selected]/@value") == ["any"]
    assert page.xpath(f"//input[@name='library'][@value='{home.pk}']/@checked")
    labelled = set(page.xpath("//label/@for"))
    assert set(page.xpath("//main//form[contains(@class, 'advanced')]//select/@id")) <= labelled


@pytest.mark.django_db
def test_a_question_of_the_box_comes_along_into_the_first_line(english: Client) -> None:
    library("NEAR", "Perpustakaan Dekat")
    indexer.index_dirty()
    page = html.fromstring(english.get("/search/advanced?q=laut+OR+bumi&format=book").content.decode())
    assert page.get_element_by_id("t1").get("value") == "laut OR bumi"
    assert english.get("/search/advanced?q=%00&t1=%00&f1=x&m1=&j2=zz&from=abc&go=1").status_code == 302


@pytest.mark.django_db
def test_the_form_works_before_there_is_an_index(english: Client) -> None:
    assert english.get("/search/advanced").status_code == 200


def test_spellings_that_are_found_too_can_be_told() -> None:
    assert "koran" in spellings("quran") and "quran" not in spellings("quran")
    assert spellings("djakarta") == ["jakarta"]
    assert spellings("laut") == spellings("zzq") == []


@pytest.mark.django_db
def test_zero_hits_tell_which_spellings_were_tried(english: Client) -> None:
    edition("Laut", held_by=(library("NEAR", "Perpustakaan Dekat"),))
    indexer.index_dirty()
    page = html.fromstring(english.get("/search?q=zzyzx+quran").content.decode())
    assert "koran" in page.find_class("nothing")[0].text_content()
