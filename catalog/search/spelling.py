"""“Did you mean”: the question with words replaced by known ones that look alike. No Django.

A word that no record has is replaced by the nearest that one has, written apart or joined to its neighbour. Where all
words are known and yet nothing is found, one of them may be another word with a slip in it: each is tried.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from rapidfuzz.distance import OSA

from catalog.search import analysis
from catalog.search.nodes import positive_terms
from catalog.search.query import SearchQuery

MIN_WORD = 3
MIN_PIECE = 3  # letters of each half of a word that is written apart
TRIED = 4  # other words that are tried for one
MOST_WORDS = 8


class Vocabulary(Protocol):
    def frequency(self, word: str) -> int:
        """In how many records the word is."""

    def similar(self, word: str, distance: int) -> dict[str, int]:
        """Words that look alike -> in how many records they are."""


@dataclass(frozen=True, slots=True)
class Change:
    slips: int
    old: str
    new: str


def distance(word: str) -> int:
    """How many slips a word of this length may have."""
    return 1 if len(word) < 6 else 2


def corrected(vocabulary: Vocabulary, query: SearchQuery, count: Callable[[str], int]) -> str:
    """The better question, or "" where nothing is better. `count`: the hits of another text."""
    words = _words(query)
    unknown = [word for word in words if not vocabulary.frequency(word)]
    text = query.text
    for word in unknown:
        changes = sorted(_changes(vocabulary, word, words), key=lambda change: change.slips)
        text = _best(text, changes, count) or text
    if not unknown and not count(text):
        tried = [change for word in words for change in _changes(vocabulary, word, words)]
        found = _best(text, sorted(tried, key=lambda change: change.slips), count)
        text = found if found and count(found) else text
    return text if text != query.text else ""


def _words(query: SearchQuery) -> list[str]:
    terms = [term for term in positive_terms(query.parsed.root) if not (term.prefix or term.codes)]
    words = dict.fromkeys(word for term in terms for word in term.words)
    wanted = [
        word for word in words if len(word) >= MIN_WORD and word.isalpha() and word not in analysis.STOP_WORDS
    ]
    return wanted[:MOST_WORDS]


def _changes(vocabulary: Vocabulary, word: str, words: Sequence[str]) -> Iterator[Change]:
    """What the word may have been meant to be, the likeliest of each kind."""
    near = [
        (OSA.distance(word, other), -records, other)
        for other, records in vocabulary.similar(word, distance(word)).items()
        if other.isalpha() and other != word
    ]
    yield from (Change(slips, word, other) for slips, _records, other in sorted(near)[:TRIED])
    for left, right in pairwise(words):
        if word in (left, right) and vocabulary.frequency(left + right):
            yield Change(1, f"{left} {right}", left + right)
    for place in range(MIN_PIECE, len(word) - MIN_PIECE + 1):
        left, right = word[:place], word[place:]
        if vocabulary.frequency(left) and vocabulary.frequency(right):
            yield Change(1, word, f"{left} {right}")


def _best(text: str, changes: Sequence[Change], count: Callable[[str], int]) -> str:
    """The text with one of the changes: of those with the fewest slips the one that finds most.

    While other words are still wrong, none may find anything; then the first is taken.
    """
    first = ""
    for slips in sorted({change.slips for change in changes}):
        texts = [_replaced(text, change) for change in changes if change.slips == slips]
        texts = [other for other in texts if other != text]
        first = first or (texts[0] if texts else "")
        found = max(((count(other), other) for other in texts), default=(0, ""), key=lambda pair: pair[0])
        if found[0]:
            return found[1]
    return first


def _replaced(text: str, change: Change) -> str:
    old = r"\s+".join(re.escape(word) for word in change.old.split())
    # In a question typed in capitals, "DAN" is a word and no operator; it has to stay one.
    new = change.new.upper() if text.isupper() else change.new
    return re.sub(rf"(?<!\w){old}(?!\w)", new, text, count=1, flags=re.IGNORECASE)
