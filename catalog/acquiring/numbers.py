"""ISBNs and the keys under which wishes for one title meet. Pure functions."""

from __future__ import annotations

import re

from stdnum import isbn as stdnum_isbn

from catalog.folding import fold

_NOT_OF_ISBN = re.compile(r"[\s\-\u2010-\u2015.]+")
_SHAPE = re.compile(r"^(?:97[89]\d{10}|\d{9}[\dX])$")
_SIGNS = re.compile(r"[\W_]+")
LONGEST_KEY = 300


def isbn_of(text: str) -> str:
    """The ISBN-13 without hyphens, "" for anything else."""
    bare = bare_isbn(text)
    return str(stdnum_isbn.to_isbn13(bare)) if bare and stdnum_isbn.is_valid(bare) else ""


def bare_isbn(text: str) -> str:
    """What has the shape of an ISBN, valid or not, else ""."""
    bare = _NOT_OF_ISBN.sub("", text).upper().removeprefix("ISBN").lstrip(":")
    return bare if _SHAPE.match(bare) else ""


def words_of(text: str) -> str:
    """Folded, without signs: what titles and names are compared by."""
    return " ".join(_SIGNS.sub(" ", fold(text)).split())


def name_of(author: str) -> str:
    """The longest word of a name, whatever order its parts come in."""
    return max(words_of(author).split(), key=lambda word: (len(word), word), default="")


def title_key(title: str, author: str) -> str:
    return f"t:{words_of(title)[:200]}|{name_of(author)[:60]}"


def wanted_key(*, edition_id: int | None = None, title: str = "", author: str = "", isbn: str = "") -> str:
    """An edition's own, else by title and author, else by ISBN."""
    if edition_id:
        return f"e:{edition_id}"
    return title_key(title, author)[:LONGEST_KEY] if words_of(title) else f"i:{isbn}"
