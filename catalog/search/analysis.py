"""Words: how text becomes terms, the same way when indexed and when asked for. No Django, no engine.

Exact terms are folded (case, accents, apostrophes); loose terms are their stems in Indonesian and English and the
form that they share with other spellings (Soekarno, Djakarta, Mohammed: see `variants`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

import Stemmer

from catalog.folding import fold
from catalog.search.variants import variants

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_PIECE = re.compile(rf"[{_CJK}]+|[^\W_{_CJK}]+")
_COMPOUND = re.compile(rf"[^\W_{_CJK}]+(?:[-‐‑./][^\W_{_CJK}]+)+")
# The same for plain ASCII, which most texts are, at a third of the cost.
_BLANKS = str.maketrans({chr(n): " " for n in range(128) if not chr(n).isalnum()})
_BETWEEN = "\x1e"  # between texts that are taken apart together
_BLANKS_BETWEEN = {sign: blank for sign, blank in _BLANKS.items() if sign != ord(_BETWEEN)}
_REMOVED = str.maketrans("", "", "-./")
_ASCII_COMPOUND = re.compile(r"[a-z0-9]+(?:[-./][a-z0-9]+)+")
_IS_CJK = re.compile(rf"[{_CJK}]")
# Programming languages and the like, whose sign is half the name.
_SIGNS = re.compile(r"(?<!\w)(c\+\+|[cf]#|\.net)(?!\w)")
_SIGN_WORDS = {"c++": "cplusplus", "c#": "csharp", "f#": "fsharp", ".net": "dotnet"}

STOP_WORDS = frozenset((
    "dan", "di", "ke", "dari", "yang", "untuk", "dengan", "pada", "oleh", "atau",
    "the", "a", "an", "of", "and", "in", "on", "for", "to", "by", "with", "from", "or",
))  # fmt: skip
_ARTICLES = frozenset(("the", "a", "an"))
START = "^^"  # stands before each title and name, so that a phrase can be anchored on the left
MAX_WORD = 60

_indonesian = Stemmer.Stemmer("indonesian")
_english = Stemmer.Stemmer("english")


def words(text: str) -> list[str]:
    """Folded words in order. A run of Chinese or Japanese becomes its overlapping pairs of signs."""
    folded = _named_signs(fold(text))
    if folded.isascii():
        return _shortened(folded.translate(_BLANKS).split())
    return [term for piece in _PIECE.findall(folded) for term in _pairs(piece[:MAX_WORD])]


def _named_signs(folded: str) -> str:
    if "+" in folded or "#" in folded or ".net" in folded:
        return _SIGNS.sub(lambda match: _SIGN_WORDS[match[0]], folded)
    return folded


def _shortened(found: list[str]) -> list[str]:
    return [word[:MAX_WORD] for word in found] if max(map(len, found), default=0) > MAX_WORD else found


def _pairs(piece: str) -> Iterable[str]:
    if len(piece) < 3 or not _IS_CJK.match(piece):
        return (piece,)
    return (piece[i : i + 2] for i in range(len(piece) - 1))


def compounds(text: str) -> list[str]:
    """Hyphenated words written as one, "al-Qur'an" as "alquran", so that either way finds the other."""
    return _compounds_of(fold(text))


def _compounds_of(folded: str) -> list[str]:
    if folded.isascii():
        if ("-" not in folded and "." not in folded and "/" not in folded) or not _sign_inside(folded):
            return []
        joined = [match.translate(_REMOVED) for match in _ASCII_COMPOUND.findall(folded)]
    else:
        joined = ["".join(_PIECE.findall(match)) for match in _COMPOUND.findall(folded)]
    return [word for word in joined if len(word) <= MAX_WORD]


def _sign_inside(folded: str) -> bool:
    """Whether any of "-./" stands within a word. Almost all of them end one, and then nothing else is to be done."""
    for sign in "-./":
        place = folded.find(sign, 1)
        while place > 0:
            if folded[place - 1].isalnum() and folded[place + 1 : place + 2].isalnum():
                return True
            place = folded.find(sign, place + 1)
    return False


@lru_cache(maxsize=100_000)
def loose(word: str) -> tuple[str, ...]:
    """What else a word may be found by: its stems and its new spelling; never the word itself."""
    if not word.isascii() or not word.isalpha() or len(word) < 3:
        return ()
    found = variants(word)
    if len(word) > 3:
        found.update((_indonesian.stemWord(word), _english.stemWord(word)))
    found.discard(word)
    return tuple(sorted(term for term in found if len(term) > 2))


def loose_all(terms: Iterable[str]) -> set[str]:
    """The words themselves and everything they may be found by."""
    found = set(terms)
    for term in tuple(found):
        if more := loose(term):
            found.update(more)
    return found


Terms = tuple[list[str], list[str]]  # the words of a text in order, and its hyphenated words written as one


def terms_of(texts: Sequence[str]) -> list[Terms]:
    """The terms of each text. Plain ones are taken apart in one go: they are short, and each call has its price."""
    joined = _named_signs(fold(_BETWEEN.join(texts)))
    if joined.isascii():
        found = [_shortened(piece.split()) for piece in joined.translate(_BLANKS_BETWEEN).split(_BETWEEN)]
        if len(found) == len(texts):
            if not _sign_inside(joined):
                return [(words, []) for words in found]
            texts = joined.split(_BETWEEN)
            return [(words, _compounds_of(text)) for words, text in zip(found, texts, strict=True)]
    return [(words(text), compounds(text)) for text in texts]


def number_key(text: str) -> str:
    """A standard number as it is compared: letters and digits only, "979-3062-79-7" as "9793062797"."""
    return re.sub(r"[\W_]", "", text).lower()


def call_number_key(text: str) -> str:
    """A call number as its beginning is compared: "R 899.221  Toe b" as "r 899.221 toe b"."""
    return " ".join(fold(text).split())[:60]


def title_key(text: str) -> str:
    """The whole title as one term, without a leading English article: "The Ring" and "ring" are the same."""
    return key_of(words(text))


def key_of(found: Sequence[str]) -> str:
    """`title_key` of a title whose words are known."""
    return " ".join(found[1:] if len(found) > 1 and found[0] in _ARTICLES else found)[:250]
