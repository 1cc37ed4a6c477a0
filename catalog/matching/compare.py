"""What two records have in common, as numbers between 0 and 1 with names that a page can explain.

`comparisons` is the only place that knows how each is measured; score.py weighs them, fit.py finds the weights.
0 always means "says nothing": what one side does not tell counts neither way.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler

from catalog.matching.likeness import NEARLY, content, likeness, misprint
from catalog.matching.normalise import number
from catalog.matching.words import LITTLE_WORDS

Features = dict[str, Any]
_NUMBER = re.compile(r"\d+")
_TYPED = re.compile(r"\bl(?=\d{3})")  # typewriters had no figure one
_COUNTED = re.compile(
    r"\b(?:kelas|kls|semester|tingkat|tahap|level|grade|class|paket|modul)\s+([ivxl]{1,6})\b"
)
_TITLE = ("title", "rest", "part_name", "part")
SHORT = 4  # words; a title of fewer says less about which book it is
LONG = 9  # words; in so many one that is nearly another is a misprint
LEAF, MANY = 10, 100  # pages; "3 v." counts volumes, a leaflet's pages say little; in a series all have 32
INITIALS = 3  # letters of a house's short name

# What speaks for one edition, and what against it: a fitted weight never has the other sign.
FOR = (
    "title_same", "stem_same", "year_same", "years_same", "name_same", "page_same", "page_shared", "few_shared",
    "edition_same",
    "isbn_shared", "number_shared",
)  # fmt: skip
AGAINST = (
    "title_within", "title_words", "words_replaced", "title_letters", "title_short", "subtitle_differs",
    "title_number_differs", "title_number_partly", "volume_one_sided", "year_shared", "year_near", "year_off",
    "year_far", "name_differs", "publisher_differs", "publisher_words", "place_differs", "pages_off", "edition_differs",
    "edition_one_sided", "edition_words", "edition_unsaid", "series_number_differs", "language_differs",
    "kind_differs", "carrier_differs", "isbn_differs",
)  # fmt: skip
NAMES = FOR + AGAINST
# Beside these some without weight, for cautions.py: `publisher_known`, that both name a publisher; `words_alike`, that
# each title has a word which is nearly one of the other's (half of it in a long title); `words_misprinted`, that
# only letters are missing or in the wrong order; `words_added`, that one title
# has a word which the other lacks; `pages_many`, that so many pages are shared that chance is no reason.


def title_text(record: Features) -> str:
    """Everything the title says, in one line."""
    return " ".join([said for key in _TITLE if (said := record.get(key))])


def stems(a: Features, b: Features, found: dict[str, float]) -> None:
    """Whether the titles are the same: the main ones, and whole."""
    one, two = title_text(a), title_text(b)
    if a.get("title", "") == b.get("title", ""):
        found["stem_same"] = 1.0
        if one.count(" ") < SHORT - 1 or two.count(" ") < SHORT - 1:
            found["title_short"] = 1.0
    if one == two or one.replace(" ", "") == two.replace(" ", ""):
        found["title_same"] = 1.0


def letters(a: Features, b: Features, found: dict[str, float]) -> None:
    """How far titles that are not the same differ, letter by letter."""
    left, right = a.get("title", ""), b.get("title", "")
    if left != right:
        found["title_letters"] = 1 - JaroWinkler.similarity(left, right)
    one, two = title_text(a), title_text(b)
    if one.replace(" ", "") != two.replace(" ", ""):
        found["title_within"] = 1 - fuzz.partial_ratio(one, two) / 100


def words(a: Features, b: Features, found: dict[str, float]) -> None:
    """How far they differ word by word, in their numbers, subtitles and volumes."""
    left, right = a.get("title", ""), b.get("title", "")
    one, two = title_text(a), title_text(b)
    if one.replace(" ", "") != two.replace(" ", ""):
        found["title_words"] = 1 - fuzz.token_set_ratio(one, two) / 100
        _replaced(one, two, found)
        if left != right and (_more(left, two) or _more(right, one)):
            found["words_added"] = 1.0
        numbers, others = _numbers(one), _numbers(two)
        if numbers and others and numbers != others:
            found["title_number_partly" if numbers & others else "title_number_differs"] = 1.0
    subtitle, other = a.get("rest"), b.get("rest")
    if subtitle and other and subtitle != other:
        found["subtitle_differs"] = _unlike(subtitle, other)
    part, counterpart = a.get("part", ""), b.get("part", "")
    if bool(part) != bool(counterpart) and (part or counterpart).isdigit():
        said = (two if part else one).split()
        found["volume_one_sided"] = float(int(part or counterpart) not in map(number, said))


def _numbers(text: str) -> set[str]:
    """Digits anywhere, and Roman ones after a word that counts something: "kelas XI" is 11. "l990s" is the 1990s."""
    found = set(_NUMBER.findall(_TYPED.sub("1", text)))
    for roman in _COUNTED.findall(text):
        if value := number(roman):
            found.add(str(value))
    return found


def _replaced(one: str, two: str, found: dict[str, float]) -> None:
    """The share of words that each title has instead of the other's: "a rose garden", "a rock garden"; 1 from 2 in 5.

    What only one side says is none. Nor is what may be a misprint, or may be "mikro" for "makro": see cautions.py.
    """
    left, right = set(one.split()), set(two.split())
    only, others = content(left - right), content(right - left)
    if not only or not others:
        return
    alone = sum(not likeness(word, others) for word in only)
    if alone:
        alone = min(alone, sum(not likeness(word, only) for word in others))
    if alone:
        shorter = max(min(len(content(left)), len(content(right))), 1)
        found["words_replaced"] = min(2.5 * alone / shorter, 1.0)
    elif all(likeness(word, others) == NEARLY for word in only):
        if all(misprint(word, others) for word in only):
            found["words_misprinted"] = 1.0
        else:
            found["words_alike"] = 1.0 if len(left | right) < LONG else 0.5


def _more(stem: str, text: str) -> bool:
    """Whether a title has a word that stands nowhere in what the other says, subtitle and all."""
    there = text.split()
    added = content(set(stem.split()).difference(there))
    return bool(added) and any(not likeness(word, there) for word in added)


def facts(a: Features, b: Features, found: dict[str, float]) -> None:
    """Of years, pages, editions and codes."""
    for part in (_years, _pages, _editions):
        part(a, b, found)
    if _differ(a, b, "series_no") and not set(a["series_no"]) & set(b["series_no"]):
        found["series_number_differs"] = 1.0
    for key, name in (
        ("language", "language_differs"),
        ("format", "kind_differs"),
        ("carrier", "carrier_differs"),
    ):
        if _differ(a, b, key):
            found[name] = 1.0


def numbers(a: Features, b: Features, found: dict[str, float], spread: float = 1.0) -> None:
    """Of ISBN and other standard numbers. `spread`: what a shared ISBN is worth, less the more titles bear it."""
    left, right = a.get("isbn"), b.get("isbn")
    if left and right:
        if left == right or not set(left).isdisjoint(right):
            found["isbn_shared"] = spread
        else:
            found["isbn_differs"] = 1.0
    left, right = a.get("ids"), b.get("ids")
    if left and right and not set(left).isdisjoint(right):
        found["number_shared"] = 1.0


def comparisons(a: Features, b: Features, spread: float = 1.0) -> dict[str, float]:
    """Everything of two records' features (normalise.py), by name; what is 0 is left out. The same either way round."""
    found: dict[str, float] = {}
    numbers(a, b, found, spread)
    for stage, _ in STAGES:
        stage(a, b, found)
    return {name: value for name, value in found.items() if value}


