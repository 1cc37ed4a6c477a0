"""Placeholder covers: the same book always looks the same, and no title can break the page."""

from __future__ import annotations

import pytest
from lxml import etree

from network_portal.core.covers import cover_svg, wrap_words


def test_a_book_keeps_its_cover() -> None:
    assert cover_svg("Bumi Manusia", "Toer", "7", unique="a") == cover_svg(
        "Bumi Manusia", "Toer", "7", unique="a"
    )


def test_books_differ() -> None:
    faces = {cover_svg("x", "", str(seed), unique="a") for seed in range(60)}
    assert len(faces) > 16


@pytest.mark.parametrize(
    "title",
    [
        "",
        '"><script>alert(1)</script>',
        "& < > '",
        "Pneumonoultramicroscopicsilicovolcanoconiosis",
        "كتاب الأم",
        "kata " * 400,
    ],
)
def test_a_hostile_title_stays_text(title: str) -> None:
    root = etree.fromstring(cover_svg(title, title, "", unique="a"))
    assert {etree.QName(node).localname for node in root.iter()} <= {
        "svg", "defs", "pattern", "g", "path", "ellipse", "circle", "rect", "text",
    }  # fmt: skip
    assert not any("style" in node.attrib for node in root.iter())


def test_long_titles_end_in_an_ellipsis() -> None:
    rows = wrap_words(
        "Sejarah Nasional Indonesia jilid lima zaman kebangkitan nasional dan masa akhir", 15, 3
    )
    assert len(rows) == 3
    assert rows[-1].endswith("…")
