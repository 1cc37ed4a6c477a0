"""Writing CQL: terms that can't break out of their quotes, queries put together. Pure; for slices.py and search.py."""

from __future__ import annotations

from collections.abc import Iterable

MASKS = "*?^"  # CQL 1.2, section "Masking": they stand for themselves only behind a backslash
MOST_TERM = 200


def term(text: str) -> str:
    """One search term in quotes, whatever it holds."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())[:MOST_TERM]
    return '"' + "".join(f"\\{c}" if c in f'\\"{MASKS}' else c for c in plain) + '"'


def both(left: str, right: str) -> str:
    return f"({left}) and ({right})"


def without(left: str, right: str) -> str:
    return f"({left}) not ({right})"


def any_of(clauses: Iterable[str]) -> str:
    return " or ".join(clauses)
