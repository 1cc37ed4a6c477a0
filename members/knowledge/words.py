"""Words as they are looked for: without accents and endings, in Indonesian and English. PostgreSQL does the finding.

The configuration is `simple` and the folding is ours, so that one column serves both languages, whatever the server's
dictionaries are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import Stemmer
from django.conf import settings
from django.contrib.postgres.search import CombinedSearchVector, SearchQuery, SearchVector
from django.db.models import TextField, Value
from django.utils import translation

from members.choices_knowledge import Topic

MOST_WORDS = 12
_STEMMERS = (Stemmer.Stemmer("indonesian"), Stemmer.Stemmer("english"))
# Nobody means these when asking in a sentence; a question is compared with others without them.
_SMALL = {
    "and", "are", "can", "does", "for", "how", "the", "what", "which", "who", "with",
    "ada", "apa", "apakah", "atau", "bagaimana", "bisa", "cara", "dan", "dapat", "dari", "dengan", "ini", "itu", "kami",
    "kita", "mana", "oleh", "pada", "saya", "siapa", "untuk", "yang",
}  # fmt: skip


def folded(text: str) -> list[str]:
    """The words, small and without accents."""
    plain = unicodedata.normalize("NFKD", text.replace("\x00", " "))
    return re.findall(r"\w+", "".join(sign for sign in plain if not unicodedata.combining(sign)).casefold())


@lru_cache(maxsize=4096)
def _forms(word: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((word, *(stemmer.stemWord(word) for stemmer in _STEMMERS))))


def vector(parts: Iterable[tuple[str, str]]) -> SearchVector | CombinedSearchVector:
    """What a search column holds: (text, weight A to D) each; every word in all its forms."""
    made: Any = None
    for text, weight in parts:
        words = " ".join(form for word in folded(text) for form in _forms(word))
        one = SearchVector(Value(words, output_field=TextField()), weight=weight, config="simple")
        made = one if made is None else made + one
    if made is None:
        raise ValueError("nothing to search by")
    return made


def topic_words(codes: Iterable[str]) -> str:
    """The names of subjects in every language of the portal, so that each finds them."""
    told = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            told += [str(Topic(code).label) for code in codes if code in Topic.values]
    return " ".join(told)


def query(text: str) -> SearchQuery | None:
    """All words must be there, each as typed, begun or in another form; None where there is no word."""
    words = folded(text)[:MOST_WORDS]
    return _query(" & ".join(_one(word) for word in words)) if words else None


def alike(text: str) -> SearchQuery | None:
    """Any word that means something; ranking puts first what shares most of them."""
    words = [word for word in folded(text) if word not in _SMALL and len(word) > 2][: 2 * MOST_WORDS]
    return _query(" | ".join(_one(word) for word in words)) if words else None


def _one(word: str) -> str:
    forms = [f"'{word}':*", *(f"'{form}'" for form in _forms(word) if form != word)]
    return f"({' | '.join(forms)})"


def _query(raw: str) -> SearchQuery:
    return SearchQuery(raw, search_type="raw", config="simple")
