"""The Finnish union catalogue's triples (base, source, merged) as cases: what a merged record may lose and may add.

Its rules that ours follows, and those it does not, stand in docs/matching.md.
"""

from __future__ import annotations

import json
import tarfile
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timezone
from functools import lru_cache
from typing import Any

from catalog.downloads.merged import Member, merged
from catalog.formats.marc21 import to_draft
from catalog.formats.portable import iso2709, portable
from catalog.formats.records import Field, RawRecord
from catalog.matching.merge import merge
from catalog.matching.normalise import fold
from tests.paths import SHARED, needs_shared

TRIPLES = SHARED / "data" / "labelled" / "melinda-merge.tar.gz"
AT = datetime(2026, 3, 2, tzinfo=timezone.utc)
Told = dict[str, Any]
# Made anew: numbers, fixed fields, and where the record comes from.
OWN = ("001", "003", "005", "006", "007", "008", "035", "040", "884")


@lru_cache(maxsize=1)
def triples() -> dict[str, tuple[Told, Told, Told]]:
    """By their folders."""
    found: dict[str, dict[str, Told]] = {}
    with tarfile.open(TRIPLES) as archive:
        for entry in archive:
            folder, _, name = entry.name.rpartition("/")
            if name in ("base.json", "source.json", "merged.json") and (file := archive.extractfile(entry)):
                found.setdefault(folder.partition("reducers/")[2], {})[name] = json.load(file)
    names = ("base.json", "source.json", "merged.json")
    whole = {folder: tuple(told[n] for n in names) for folder, told in found.items() if len(told) == 3}
    return {k: v for k, v in whole.items() if all("leader" in told for told in v)}  # type: ignore[misc]


def fields_of(told: Told) -> list[Field]:
    found: list[Field] = []
    for field in told["fields"]:
        if "value" in field:
            found.append((field["tag"], field["value"]))
        else:
            pairs = tuple((s["code"], s.get("value") or "") for s in field.get("subfields", ()))
            found.append((field["tag"], field.get("ind1", " "), field.get("ind2", " "), pairs))
    return portable(found)


def member(told: Told, library: str) -> Member:
    fields = fields_of(told)
    leader = told["leader"].ljust(24)
    draft = to_draft(RawRecord(0, 0, b"", "iso2709", leader, fields)).as_json()
    return Member(library, library, leader, fields, draft)


def ours(base: Told, source: Told) -> tuple[str, list[Field]]:
    members = [member(base, "BASE"), member(source, "SOURCE")]
    display = merge([{"title": "", **m.draft} for m in members])
    return merged(display, members, number=1, at=AT)


def meaning(field: Field) -> tuple[str, str]:
    text = field[1] if len(field) == 2 else " ".join(value for code, value in field[3] if code not in "0689")
    return field[0], fold(text)


def about_fields() -> Iterator[tuple[Told, Told, Told]]:
    """Those whose rules are not about that catalogue's own prepublication notes, workflow or fixed fields."""
    for folder, triple in triples().items():
        if folder.startswith(("index/", "mergeDataFields/", "addDataFields/")):
            yield triple


@needs_shared
def test_each_triple_gives_a_record_that_can_be_written_and_says_nothing_new() -> None:
    assert len(triples()) > 300
    for folder, (base, source, _) in triples().items():
        leader, fields = ours(base, source)
        assert iso2709(fields, leader), folder
        said = " ".join(meaning(f)[1] for told in (base, source) for f in fields_of(told)).split()
        new = [
            f for f in fields if f[0] not in OWN and f[0] != "264" and set(meaning(f)[1].split()) - set(said)
        ]
        assert not new, folder


@needs_shared
def test_no_field_stands_twice_and_none_that_may_stand_but_once() -> None:
    for folder, (base, source, _) in triples().items():
        _, fields = ours(base, source)
        joined = [meaning(f) for f in fields if f[0] in ("020", "022") or f[0][0] == "6"]
        alone = [f[0] for f in fields if f[0] in ("010", "040", "100", "110", "111", "130", "240", "245")]
        assert max(Counter(joined).values(), default=0) <= 1, folder
        kept_twice = [tag for tag, n in Counter(alone).items() if n > 1]
        sent_twice = {
            tag
            for tag in kept_twice
            for told in (base, source)
            if sum(f["tag"] == tag for f in told["fields"]) > 1
        }
        assert set(kept_twice) == sent_twice, folder


@needs_shared
def test_most_fields_that_the_finns_keep_are_kept() -> None:
    kept = wanted = 0
    for base, source, expected in about_fields():
        have = {meaning(f) for f in ours(base, source)[1]}
        for field in fields_of(expected):
            if field[0] not in OWN and field[0][0] != "9":
                wanted += 1
                kept += meaning(field) in have
    assert wanted > 600
    assert kept / wanted > 0.75


def test_another_script_goes_along_with_its_field_under_a_number_of_its_own() -> None:
    def told(identifier: str, *rest: Field) -> Member:
        fields: list[Field] = [("001", identifier), *rest]
        draft = to_draft(RawRecord(0, 0, b"", "iso2709", "00000nam a2200000 i 4500", fields)).as_json()
        return Member(identifier, identifier, "00000nam a2200000 i 4500", fields, draft)

    title: Field = ("245", "1", "0", (("6", "880-01"), ("a", "al-Arabiyah bayna yadayk")))
    script: Field = ("880", "1", "0", (("6", "245-01/(3/r"), ("a", "العربية بين يديك")))
    subject: Field = ("650", " ", "0", (("6", "880-01"), ("a", "Bahasa Arab")))
    other: Field = ("880", " ", "0", (("6", "650-01/(3/r"), ("a", "اللغة العربية")))
    lost: Field = ("880", " ", " ", (("6", "500-07"), ("a", "x")))
    one = told("a", title, script, ("300", " ", " ", (("a", "200 hlm."),)), lost)
    two = told("b", ("245", "1", "0", (("a", "al-Arabiyah bayna yadayk"),)), subject, other)
    _, fields = merged(merge([one.draft, two.draft]), [one, two], number=1, at=AT)
    links = {f[0]: f[3][0] for f in fields if len(f) == 4 and f[3][0][0] == "6" and f[0] != "880"}
    assert links == {"245": ("6", "880-01"), "650": ("6", "880-02")}
    assert [f[3][0][1] for f in fields if f[0] == "880"] == ["245-01/(3/r", "650-02/(3/r"]  # type: ignore[misc]
