"""Names of languages in the reader's language, and web language tags, from MARC's codes (ISO 639-2/B)."""

from __future__ import annotations

from functools import lru_cache

from babel.core import Locale, UnknownLocaleError, get_global
from django.utils.translation import get_language


def language_tag(code: str) -> str:
    """What a `lang` attribute wants: "ind" → "id", "ger" → "de"; "" for what is no language."""
    if len(code) != 3 or not code.isalpha() or code in ("und", "mul", "zxx"):
        return ""
    alias = get_global("language_aliases").get(code, code)
    first = alias[0] if isinstance(alias, (list, tuple)) else alias
    return str(first).split("_")[0]


def language_name(code: str) -> str:
    """ "German", or the code itself where nobody has a name for it."""
    return _name(code, get_language() or "id")


@lru_cache(maxsize=600)
def _name(code: str, reader: str) -> str:
    try:
        names = Locale.parse(reader, sep="-").languages
    except (UnknownLocaleError, ValueError):
        names = Locale("en").languages
    return str(names.get(language_tag(code) or code, code))
