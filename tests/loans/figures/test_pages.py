"""The figures page, its CSV and the API: who sees what, and that all three say the same."""

from __future__ import annotations

import csv
import io
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client

from loans.figures.definitions import BY_KEY
from loans.figures.plots import bar_plot, line_plot
from members.choices import Role
from tests.loans.figures.facts import Facts
from tests.members.world import client_of, make_library, make_member

pytestmark = pytest.mark.django_db
MARCH = {"since": "2026-03-01", "until": "2026-03-31"}


@pytest.fixture
def facts(settings: Any) -> Facts:
    settings.STAFF_MFA_REQUIRED = False
    facts = Facts()
    for _time in range(3):
        facts.supplied()
    facts.refused(facts.request("unfilled", "unfilled"), "not_on_shelf")
    return facts


@pytest.fixture
def librarian(facts: Facts) -> Client:
    return client_of(make_member("l@example.org", facts.home, Role.LIBRARIAN))


@pytest.fixture
def coordinator(facts: Facts) -> Client:
    return client_of(make_member("n@example.org", make_library("PUSAT"), Role.COORDINATOR))


def rows_of(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))


def test_api_csv_and_page_tell_the_same_numbers(librarian: Client) -> None:
    page = librarian.get("/figures/RUMAH/", MARCH)
    lines = rows_of(librarian.get("/figures/RUMAH/", MARCH | {"format": "csv"}))[1:]
    api = librarian.get("/api/v1/figures/", MARCH | {"library": "RUMAH"}).json()["tables"]
    told = {}
    for key, table in api.items():
        units = {column["key"]: column["unit"] for column in table["columns"]}
        for row in table["rows"]:
            for name, value in row.items():
                if name != "code" and units[name] != "text":
                    told[key, str(row.get("code", "")), name] = "" if value is None else str(value)
    assert {(key, code, name): value for key, code, name, value in lines} == told
    assert told["fill_rate", "all", "fill_rate"] == "0.75"
    assert "75,0%" in page.content.decode()
    for part in page.context["parts"]:
        assert part.table.as_json()["rows"] == api[part.table.key]["rows"]


def test_one_table_as_csv_has_the_columns_of_the_page(librarian: Client) -> None:
    found = rows_of(librarian.get("/figures/RUMAH/", MARCH | {"format": "csv", "table": "partners"}))
    assert found[1] == ["Perpustakaan Lumbung", "0", "0", "3", "0", "-3"]
    assert librarian.get("/figures/RUMAH/", {"format": "csv", "table": "soup"}).status_code == 404


def test_each_table_says_what_it_means(librarian: Client) -> None:
    text = librarian.get("/figures/RUMAH/", MARCH, headers={"accept-language": "en"}).content.decode()
    assert (
        text.count('<details class="meaning"') == len(BY_KEY) - 1
    )  # the first library's share stands with the fill rate
    assert "<svg" in text


def test_librarian_sees_the_network_but_no_other_library(librarian: Client, coordinator: Client) -> None:
    assert librarian.get("/figures/LUMBUNG/").status_code == 404
    assert librarian.get("/api/v1/figures/?library=LUMBUNG").status_code == 404
    mine = librarian.get("/api/v1/figures/", MARCH).json()["tables"]
    theirs = coordinator.get("/api/v1/figures/", MARCH).json()["tables"]
    assert set(theirs) - set(mine) == {"partners", "costs"}
    assert coordinator.get("/figures/LUMBUNG/").status_code == 200


def test_reader_and_stranger_get_no_figures(facts: Facts) -> None:
    assert client_of(facts.reader).get("/api/v1/figures/").status_code == 403
    answer = Client().get("/api/v1/figures/")
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")


@pytest.mark.parametrize(
    "wrong",
    [
        {"since": "2026-05-01", "until": "2026-03-01"},
        {"since": "2000-01-01", "until": "2026-01-01"},
        {"since": "gestern"},
    ],
    ids=["backwards", "too long", "not a day"],
)
def test_wrong_period_is_told_and_nothing_breaks(librarian: Client, wrong: dict[str, str]) -> None:
    page = librarian.get("/figures/RUMAH/", wrong)
    assert page.status_code == 200
    assert page.context["form"].errors
    answer = librarian.get("/api/v1/figures/", wrong)
    assert (answer.status_code, answer.json()["code"]) == (400, "period_wrong")


def test_bars_are_as_long_as_their_numbers() -> None:
    plot = bar_plot("t", [("a", 10.0, "10"), ("b", 5.0, "5"), ("c", 0.0, "0")])
    assert plot is not None
    longest, half, none = (bar.width for bar in plot.bars)
    assert longest == 2 * half > none > 0
    assert bar_plot("t", [("a", 0.0, "0")]) is None


def test_names_at_the_ends_of_lines_do_not_cover_each_other() -> None:
    plot = line_plot(
        "t", ["Jan", "Feb", "Mar"], [("a", "", [1, 2, 3]), ("b", "", [3, 3, 3]), ("c", "", [0, 1, 3])]
    )
    assert plot is not None
    heights = sorted(one.end[1] for one in plot.series)
    assert all(below - above >= 15 for above, below in pairwise(heights))
    assert line_plot("t", ["Jan"], [("a", "", [4])]) is None


def test_names_at_the_ends_of_lines_neither_meet_nor_fall_out_of_the_drawing() -> None:
    plot = line_plot("t", ["Jan", "Feb"], [(name, "", [4, 0]) for name in "abc"])
    assert plot is not None
    ends = sorted(one.end[1] for one in plot.series)
    assert ends[-1] == plot.series[0].dots[-1][1] and [b - a for a, b in pairwise(ends)] == [22, 22]


def test_month_of_a_thousand_gets_round_numbers_at_the_side() -> None:
    plot = line_plot("t", ["Jan", "Feb"], [("a", "", [880, 1030])])
    assert plot is not None
    assert [text for _y, text in plot.levels] == ["0", "500", "1000", "1500"]
