"""Every record that we can read can be written in four formats, validly, and says the same when it is read again."""

from __future__ import annotations

from datetime import datetime, timezone
from io import BytesIO
from typing import Any

import pymarc
import pytest

from catalog.downloads.files import FORMATS, Ready, stream, whole
from catalog.downloads.merged import Member, merged, single
from catalog.formats.draft import BibDraft
from catalog.formats.marc21 import problem, to_draft
from catalog.formats.portable import LOCAL, MOST_FIELD, TooLong, iso2709, leader_of, portable, shortened
from catalog.formats.reader import read_records
from catalog.formats.records import Field, RawRecord
from catalog.formats.write import LEADER
from catalog.matching.merge import display_of, merge
from tests.catalog.downloads.schemas import MARCXML, MODS, OAI_DC, valid
from tests.paths import MARC, SHARED, needs_shared

AT = datetime(2026, 3, 2, 3, 0, tzinfo=timezone.utc)
TITLE: Field = ("245", "1", "0", (("a", "Bumi manusia /"), ("c", "Pramoedya Ananta Toer.")))


def member(record: RawRecord, library: str = "UNPAD") -> Member:
    draft = to_draft(record)
    return Member(library, draft.identifier, record.leader, record.fields, draft.as_json())


def ready(display: dict[str, Any], *members: Member) -> Ready:
    leader, fields = merged(display, members, number=7, at=AT)
    return Ready(
        leader, fields, BibDraft.from_json(display), "7", "Jejaring", "Jejaring: (UNPAD)1", "https://j.id/7"
    )


def read(document: bytes) -> list[BibDraft]:
    return [to_draft(record) for record in read_records(BytesIO(document)) if isinstance(record, RawRecord)]


def real(most: int = 400) -> list[RawRecord]:
    """A few records of each of many systems."""
    found: list[RawRecord] = []
    names = sorted(MARC.rglob("*.mrc")) + sorted((SHARED / "data/indonesian").glob("slims-*/*export.csv"))
    for path in names:
        with path.open("rb") as file:
            try:
                records = [r for _, r in zip(range(4), read_records(file), strict=False)]
            except Exception:  # noqa: BLE001  broken on purpose: other tests look at those
                continue
        found += [
            r
            for r in records
            if isinstance(r, RawRecord) and not problem(to_draft(r)) and r.leader[6] in "acegijkmort"
        ]
    return [record for record in found if any(field[0] == "245" for field in record.fields)][:most]


SAME = ("title", "subtitle", "part_number", "part_name", "publisher", "place", "year", "language", "format", "extent",
        "edition_statement", "uniform_title", "subjects", "summary", "series", "carrier")  # fmt: skip


def said(draft: BibDraft, of: RawRecord) -> dict[str, Any]:
    """Blanks apart, and without the kind where the leader gives none that there is."""
    names = [name for name in SAME if name != "format" or leader_of(of.leader)[6:8] == of.leader[6:8]]
    values = {name: getattr(draft, name) for name in names}
    return {n: " ".join(v.split()) if isinstance(v, str) else v for n, v in values.items()}


@needs_shared
def test_a_record_of_any_system_says_the_same_after_a_journey_through_marc() -> None:
    records = real()
    assert len(records) > 150
    for record in records:
        before = to_draft(record)
        for kind in ("marc", "marcxml"):
            leader, fields = single(member(record))
            made = Ready(leader, fields, before, "", "", "")
            (after,) = read(whole(made, FORMATS[kind]))
            assert said(after, record) == said(before, record), (kind, before.identifier)
            assert [c.name for c in after.contributors] == [c.name for c in before.contributors]
            assert after.isbns == before.isbns


@needs_shared
def test_what_is_written_is_valid_marcxml_mods_and_dublin_core() -> None:
    made = [ready(display_of(m.draft), m) for m in map(member, real())]
    xml = {kind: b"".join(stream(made, FORMATS[kind])) for kind in ("marcxml", "mods", "dc")}
    assert valid(MARCXML, xml["marcxml"]) == 1
    assert valid(MODS, xml["mods"]) == 1
    assert valid(OAI_DC, xml["dc"], "{http://www.openarchives.org/OAI/2.0/oai_dc/}dc") == len(made)
    assert all(len(read(document)) == len(made) for document in xml.values())


