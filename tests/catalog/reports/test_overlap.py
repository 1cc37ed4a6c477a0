"""Who holds what others hold: counts by library, format and decade, pairs, and what only one library has."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from catalog.models import OverlapReport, Source
from catalog.presenters.overlap import OverlapView
from catalog.selectors.overlap import library_names, unique_editions_of
from catalog.services.overlap import overlap_make
from members.choices import LibraryStatus
from tests.catalog.building import library, load, marc, source, write

pytestmark = pytest.mark.django_db
TITLES = {"A": 1981, "B": 1982, "C": 1995}


@pytest.fixture
def network(tmp_path: Path) -> list[Source]:
    """Seven libraries: A at all of them, B at the first two, C at the first alone."""
    sources = [source(library(f"P{n}", name=f"Perpustakaan {n}")) for n in range(7)]
    for n, of in enumerate(sources):
        titles = "ABC" if n == 0 else "AB" if n == 1 else "A"
        records = [marc(f"{n}{t}", f"Kitab yang {t * 5}", author="Toer", year=TITLES[t]) for t in titles]
        load(of, write(tmp_path, *records, name=f"{n}.mrc"))
    return sources


def test_editions_are_counted_by_how_many_libraries_hold_them(network: list[Source]) -> None:
    figures = overlap_make().figures
    assert figures["shared"] == [1, 1, 0, 1]
    first = figures["libraries"][str(network[0].library_id)]
    assert first["shared"] == [1, 1, 0, 1]
    assert first["decades"] == {"1980": [0, 1, 0, 1], "1990": [1, 0, 0, 0]}
    assert first["formats"] == {"book": [1, 1, 0, 1]}
    assert figures["libraries"][str(network[6].library_id)]["shared"] == [0, 0, 0, 1]


def test_pairs_are_counted_once_and_the_closest_come_first(network: list[Source]) -> None:
    pairs = overlap_make().figures["pairs"]
    assert len(pairs) == 21
    assert pairs[0] == [network[0].library_id, network[1].library_id, 2]
    assert {count for _a, _b, count in pairs[1:]} == {1}


def test_two_records_of_one_library_do_not_share(tmp_path: Path) -> None:
    of = source()
    other = source(of.library)
    for number, one in enumerate((of, other)):
        load(
            one,
            write(tmp_path, marc(str(number), "Ilmu tanah", author="Toer", year=1990), name=f"{number}.mrc"),
        )
    figures = overlap_make().figures
    assert figures["shared"] == [1, 0, 0, 0]
    assert figures["pairs"] == []


def test_a_library_that_left_shares_nothing(network: list[Source]) -> None:
    left = network[1].library
    left.status = LibraryStatus.LEFT
    left.save()
    figures = overlap_make().figures
    assert figures["shared"] == [2, 0, 0, 1]
    assert str(left.pk) not in figures["libraries"]
    assert [edition.title for edition in unique_editions_of(network[0].library)] == [
        "Kitab yang BBBBB", "Kitab yang CCCCC",
    ]  # fmt: skip


def test_what_only_one_library_has_is_listed_by_title(network: list[Source]) -> None:
    assert [edition.title for edition in unique_editions_of(network[0].library)] == ["Kitab yang CCCCC"]
    assert not unique_editions_of(network[1].library).exists()


def test_an_empty_network_gives_an_empty_report() -> None:
    figures = overlap_make().figures
    assert (figures["shared"], figures["pairs"], figures["libraries"]) == ([0, 0, 0, 0], [], {})


def test_the_last_count_of_each_month_is_kept() -> None:
    for days in (70, 69):
        made = OverlapReport.objects.create()
        at = timezone.now().replace(day=15) - timedelta(days=days)
        OverlapReport.objects.filter(pk=made.pk).update(made_at=at.replace(day=70 - days + 3))
    overlap_make()
    newest = overlap_make()
    kept = OverlapReport.objects.all()
    assert kept[0] == newest
    assert [report.made_at.day for report in kept[1:]] == [4]


def test_the_matrix_has_each_pair_twice_and_the_whole_on_its_diagonal(network: list[Source]) -> None:
    view = OverlapView(overlap_make(), library_names())
    matrix = {library.short_code: [cell.text for cell in cells] for library, cells in view.matrix}
    assert matrix["P0"][:3] == ["3", "2", "1"]
    assert matrix["P1"][:3] == ["2", "2", "1"]
    assert view.rows[0].library == network[0].library
    assert view.rows[0].shared.only_text == "33\N{NO-BREAK SPACE}%"
    closest = view.closest(network[1].library)
    assert (closest[0].first.short_code, closest[0].second.short_code) == ("P1", "P0")
    assert (closest[0].of_first, closest[0].of_second) == ("100\N{NO-BREAK SPACE}%", "67\N{NO-BREAK SPACE}%")
