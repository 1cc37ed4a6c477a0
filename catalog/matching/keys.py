"""Blocking keys: two records that share one are looked at together. 64 bits of blake2b over "kind:value"."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

PREFIX = 24  # characters of the title, blanks left out


def match_keys(features: dict[str, Any]) -> list[int]:
    """The keys of one record, the compound one first (see `exact_key`); none for a record without a title."""
    values = [f"i:{isbn}" for isbn in features.get("isbn", ())]
    serial = features.get("format") == "serial"
    # The ISSN stands on every article and volume of a journal; only for the journal itself does it identify.
    values += [f"o:{i}" for i in features.get("ids", ()) if serial or not i.startswith("issn:")]
    title = features.get("title", "").replace(" ", "")
    if title:
        prefix, part = title[:PREFIX], features.get("part", "")
        if year := features.get("year"):
            values.append(f"y:{prefix}:{part}:{year}")
        if names := features.get("names"):
            values.append(f"a:{prefix}:{part}:{max(names[0], key=lambda token: (len(token), token))}")
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
