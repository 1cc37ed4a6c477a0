"""Letters that count as the same: case, accents and apostrophes. Under search and matching alike; pure functions."""

from __future__ import annotations

import unicodedata

# Marks that belong inside a word and are dropped: Qur'an, ʻAlī, O’Brien.
_APOSTROPHES = dict.fromkeys(map(ord, "'’‘`´ʻʼʽʾʿ′"), None)
# Letters that Unicode does not decompose into a base letter and an accent.
_LETTERS = str.maketrans({
    "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ŋ": "ng",
    "ى": "ي", "ة": "ه", "ـ": None, "ٱ": "ا",
})  # fmt: skip


def fold(text: str) -> str:
    """Lower case without accents and apostrophes: "Qur’ān" and "quran" are the same."""
    if text.isascii():
        return text.lower().replace("'", "").replace("`", "")
    text = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES).casefold())
    return unicodedata.normalize("NFC", "".join(c for c in text if not unicodedata.combining(c))).translate(
        _LETTERS
    )
