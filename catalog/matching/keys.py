"""Blocking keys: two records that share one are looked at together. 64 bits of blake2b over "kind:value"."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

WITH_YEAR, WITH_NAME = 14, 6  # letters of the title, blanks left out
MAX_YEARS = 3


def match_keys(features: dict[str, Any]) -> list[int]:
    """The keys of one record, the compound one first (see `exact_key`); none for a record without a title.

    Title and subtitle count as one text, since libraries part them in different places. The third kind needs no title
    at all: a misprint or another main title has the same year, pages and author. It is for records without an ISBN,
    which finds them otherwise.
    """
    values = [f"i:{isbn}" for isbn in features.get("isbn", ())]
    serial = features.get("format") == "serial"
    # The ISSN stands on every article and volume of a journal; only for the journal itself does it identify.
    values += [f"o:{i}" for i in features.get("ids", ()) if serial or not i.startswith("issn:")]
    title = (features.get("title", "") + features.get("rest", "")).replace(" ", "")
    if title:
        year, names = features.get("year"), features.get("names")
        name = max(names[0], key=lambda token: (len(token), token)) if names else ""
        for each in (features.get("years") or (year,))[:MAX_YEARS] if year else ():
            values.append(f"y:{title[:WITH_YEAR]}:{each}")
        if name:
            values.append(f"a:{title[:WITH_NAME]}:{name}")
        if (
            year
            and name
            and not features.get("isbn")
            and (pages := features.get("pages") or max(features.get("numbers", (0,))))
        ):
            values.append(f"p:{year}:{pages}:{name}")
    keys = dict.fromkeys(map(_hash, values))
    if not title:
        return list(keys)
    return list(dict.fromkeys([exact_key(features), *keys]))


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
