"""Placeholder covers: the same book always looks the same, and no title can break the page."""

from __future__ import annotations

import pytest
from lxml import etree

from network_portal.core.covers import GROUNDS, TITLE_SIZES, cover_svg, fit_title, text_width
from tests.pages.test_contrast import contrast

LONG = "Sejarah Nasional Indonesia jilid lima zaman kebangkitan nasional dan masa akhir Hindia Belanda " * 3


def test_a_book_keeps_its_cover() -> None:
    assert cover_svg("Bumi Manusia", "Toer", "7", unique="a") == cover_svg(
        "Bumi Manusia", "Toer", "7", unique="a"
    )


def test_books_differ() -> None:
    faces = {cover_svg("x", "", str(seed), unique="a") for seed in range(200)}
    assert len(faces) > 60


@pytest.mark.parametrize(
    "title",
    [
        "",
        '"><script>alert(1)</script>',
        "& < > '",
        "Pneumonoultramicroscopicsilicovolcanoconiosis",
        "كتاب الأم",
        "紅樓夢" * 30,
        "kata " * 400,
    ],
)
@pytest.mark.parametrize("seed", ["1", "2", "3", "4", "5", "6"])
def test_a_hostile_title_stays_text(title: str, seed: str) -> None:
    root = etree.fromstring(cover_svg(title, title, seed, unique="a"))
    assert {etree.QName(node).localname for node in root.iter()} <= {
        "svg", "defs", "pattern", "g", "path", "ellipse", "circle", "rect", "text",
    }  # fmt: skip
    assert not any("style" in node.attrib for node in root.iter())


def test_a_short_title_is_set_large_and_whole() -> None:
    assert fit_title("Bumi Manusia", 132, 102) == (TITLE_SIZES[0], ["Bumi", "Manusia"])


def test_a_long_title_gets_smaller_letters_before_it_loses_words() -> None:
    size, rows = fit_title("Pengantar Ilmu Perpustakaan dan Kepustakawanan", 104, 84)
    assert size < TITLE_SIZES[0]
    assert " ".join(rows) == "Pengantar Ilmu Perpustakaan dan Kepustakawanan"


@pytest.mark.parametrize("title", [LONG, "Hidup" * 60, "SERAT CENTHINI " * 9])
def test_a_title_that_is_too_long_ends_in_an_ellipsis_inside_its_box(title: str) -> None:
    size, rows = fit_title(title, 104, 84)
    assert any(row.endswith("…") for row in rows)
    assert all(text_width(row, size) <= 104 for row in rows)
    assert len(rows) * size * 1.2 <= 84 + size


@pytest.mark.parametrize("ground", GROUNDS)
def test_words_on_a_cover_stand_out(ground: object) -> None:
    assert contrast(ground.paper, ground.ink) >= 4.5  # type: ignore[attr-defined]
