"""The drawn years of a serial: where a bar begins and ends, what a gap is, and the same in words."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override
from lxml import html

from catalog.formats.coverage_text import parse
from catalog.models import Edition
from catalog.presenters.edition import edition_view
from catalog.presenters.edition_timeline import MOST_ROWS, Timeline
from tests.catalog.search.world import edition, holding, library

pytestmark = pytest.mark.django_db


def journal(*statements: str) -> Edition:
    made = edition("Jurnal Kajian", format="serial")
    for number, said in enumerate(statements):
        holding(made, library(f"L{number}", f"Perpustakaan {number}"), textual=said, coverage=parse(said))
    return made


def drawn(made: Edition) -> Timeline | None:
    with override("en"):
        return edition_view(made, near_library_id=None).timeline


def bars(line: Timeline, row: int) -> list[tuple[str, str, str]]:
    return [(bar.kind, bar.x, bar.width) for bar in line.rows[row].bars]


def test_a_bar_is_as_long_as_its_years() -> None:
    line = drawn(journal("1990-1999", "1995-2009"))
    assert line is not None
    assert (line.first, line.last) == (1990, 2009)
    assert bars(line, 0) == [("has", "0.00%", "50.00%")]
    assert bars(line, 1) == [("has", "25.00%", "75.00%")]


def test_missing_and_incomplete_years_are_seen() -> None:
    line = drawn(journal("1990-1999; lacks 1993-1994", "1990-1999; tidak lengkap 1997"))
    assert line is not None
    assert bars(line, 0) == [
        ("has", "0.00%", "30.00%"), ("gap", "30.00%", "20.00%"), ("has", "50.00%", "50.00%"),
    ]  # fmt: skip
    assert [bar.label for bar in line.rows[0].bars] == ["1990–1992", "missing: 1993–1994", "1995–1999"]
    assert [bar.kind for bar in line.rows[1].bars] == ["has", "part", "has"]
    assert (line.has_gaps, line.has_parts) == (True, True)


def test_what_goes_on_reaches_to_this_year() -> None:
    line = drawn(journal("Vol. 1 (1990)-", "1980-1985"))
    assert line is not None
    assert line.last == timezone.localdate().year
    assert line.rows[0].goes_on
    assert line.rows[0].bars[-1].kind == "open"


def test_two_shelves_of_a_library_are_one_bar() -> None:
    made = edition("Jurnal", format="serial")
    place = library("A")
    for said in ("1990-1995", "1996-1999"):
        holding(made, place, location=said, textual=said, coverage=parse(said))
    line = drawn(made)
    assert line is not None
    assert len(line.rows) == 1
    assert bars(line, 0) == [("has", "0.00%", "100.00%")]
    assert line.rows[0].words == ["1990–1995", "1996–1999"]


def test_years_of_the_axis_are_round_and_few() -> None:
    for said, years in (("1990-1999", 10), ("1850-2009", 160), ("1998-2001", 4)):
        line = drawn(journal(said))
        assert line is not None
        assert 2 <= len(line.ticks) <= 8, years
        step = line.ticks[1][0] - line.ticks[0][0]
        assert all(year % step == 0 for year, _x in line.ticks)


@pytest.mark.parametrize("said", ["", "1995", "lihat katalog"])
def test_without_a_span_of_years_nothing_is_drawn(said: str) -> None:
    assert drawn(journal(said)) is None


def test_many_libraries_are_counted_not_drawn() -> None:
    line = drawn(journal(*["1990-1999"] * (MOST_ROWS + 4)))
    assert line is not None
    assert (len(line.rows), line.left_out) == (MOST_ROWS, 4)


def test_the_page_has_drawing_and_words_in_one_table(client: Client) -> None:
    made = journal("1990-1999; lacks 1993")
    client.cookies["django_language"] = "en"
    page: Any = html.fromstring(client.get(f"/edition/{made.pk}").content.decode())
    table = page.xpath("//table[@class='coverage']")[0]
    assert len(table.xpath(".//*[local-name()='rect']")) == 3
    assert all(svg.get("aria-hidden") == "true" for svg in table.xpath(".//*[local-name()='svg']"))
    assert "1990–1999, without 1993" in table.text_content()
    assert page.xpath("//nav[@class='on-page']/a[@href='#years']")
    assert page.xpath("//*[@id='years']")
