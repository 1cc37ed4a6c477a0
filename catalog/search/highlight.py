"""Marks the words of a question in a title or name, by the same rules that found them. No Django."""

from __future__ import annotations

import re
from typing import NamedTuple

from catalog.search import analysis
from catalog.search.grammar import Parsed
from catalog.search.nodes import positive_terms

_WORD = re.compile(r"[^\W_]+(?:['’‘`ʻʼʾʿ][^\W_]+)*")


Terms = tuple[frozenset[str], tuple[str, ...]]  # whole words, and beginnings


class Part(NamedTuple):
    text: str
    marked: bool


def terms_of(parsed: Parsed, *fields: str) -> Terms:
    """Whole words and beginnings that are asked for in these fields or anywhere, stop words left out."""
    whole: set[str] = set()
    beginnings: list[str] = []
    for term in positive_terms(parsed.root):
        if term.field in ("", *fields):
            whole.update(word for word in term.words if word not in analysis.STOP_WORDS or term.phrase)
            if term.prefix:
                beginnings.append(term.words[-1])
            elif term.pattern:
                beginnings.append(term.pattern.partition(".")[0])
    return frozenset(analysis.loose_all(whole)), tuple(beginnings)


def mark(text: str, terms: Terms) -> list[Part]:
    """The text in pieces, in order; joined they give the text again."""
    whole, beginnings = terms
    parts: list[Part] = []
    end = 0
    for match in _WORD.finditer(text) if whole or beginnings else ():
        words = analysis.words(match[0])
        if any(word in whole or whole.intersection(analysis.loose(word)) for word in words) or any(
            word.startswith(beginning) for word in words for beginning in beginnings
        ):
            if match.start() > end:
                parts.append(Part(text[end : match.start()], False))
            parts.append(Part(match[0], True))
            end = match.end()
    if end < len(text):
        parts.append(Part(text[end:], False))
    return parts