@needs_shared
def test_another_reader_finds_lengths_and_characters_right() -> None:
    made = [ready(display_of(m.draft), m) for m in map(member, real())]
    document = b"".join(stream(made, FORMATS["marc"]))
    found = list(pymarc.MARCReader(document, to_unicode=True, permissive=False))
    assert len(found) == len(made)
    for record, original in zip(found, made, strict=True):
        assert record is not None and str(record.leader)[9] == "a"
        assert record["001"].data == "7" and record["003"].data == "Jejaring"
        assert len(record["008"].data) == 40
        assert len(record.fields) == len(original.fields)


@pytest.mark.parametrize("kind", ["mods", "dc"])
def test_a_description_survives_mods_and_dublin_core(kind: str) -> None:
    display = {
        "title": "The rainbow troops", "nonfiling": 4, "subtitle": "a novel", "part_number": "1",
        "contributors": [{"name": "Hirata, Andrea"}, {"name": "Kilbane, Angie", "role": "translator"}],
        "publisher": "Bentang", "place": "Yogyakarta", "year": 2009, "language": "eng", "languages": ["eng"],
        "extent": "291 hlm.", "subjects": ["Belitung -- Fiction"], "format": "book", "carrier": "print",
        "identifiers": [{"scheme": "isbn", "value": "9789793062792"}], "uniform_title": "Laskar pelangi",
        "summary": "Ten children of Belitung and the teacher who would not let their school be closed down.",
    }  # fmt: skip
    record = next(iter(read_records(BytesIO(whole(ready(display_of(display), _of(display)), FORMATS[kind])))))
    assert isinstance(record, RawRecord)
    after = to_draft(record)
    names = ("publisher", "place", "year", "language", "extent", "summary", "format")
    assert {n: getattr(after, n) for n in names} == {n: display[n] for n in names}
    assert after.isbns == ["9789793062792"]
    assert {c.name for c in after.contributors} == {"Hirata, Andrea", "Kilbane, Angie"}
    if kind == "mods":
        assert (after.title, after.subtitle, after.part_number) == ("The rainbow troops", "a novel", "1")
        assert (after.nonfiling, after.uniform_title, after.subjects) == (
            4,
            "Laskar pelangi",
            display["subjects"],
        )
        assert [c.role for c in after.contributors] == ["author", "translator"]


def _of(display: dict[str, Any]) -> Member:
    return Member("UNPAD", "1", LEADER, [TITLE], display)


def record(*fields: Field, leader: str = LEADER) -> RawRecord:
    return RawRecord(1, 0, b"", "iso2709", leader, list(fields))


