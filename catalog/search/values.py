"""What people call a language, a format or a library -> its codes in the index. For `grammar`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from functools import lru_cache

from babel.core import Locale
from django.utils.translation import override

from catalog.choices import SHOWN_LIBRARIES, Format
from catalog.formats.languages import language_code
from catalog.search import analysis
from members.models import Library

KEPT_SECONDS = 60  # the names of libraries
READERS = ("id", "en")  # languages in which names are understood
MOST_LIBRARIES = 200
# What the labels of formats do not say.
_FORMATS = {
    "book": "buku books monograf monografi", "serial": "jurnal majalah terbitan berkala serials journal magazine",
    "article": "artikel articles", "thesis": "tesis skripsi disertasi theses dissertation", "map": "peta maps atlas",
    "score": "partitur notasi musik scores music", "audio": "rekaman suara sound kaset cd",
    "video": "film dvd video movie", "image": "gambar foto pictures photo", "computer": "komputer software",
    "manuscript": "naskah manuskrip manuscripts", "object": "benda realia objects",
}  # fmt: skip


def codes(field: str, value: str) -> tuple[str, ...]:
    """() where nothing is called so."""
    words = analysis.words(value)
    return FIELDS[field](words) if words else ()


def _language(words: list[str]) -> tuple[str, ...]:
    code = language_code(" ".join(words)) or _indonesian_names().get(" ".join(words), "")
    return (code,) if code else ()


@lru_cache(maxsize=1)
def _indonesian_names() -> dict[str, str]:
    names = Locale("id").languages.items()
    return {_key(name): code for tag, name in names if (code := language_code(tag))}


def _format(words: list[str]) -> tuple[str, ...]:
    return tuple(sorted(_formats().get(" ".join(words), ())))


@lru_cache(maxsize=1)
def _formats() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for reader in READERS:
        with override(reader):
            for code, label in Format.choices:
                names = {code, _key(str(label)), *analysis.words(_FORMATS.get(code, ""))}
                for name in names:
                    found.setdefault(name, set()).add(str(code))
    return found


def _library(words: list[str]) -> tuple[str, ...]:
    """By its code, else all whose name and town hold the words."""
    libraries = _libraries(int(time.monotonic() // KEPT_SECONDS))
    key = "".join(words)
    if exact := [str(pk) for pk, code, _name in libraries if code == key]:
        return tuple(exact)
    wanted = set(words)
    return tuple(str(pk) for pk, _code, name in libraries if wanted <= name)[:MOST_LIBRARIES]


@lru_cache(maxsize=1)
def _libraries(_minute: int) -> list[tuple[int, str, frozenset[str]]]:
    rows: Iterable[tuple[int, str, str, str]] = Library.objects.filter(
        status__in=SHOWN_LIBRARIES
    ).values_list("pk", "short_code", "name", "city")
    return [
        (pk, "".join(analysis.words(code)), frozenset(analysis.words(f"{name} {city}")))
        for pk, code, name, city in rows
    ]


def _key(text: str) -> str:
    return " ".join(analysis.words(text))


FIELDS: dict[str, Callable[[list[str]], tuple[str, ...]]] = {
    "language": _language, "format": _format, "library": _library,
}  # fmt: skip
