"""Blocking keys: two records that share one are looked at together. 64 bits of blake2b over "kind:value"."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

WITH_YEAR, WITH_NAME = 14, 8  # letters of the title, blanks left out
ALONE = 18  # letters that are enough without a year, which many records lack and reprints change
MAX_YEARS = 3
HOUSE = 10  # letters of the longest word of a publisher's name


def match_keys(features: dict[str, Any]) -> list[int]:
    """The keys of one record, the compound one first (see `exact_key`); none for a record without a title.

    Title and subtitle count as one text, since libraries part them in different places. Two kinds need no title at
    all: a misprint or another main title has the same year and pages, and the same author or house. They are for
    records without an ISBN, which finds them otherwise.
    """
    values = [f"i:{isbn}" for isbn in features.get("isbn", ())]
    serial = features.get("format") == "serial"
    # The ISSN stands on every article and volume of a journal; only for the journal itself does it identify.
    values += [f"o:{i}" for i in features.get("ids", ()) if serial or not i.startswith("issn:")]
    title = (features.get("title", "") + features.get("rest", "")).replace(" ", "")
    if title:
        year, names = features.get("year"), features.get("names")
        name = max(names[0], key=lambda token: (len(token), token)) if names else ""
        if len(title) >= ALONE:
            values.append(f"t:{title[:ALONE]}")
        elif year:
            values += [
                f"y:{title[:WITH_YEAR]}:{each}" for each in (features.get("years") or (year,))[:MAX_YEARS]
            ]
        if name:
            values.append(f"a:{title[:WITH_NAME]}:{name}")
        if year and not features.get("isbn"):
            values += _to_the_page(features, year, name)
    keys = dict.fromkeys(map(_hash, values))
    if not title:
        return list(keys)
    return list(dict.fromkeys([exact_key(features), *keys]))


def _to_the_page(features: dict[str, Any], year: int, name: str) -> list[str]:
    found = []
    if name and (pages := features.get("pages") or max(features.get("numbers", (0,)))):
        found.append(f"p:{year}:{pages}:{name}")
    most = max(features.get("numbers") or (features.get("pages", 0),))
    if most and (house := features.get("publisher")):
        found.append(f"h:{year}:{most}:{max(house.split(), key=lambda word: (len(word), word))[:HOUSE]}")
    return found


def exact_key(features: dict[str, Any]) -> int:
    """Everything at once. Where a block is too large to be looked at, this one still finds the equal records."""
    names = features.get("names") or [[]]
    parts = (
        features.get(k, "") for k in ("title", "rest", "part", "part_name", "publisher", "year", "edition")
    )
    return _hash("x:" + "|".join([*map(str, parts), " ".join(names[0])]))


def _hash(value: str) -> int:
    return int.from_bytes(
        blake2b(value.encode("utf-8", "replace"), digest_size=8).digest(), "big", signed=True
    )
