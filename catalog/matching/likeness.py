"""Single words of two titles: whether one may be the other, spelt otherwise. Called by compare.py."""

from __future__ import annotations

from rapidfuzz import process
from rapidfuzz.distance import Indel, JaroWinkler

from catalog.matching.words import LITTLE_WORDS

MOST_WORDS = 12  # of a title that are looked at
LONG_WORD = 7  # letters
NEARLY, SHORTENED = 1, 2


def content(words: set[str]) -> list[str]:
    return [word for word in words if len(word) > 2 and word not in LITTLE_WORDS and not word.isdigit()][
        :MOST_WORDS
    ]


def likeness(word: str, others: list[str]) -> int:
    """Whether one of the others may be the same word: NEARLY spelt so, or SHORTENED or drawn together; 0 if none."""
    start = word[:4]
    if any(other.startswith(start) or other in word or word in other for other in others):
        return (
            NEARLY
            if not any(other.startswith(word) or word.startswith(other) for other in others)
            else SHORTENED
        )
    return NEARLY if process.extractOne(word, others, scorer=JaroWinkler.similarity, score_cutoff=0.84) else 0


def misprint(word: str, others: list[str]) -> bool:
    """A letter too many or too few in a long word, or two that changed places; "mikro" and "makro" are other words."""
    return len(word) >= LONG_WORD and any(
        other[0] == word[0] and (sorted(other) == sorted(word) or Indel.distance(word, other) == 1)
        for other in others
    )
