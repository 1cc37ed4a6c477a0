"""A question of several lines, as the advanced form asks it, in the language of the search box. No Django.

Lines are joined from the first to the last; parentheses say so where the language would join them otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from catalog.search.tokens import OPERATORS

FIELDS = ("", "judul", "pengarang", "subjek", "penerbit", "seri", "nomor", "panggil", "isi")
MODES = ("all", "phrase", "any")
JOINS = ("and", "or", "not")
_SIGNS = re.compile(r"[\"“”()]|^[-+]+|[:~]|(?<=\s)[-+]+(?=\S)")


@dataclass(frozen=True)
class Line:
    text: str = ""
    field: str = ""  # one of FIELDS; "" is everywhere
    mode: str = "all"  # all words, these words one after the other, one of them
    join: str = "and"  # to what stands before it


def question(lines: Sequence[Line]) -> str:
    """Empty where no line says anything. A first line cannot be excluded: there is nothing to take it from."""
    built, simple = "", True  # simple: a further line can be added as it is
    for line in lines:
        clause = _clause(line)
        if not clause:
            continue
        if not built:
            built, simple = clause, " " not in clause or _is_one(clause)
        elif line.join == "or":
            built, simple = f"{built if simple else f'({built})'} OR {_whole(clause)}", True
        else:
            # "A OR B C" is read as (A OR B) C, so what stands before needs no parentheses here.
            built, simple = f"{built} {'NOT ' if line.join == 'not' else ''}{_whole(clause)}", False
    return built


def _clause(line: Line) -> str:
    if not line.field and line.mode == "all":
        return " ".join(line.text.split())  # the language itself may be typed here
    words = [word.lower() if word in OPERATORS else word for word in _SIGNS.sub(" ", line.text).split()]
    words = [word for word in words if word.strip("&|+-")]
    if not words:
        return ""
    name = f"{line.field}:" if line.field else ""
    if line.field == "nomor":
        return f"{name}{''.join(words)}"
    if len(words) == 1:
        return f"{name}{words[0]}"
    if line.mode == "phrase" or line.field == "panggil":
        return f'{name}"{" ".join(words)}"'
    return f"{name}({(' OR ' if line.mode == 'any' else ' ').join(words)})"


def _is_one(clause: str) -> bool:
    """One pair of quotation marks or parentheses holds all of it."""
    opened = re.fullmatch(r"(?:[^\W\d_]+:)?(?:\"[^\"]*\"|\([^()]*\))", clause)
    return opened is not None


def _whole(clause: str) -> str:
    return clause if " " not in clause or _is_one(clause) else f"({clause})"