def _differ(a: Features, b: Features, key: str) -> bool:
    left, right = a.get(key), b.get(key)
    return bool(left) and bool(right) and left != right


def _unlike(left: str, right: str) -> float:
    return 1 - fuzz.token_set_ratio(left, right) / 100


def years_of(record: Features) -> set[int]:
    """Every year that a record gives: of publication, of copyright, in its fixed fields."""
    return set(record.get("years") or filter(None, (record.get("year"),)))


def _years(a: Features, b: Features, found: dict[str, float]) -> None:
    left, right = years_of(a), years_of(b)
    if not left or not right:
        return
    if left == right:
        found["year_same"] = found["years_same"] = 1.0
        return
    if a.get("year") == b.get("year"):
        found["year_same"] = 1.0
    elif left & right:  # a reprint gives the year of what it reprints
        found["year_shared"] = 1.0
    else:
        apart = min(abs(x - y) for x in left for y in right)
        found["year_near" if apart == 1 else "year_off" if apart <= 4 else "year_far"] = 1.0


def names(a: Features, b: Features, found: dict[str, float]) -> None:
    left, right = a.get("names"), b.get("names")
    if not left or not right:
        return
    best = max(same_name(x, y) for x in left for y in right)
    found["name_same"], found["name_differs"] = float(best >= 1), 1 - best