def test_the_merged_record_takes_each_field_from_whom_the_page_took_it() -> None:
    shouting = record(
        ("001", "a1"), ("020", " ", " ", (("a", "9789799731234"),)), ("245", "1", "0", (("a", "BUMI MANUSIA"),)),
        ("100", "1", " ", (("a", "Toer, Pramoedya Ananta,"), ("d", "1925-2006"), ("9", "417"))),
        ("260", " ", " ", (("a", "Jakarta :"), ("b", "Hasta Mitra,"), ("c", "1980"))),
        ("650", " ", "4", (("a", "Fiksi Indonesia"),)), ("952", " ", " ", (("p", "0001"),)),
    )  # fmt: skip
    poor = record(
        ("001", "b1"), ("003", "ITB"), TITLE, ("300", " ", " ", (("a", "535 hlm. ;"), ("c", "21 cm"))),
        ("650", " ", "4", (("a", "fiksi indonesia."),)), ("650", " ", "4", (("a", "Sejarah"),)),
        ("852", " ", " ", (("h", "899.221 TOE b"),)), ("590", " ", " ", (("a", "sumbangan"),)),
    )  # fmt: skip
    members = [member(shouting, "UNPAD"), member(poor, "ITB")]
    leader, fields = merged(merge([m.draft for m in members]), members, number=7, at=AT)
    by_tag: dict[str, list[Field]] = {}
    for field in fields:
        by_tag.setdefault(field[0], []).append(field)
    assert leader[9] == "a" and [f[0] for f in fields] == sorted(f[0] for f in fields)
    assert by_tag["245"] == [TITLE]
    assert by_tag["100"][0][3] == (("a", "Toer, Pramoedya Ananta,"), ("d", "1925-2006"))  # type: ignore[misc]
    assert by_tag["260"][0][3][1] == ("b", "Hasta Mitra,")  # type: ignore[misc]
    assert "535 hlm. ;" in str(by_tag["300"])
    assert len(by_tag["650"]) == 2
    assert {f[3][0][1] for f in by_tag["035"]} == {"(UNPAD)a1", "(ITB)b1"}  # type: ignore[misc]
    assert "UNPAD" in str(by_tag["040"]) and "Jejaring" in str(by_tag["040"])
    assert "2 records joined field by field" in str(by_tag["884"])
    assert by_tag["001"] == [("001", "7")] and by_tag["008"][0][1][7:11] == "1980"
    assert not any(LOCAL.match(tag) for tag in by_tag if tag > "005")


def test_a_title_that_all_shout_is_handed_on_in_small_letters_and_a_mixed_imprint_is_written_anew() -> None:
    one = record(
        ("001", "a"), ("245", "1", "0", (("a", "BUMI MANUSIA /"),)), ("260", " ", " ", (("c", "1980"),))
    )
    two = record(
        ("001", "b"), ("245", "1", "0", (("a", "BUMI MANUSIA"),)), ("260", " ", " ", (("b", "Hasta Mitra"),))
    )
    members = [member(one), member(two, "ITB")]
    display = merge([m.draft for m in members])
    _, fields = merged(display, members, number=7, at=AT)
    assert next(f for f in fields if f[0] == "245")[3][0] == ("a", "Bumi Manusia /")  # type: ignore[misc]
    assert ("264", " ", "1", (("b", "Hasta Mitra,"), ("c", "1980"))) in fields
    assert not [f for f in fields if f[0] == "260"]


def test_a_record_too_long_is_refused_alone_and_shortened_in_a_list() -> None:
    long: list[Field] = [
        ("001", "1"),
        TITLE,
        *[("505", "0", " ", (("a", f"{n} " + "kata " * 900),)) for n in range(30)],
    ]
    with pytest.raises(TooLong):
        iso2709(long, LEADER)
    (draft,) = read(shortened(long, LEADER))
    assert (
        draft.title == "Bumi manusia"
        and draft.contents.count("kata kata") > 5
        and "Shortened" in str(draft.notes)
    )
    with pytest.raises(TooLong):
        shortened([("001", "1"), ("245", "0", "0", (("a", "x" * 20_000),))], LEADER)


def test_a_long_note_becomes_several_that_say_the_same() -> None:
    text = " ".join(f"kata{n}é" for n in range(3000))
    (draft,) = read(iso2709([("001", "1"), TITLE, ("520", " ", " ", (("a", text),))], LEADER))
    assert text.startswith(draft.summary) and 1000 < len(draft.summary) < MOST_FIELD


def test_no_sign_that_breaks_a_format_is_handed_on() -> None:
    odd: list[Field] = [
        ("001", "1\x1e"), ("245", "é", "Z", (("a", "Judul\x1d \x00baru\ud800"), ("é", "x"), ("b", "\x1f"))),
        ("abc", " ", " ", (("a", "x"),)), ("24", " ", " ", (("a", "x"),)), ("500", "control field with a data tag"),
        ("650", " ", "4", ()),
    ]  # fmt: skip
    assert portable(odd) == [("245", " ", " ", (("a", "Judul   baru "[:-1]),))]
