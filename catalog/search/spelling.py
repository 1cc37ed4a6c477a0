"""“Did you mean”: the question with its unknown words replaced by known ones that look alike. No Django."""

from __future__ import annotations

from typing import Protocol

from catalog.search.query import SearchQuery

MIN_WORD = 4


class Vocabulary(Protocol):
    def frequency(self, word: str) -> int:
        """In how many records the word is."""

    def similar(self, word: str, distance: int) -> set[str]: ...


def distance(word: str) -> int:
    """How many slips a word of this length may have."""
    return 1 if len(word) < 6 else 2


def corrected(vocabulary: Vocabulary, query: SearchQuery) -> str:
    """The better question, or "" where every word is known or nothing looks alike."""
    text = query.text.lower()
    changed = False
    words = [word for clause in query.parsed.clauses for term in clause.alternatives for word in term.words]
    for word in dict.fromkeys(words):
        if len(word) < MIN_WORD or not word.isalpha() or vocabulary.frequency(word):
            continue
        best = _best(vocabulary, word)
        if not best:
            return ""
        if word in text:
            text, changed = text.replace(word, best), True
    return text if changed else ""


def _best(vocabulary: Vocabulary, word: str) -> str:
    """The nearest known word; among equally near ones the commonest."""
    near = [
        (slips(word, other), -vocabulary.frequency(other), other)
        for other in vocabulary.similar(word, distance(word))
        if abs(len(other) - len(word)) <= 2 and other.isalpha()
    ]
    near = [found for found in near if 0 < found[0] <= distance(word)]
    return min(near)[2] if near else ""


def slips(one: str, other: str) -> int:
    """Insertions, deletions, replacements and swaps of neighbours that turn one word into the other."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        current = [i]
        for j, b in enumerate(other, 1):
            best = min(row[j] + 1, current[j - 1] + 1, row[j - 1] + (a != b))
            if before and i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                best = min(best, before[j - 2] + 1)
            current.append(best)
        before, row = row, current
    return row[-1]