def same_name(a: list[str], b: list[str]) -> float:
    """How surely two names are one person's, 1 where the shorter stands whole in the longer, initials counted."""
    small, big = (a, b) if len(a) <= len(b) else (b, a)
    tokens, initials = set(big), {token for token in big if len(token) == 1}
    full = [token for token in small if len(token) > 1]
    if any(token in tokens for token in full) and all(t in tokens or t[0] in initials for t in full):
        return 1.0
    return min(fuzz.token_set_ratio(" ".join(a), " ".join(b)) / 100, 0.99)


def publishers(a: Features, b: Features, found: dict[str, float]) -> None:
    left, right = a.get("place"), b.get("place")
    if left and right and left != right:
        found["place_differs"] = 1 - fuzz.partial_ratio(left, right) / 100
    left, right = a.get("publisher"), b.get("publisher")
    if not left or not right:
        return
    found["publisher_known"] = 1.0
    if left != right and not _initials(left, right) and not _initials(right, left):
        found["publisher_differs"] = 1 - fuzz.partial_ratio(left, right) / 100
        found["publisher_words"] = _unlike(left, right)


def _initials(short: str, name: str) -> bool:
    """Whether one is what the other is called for short: BPS is the Badan Pusat Statistik."""
    words = [word for word in name.split() if word not in LITTLE_WORDS]
    return len(words) >= INITIALS and short.replace(" ", "") == "".join(word[0] for word in words)


def page_numbers(record: Features) -> list[int]:
    return record.get("numbers") or ([record["pages"]] if record.get("pages") else [])


def _pages(a: Features, b: Features, found: dict[str, float]) -> None:
    left, right = page_numbers(a), page_numbers(b)
    if not left or not right:
        return
    most, other = max(left), max(right)
    found["page_same"] = float(most == other)
    if shared := set(left) & set(right):
        found["page_shared" if max(shared) >= LEAF else "few_shared"] = 1.0
        found["pages_many"] = float(max(shared) >= MANY)
    found["pages_off"] = min(abs(most - other) / max(most, other, 1), 0.5) * 2


def _editions(a: Features, b: Features, found: dict[str, float]) -> None:
    left, right = a.get("edition"), b.get("edition")
    if left and right:
        found["edition_same" if left == right else "edition_differs"] = 1.0
    elif max(left or 0, right or 0) > 1:
        found["edition_one_sided"] = 1.0
    said, other = a.get("edition_words"), b.get("edition_words")
    if said and other:
        found["edition_words"] = _unlike(said, other)
    elif said or other:
        found["edition_unsaid"] = 1.0


Stage = Callable[[Features, Features, dict[str, float]], None]
# After the standard numbers, the cheapest first, each with what of FOR it may find: score.py stops as soon as nothing
# that is left could make up for what is against.
STAGES: tuple[tuple[Stage, tuple[str, ...]], ...] = (
    (stems, ("title_same", "stem_same")),
    (facts, ("year_same", "years_same", "page_same", "page_shared", "few_shared", "edition_same")),
    (names, ("name_same",)),
    (letters, ()),
    (words, ()),
    (publishers, ()),
)
