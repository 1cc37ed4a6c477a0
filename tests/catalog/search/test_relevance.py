"""What readers expect to stand first. Each line is a question somebody asks, and the edition they mean."""

from __future__ import annotations

import pytest

from catalog.search.engine import SearchEngine
from catalog.search.query import SearchQuery


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("laut", 2),  # the whole title, though others are held more
        ("Laut", 2),
        ("science", 8),  # the journal of that name
        ("the science", 8),
        ("hukum laut", 3),
        ("bumi manusia", 4),  # the words in this order
        ("manusia bumi", 4),
        ("laut bercerita leila chudori", 1),
        ("leila chudori laut", 1),
        ("structure of science", 10),  # without the article
        ("laskar pelangi", 16),  # the book before the others of the series of that name
        ("andrea hirata", 16),  # most held first
        ("soekarno bendera", 7),
        ("kartini", 20),
    ],
)
def test_the_one_that_is_meant_stands_first(shelf: SearchEngine, text: str, first: int) -> None:
    assert shelf.search(SearchQuery(text=text)).ids[0] == first


def test_title_stands_before_series(shelf: SearchEngine) -> None:
    assert shelf.search(SearchQuery(text="tetralogi OR laskar")).ids[0] == 16


def test_a_title_that_begins_so_stands_before_one_that_only_has_the_word(shelf: SearchEngine) -> None:
    found = shelf.search(SearchQuery(text="laut")).ids
    assert found == [2, 1, 3]
