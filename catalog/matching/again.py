"""Stored drafts made ready to be matched anew. Without Django: services/rematch.py calls it in processes beside."""

from __future__ import annotations

import orjson

from catalog.formats.draft import BibDraft
from catalog.harvesting import copytext
from catalog.matching.cluster import Incoming
from catalog.matching.keys import match_keys
from catalog.matching.normalise import features

Row = tuple[int, str, str]  # number, draft and features in use as JSON
Ready = tuple[
    Incoming, str | None
]  # the record as it comes in, its features as JSON where those in use differ


def prepare(rows: list[Row]) -> list[Ready]:
    made = []
    for number, draft, known in rows:
        told = features(BibDraft.from_json(orjson.loads(draft)))
        same = told == orjson.loads(known)
        made.append((Incoming(number, told, match_keys(told)), None if same else copytext.as_json(told)))
    return made
