"""Whatever is sent, the portal answers in JSON and never stumbles."""

from __future__ import annotations

import itertools
import json
import random
from typing import Any

from django.test import Client

from catalog.services.keys import key_make
from tests.catalog.building import SYSTEM, source

NASTY: list[Any] = [
    None, True, 0, -1, 1e308, 10**30, "", " ", "\u0000", "\ud800", "\u202e", "x" * 5000, "<a>", "<record/>", "&b;",
    [], [[]], {}, {"title": "\ud800\u0000"}, {"title": ["a", {"b": 1}]}, {"title": "a\tb\nc\\N", "year": "\u0000"},
    {"fields": 3, "leader": 1}, {"leader": "", "fields": [{"245": {"subfields": [{"a": "\ud800"}, 3]}}, None]},
    "%s%n", "{'", "0001", b"\x1e".decode(),
]  # fmt: skip
FORMATS = ["marcxml", "marcjson", "iso2709", "oai_dc", "mods", "json", "slims", "", None, 3]


def post(client: Client, path: str, told: Any) -> Any:
    return client.post(path, json.dumps(told), "application/json")


def test_nonsense_in_records_is_answered_not_stumbled_over(db: None) -> None:
    of = source(kind="push")
    _key, secret = key_make(source=of, name="PC", actor=SYSTEM)
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    entries = [
        {"identifier": f"{n}", "format": kind, "data": data}
        for n, (kind, data) in enumerate(itertools.product(FORMATS, NASTY))
    ]
    entries += [{"identifier": name, "format": "json", "data": {"title": "x"}} for name in NASTY]
    answer = post(client, f"/api/v1/sources/{of.pk}/records", {"records": entries, "deleted": NASTY})
    assert answer.status_code == 200
    assert sum(answer.json()["counts"].values()) <= len(entries) + len(NASTY)
    for entry in NASTY:
        assert post(client, f"/api/v1/sources/{of.pk}/records", {"records": entry}).status_code in (200, 400)
        assert post(
            client, f"/api/v1/sources/{of.pk}/records", {"session": entry, "seq": entry}
        ).status_code in (200, 400)


def test_nonsense_in_copies_is_answered_not_stumbled_over(db: None) -> None:
    of = source(kind="push")
    _key, secret = key_make(source=of, name="PC", actor=SYSTEM)
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    rng = random.Random(7)
    names = ("item_id", "local_id", "location", "call_number", "status", "due_at", "as_of")
    for _round in range(30):
        items = [{name: rng.choice([*NASTY, "A1"]) for name in names} for _n in range(20)]
        told = {"items": [*items, rng.choice(NASTY)], "deleted": NASTY, "as_of": rng.choice(NASTY)}
        assert post(client, f"/api/v1/sources/{of.pk}/items", told).status_code == 200
