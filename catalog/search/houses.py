"""A publisher's name as a filter shows it: without what says nothing of the house."""

from __future__ import annotations

import re
from functools import lru_cache

from catalog.matching.words import PUBLISHER_NOISE

_EDGES = " .,;:/()[]"
_SPOKEN = 5  # letters from which a word in capitals is no abbreviation


@lru_cache(maxsize=50_000)
def house_name(publisher: str) -> str:
    """ "PT. Gramedia Pustaka Utama" and "GRAMEDIA PUSTAKA UTAMA," are "Gramedia Pustaka Utama"; "LKiS" stays so.

    Legal forms and "Penerbit" fall away at both ends, words in capitals are written as names. What would leave
    nothing stays as it is.
    """
    words = publisher.split()
    kept = list(words)
    while kept and _says_nothing(kept[0]):
        kept.pop(0)
    while kept and _says_nothing(kept[-1]):
        kept.pop()
    name = " ".join(kept or words).strip(_EDGES)
    return re.sub(r"[^\W\d_]+", lambda found: _written(found.group()), name) if name.isupper() else name


def _says_nothing(word: str) -> bool:
    return re.sub(r"[\W_]+", "", word).lower() in PUBLISHER_NOISE


def _written(word: str) -> str:
    return word.capitalize() if len(word) >= _SPOKEN else word
