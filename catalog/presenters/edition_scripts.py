"""Titles and names in their own script (MARC 880), with the language and direction that a browser must be told."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from catalog.models import Edition
from catalog.search.languages import language_tag

# First word of a letter's Unicode name -> ISO 15924, and the language where the record names none that is written so.
SCRIPTS = {
    "ARABIC": ("Arab", "ar"), "HEBREW": ("Hebr", "he"), "CYRILLIC": ("Cyrl", "ru"), "GREEK": ("Grek", "el"),
    "CJK": ("Hani", "zh"), "HIRAGANA": ("Jpan", "ja"), "KATAKANA": ("Jpan", "ja"), "HANGUL": ("Kore", "ko"),
    "THAI": ("Thai", "th"), "DEVANAGARI": ("Deva", "hi"), "TAMIL": ("Taml", "ta"), "JAVANESE": ("Java", "jv"),
    "BALINESE": ("Bali", "ban"), "SUNDANESE": ("Sund", "su"), "BUGINESE": ("Bugi", "bug"),
    "BATAK": ("Batk", "btk"), "ARMENIAN": ("Armn", "hy"), "GEORGIAN": ("Geor", "ka"), "LAO": ("Laoo", "lo"),
    "KHMER": ("Khmr", "km"), "MYANMAR": ("Mymr", "my"), "BENGALI": ("Beng", "bn"), "ETHIOPIC": ("Ethi", "am"),
}  # fmt: skip
# Languages that are written so without saying; elsewhere the script stands in the tag: "jv-Arab" is Pegon.
NATURAL = {
    "Arab": {"ar", "fa", "ur", "ps", "ku", "ug"}, "Hebr": {"he", "yi"}, "Grek": {"el", "grc"},
    "Cyrl": {"ru", "uk", "bg", "sr", "kk", "ky", "mn", "mk", "be", "tg"}, "Hani": {"zh", "ja", "ko"}, "Jpan": {"ja"},
    "Kore": {"ko"}, "Thai": {"th"}, "Deva": {"hi", "sa", "mr", "ne"}, "Taml": {"ta"}, "Armn": {"hy"},
    "Geor": {"ka"}, "Laoo": {"lo"}, "Khmr": {"km"}, "Mymr": {"my"}, "Beng": {"bn", "as"}, "Ethi": {"am", "ti"},
}  # fmt: skip
# Written in other letters here long before Latin ones: an Arabic heading of a Malay book is Jawi, not Arabic.
OLD_SCRIPTS = {"ms": {"Arab"}, "id": {"Arab"}, "jv": {"Arab", "Java"}, "su": {"Arab", "Sund"}, "ace": {"Arab"},
               "min": {"Arab"}, "bug": {"Bugi"}, "mak": {"Bugi"}, "ban": {"Bali"}, "mad": {"Arab", "Java"}}  # fmt: skip


@dataclass(frozen=True)
class Script:
    text: str
    lang: str  # for `lang`; "" where it is not known
    dir: str  # rtl or ltr


@dataclass(frozen=True)
class Scripts:
    titles: list[Script]
    names: list[Script]


def scripts_of(edition: Edition) -> Scripts:
    """What 880 gives beside title and names. A title is one that stands among the variant titles, too."""
    display = edition.display
    titles = set(display.get("variant_titles", ()))
    tag = language_tag(edition.language)
    found = [text for text in display.get("original_script", ()) if _script(text)]
    return Scripts(
        titles=[in_script(text, tag) for text in found if text in titles],
        names=[in_script(text, tag) for text in found if text not in titles],
    )


def in_script(text: str, language: str) -> Script:
    """`language`: of the record, as a web tag."""
    return Script(text, _tag(_script(text), language), direction_of(text))


def direction_of(text: str) -> str:
    """That of the first letter which has one (Unicode's rule P2)."""
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        if kind in ("R", "AL"):
            return "rtl"
        if kind == "L":
            return "ltr"
    return "ltr"


def _tag(script: str, language: str) -> str:
    if not script:
        return language
    if language in NATURAL.get(script, ()):
        return language
    if script in OLD_SCRIPTS.get(language, ()):
        return f"{language}-{script}"
    return next(own for code, own in SCRIPTS.values() if code == script)


def _script(text: str) -> str:
    """Of the letters that are not Latin: the script of most of them; kana decide for Japanese."""
    counts = _counted(letter for letter in text if letter.isalpha() and ord(letter) > 0x2AF)
    if "Jpan" in counts:
        return "Jpan"
    return max(counts, key=lambda code: counts[code], default="")


def _counted(letters: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for letter in letters:
        code = SCRIPTS.get(unicodedata.name(letter, "").partition(" ")[0], ("", ""))[0]
        if code:
            counts[code] = counts.get(code, 0) + 1
    return counts
