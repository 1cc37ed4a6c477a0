"""The page of a serial: which years its libraries have, and who has the one that is asked for."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from lxml import html

from catalog.formats.coverage_text import parse
from catalog.models import Edition
from catalog.presenters.edition import edition_view
from tests.catalog.search.world import edition, holding, library

pytestmark = pytest.mark.django_db


@pytest.fixture
def journal() -> Edition:
    made = edition("Jurnal Kajian", format="serial")
    statements = {"Alfa": "1990-2005; lacks 1997", "Beta": "Vol. 1 (1990)-", "Gama": "", "Delta": "1990-1994",
                  "Epsilon": "1990-2005; tidak lengkap 1997"}  # fmt: skip
    for number, (name, said) in enumerate(statements.items()):
        place = library(f"L{number}", name)
        holding(made, place, textual=said, coverage=parse(said), call_number=f"050 {name}")
    return made


def page(client: Client, of: Edition, query: str = "") -> Any:
    client.cookies["django_language"] = "en"
    response = client.get(f"/edition/{of.pk}{query}")
    assert response.status_code == 200
    return html.fromstring(response.content.decode())


def groups(shown: Any) -> dict[str, list[str]]:
    found = {}
    for term in shown.xpath("//*[@id='who-has']//dt"):
        found[term.text_content()] = [a.text_content() for a in term.getnext().xpath(".//a")]
    return found


def test_a_year_is_answered_with_who_has_it_perhaps_or_not(client: Client, journal: Edition) -> None:
    assert groups(page(client, journal, "?year=1997")) == {
        "Has it": ["Beta"],
        "Has it, with issues missing": ["Epsilon"],
        "Perhaps; ask the library": ["Gama"],
        "Does not have it": ["Alfa", "Delta"],
    }
    shown = page(client, journal, "?year=1992")
    assert groups(shown)["Has it"] == ["Alfa", "Beta", "Delta", "Epsilon"]
    assert "4 libraries have 1992." in shown.xpath("//*[@id='who-has']")[0].text_content()


def test_a_volume_narrows_the_answer(client: Client, journal: Edition) -> None:
    assert groups(page(client, journal, "?year=1997&volume=8"))["Perhaps; ask the library"] == [
        "Beta",
        "Gama",
    ]


@pytest.mark.parametrize("typed", ["abc", "97", "9999", "1997; DROP", "-5"])
def test_what_is_no_year_gets_a_word_and_no_answer(client: Client, journal: Edition, typed: str) -> None:
    shown = page(client, journal, f"?year={typed}")
    assert groups(shown) == {}
    assert shown.xpath("//*[@id='who-has']//*[contains(@class, 'field-error')]")


def test_ranges_and_gaps_are_told_in_words(client: Client, journal: Edition) -> None:
    table = page(client, journal).xpath("//table[contains(@class, 'holdings')]")[0].text_content()
    for words in ("1990–2005, without 1997", "from 1990 on", "1990–2005; incomplete: 1997"):
        assert words in table
    assert "1990-1994" not in table, "the same as the words"
    assert "1990-2005; lacks 1997" in table, "as the library wrote it"


def test_a_book_is_not_asked_for_years(client: Client) -> None:
    made = edition("Bumi manusia")
    holding(made, library("L1"), coverage=parse("jil. 1 (1980)"))
    assert not page(client, made).xpath("//*[@id='who-has']")


def test_the_question_works_as_a_plain_form_with_labels(client: Client, journal: Edition) -> None:
    (form,) = page(client, journal).xpath("//*[@id='who-has']//form")
    assert (form.get("method"), form.get("action")) == ("get", f"/edition/{journal.pk}#who-has")
    for name in ("year", "volume", "issue"):
        (control,) = form.xpath(f".//input[@name='{name}']")
        assert form.xpath(f".//label[@for='{control.get('id')}']")


def test_many_libraries_cost_no_more_queries(
    client: Client, journal: Edition, django_assert_max_num_queries: Any
) -> None:
    page(client, journal)
    for number in range(20):
        holding(journal, library(f"X{number}"), coverage=parse("1990-"))
    with django_assert_max_num_queries(25):
        page(client, journal, "?year=1997")


def test_a_year_that_nobody_has_is_said_so(client: Client, journal: Edition) -> None:
    assert "No library says that it has 1950." in page(client, journal, "?year=1950").text_content()


def test_a_librarys_own_words_are_not_repeated_where_they_say_the_same(journal: Edition) -> None:
    with translation.override("id"):
        view = edition_view(journal, near_library_id=None)
    lines = {held.library.name: held.lines[0] for held in view.holders.shown}
    assert lines["Epsilon"].years == ["1990–2005; tidak lengkap: 1997"]
    assert lines["Epsilon"].notes == []
    assert lines["Alfa"].notes == ["1990-2005; lacks 1997"]
