"""Questions in PQF, YAZ's notation of Z39.50's type-1 queries: terms that can't break out of their quotes. Pure."""

from __future__ import annotations

import re

from catalog.harvesting.lookup import Asked
from catalog.harvesting.z3950.options import Z3950Options

MOST_WORDS = 8  # of a title or a name; some servers refuse long questions
WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


def question(asked: Asked, options: Z3950Options) -> str:
    """All that was asked for, joined by "and"; "" where nothing can be asked.

    Single words, since what a server makes of a phrase, or of a word list, differs from server to server.
    """
    parts = []
    if numbers := asked.isbns:
        parts.append(_joined("@or", [_term(options.isbn, number) for number in numbers]))
    for attribute, text in ((options.title, asked.title), (options.author, asked.author)):
        parts += [_term(attribute, word) for word in WORD.findall(text)[:MOST_WORDS]]
    return _joined("@and", parts)


def _joined(operator: str, parts: list[str]) -> str:
    """Prefix notation: one operator before each two."""
    return " ".join([*[operator] * (len(parts) - 1), *parts])


def _term(attribute: int, text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'@attr 1={attribute} "{escaped}"'
