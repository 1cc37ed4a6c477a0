"""Point 15 of what a robust harvester does: character sets are repaired, the repair is named, the original is kept."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest

from catalog.formats.marc21 import to_draft
from catalog.models import Edition, SourceRecord
from catalog.selectors import payloads_of
from tests.catalog.building import load, source

from .build import good, values

CAFE = "Café di Jalan Merdeka"


def binary(title: bytes, *, utf8: bool, tag: bytes = b"245") -> bytes:
    """A record with one title, its bytes as they are, under a leader that says UTF-8 or MARC-8."""
    fields = [(b"001", b"r1"), (tag, b"10\x1fa" + title)]
    directory, data = b"", b""
    for name, value in fields:
        directory += name + b"%04d%05d" % (len(value) + 1, len(data))
        data += value + b"\x1e"
    base = 24 + len(directory) + 1
    leader = b"%05dnam %s22%05d i 4500" % (base + len(data) + 1, b"a" if utf8 else b" ", base)
    return leader + directory + b"\x1e" + data + b"\x1d"


def read(title: bytes, *, utf8: bool, fallback: str = "cp1252") -> tuple[str, list[str]]:
    (record,) = good(binary(title, utf8=utf8), fallback)
    return to_draft(record).title, record.warnings


def test_point_15_utf8_under_a_leader_that_says_marc8() -> None:
    assert read(CAFE.encode(), utf8=False) == (CAFE, ["utf8_undeclared"])


def test_point_15_marc8_under_a_leader_that_says_utf8() -> None:
    title, warnings = read(b"Caf\xe2e di Jalan Merdeka", utf8=True)
    assert title == CAFE
    assert warnings == ["utf8_damaged"]


def test_point_15_marc8_as_its_leader_says() -> None:
    assert read(b"Caf\xe2e di Jalan Merdeka", utf8=False) == (CAFE, [])
    assert read(b"Sinar \x1bgab\x1bs dan gamma", utf8=False)[0] == "Sinar αβ dan gamma"


def test_point_15_latin1_is_read_in_the_sources_encoding_and_said() -> None:
    assert read(CAFE.encode("latin-1"), utf8=False) == (CAFE, ["fallback_encoding"])
    assert read("Война и мир".encode("cp1251"), utf8=False, fallback="cp1251")[0] == "Война и мир"


@pytest.mark.parametrize("wrong", ["cp1252", "latin-1"])
def test_point_15_double_encoded_utf8_is_undone(wrong: str) -> None:
    assert read(CAFE.encode().decode(wrong).encode(), utf8=True) == (CAFE, ["double_encoded"])


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (b"Ekonomi &amp; bisnis", "Ekonomi & bisnis"),
        (b"Caf&eacute; di Jalan Merdeka", CAFE),
        (b"Caf&#233; di Jalan Merdeka", CAFE),
        (b"Cafe&#x301; di Jalan Merdeka", CAFE),
        (b"Ekonomi &amp;amp; bisnis", "Ekonomi & bisnis"),
        (b"&quot;Laskar&quot; pelangi", '"Laskar" pelangi'),
        (b"&#x4E2D;&#x56FD;", "中国"),
    ],
)
def test_point_15_characters_written_as_html_become_letters(written: bytes, meant: str) -> None:
    assert read(written, utf8=True) == (meant, ["entities_decoded"])
    assert read(written, utf8=False) == (meant, ["entities_decoded"])


@pytest.mark.parametrize(
    "plain", ["AT&T; sejarah", "Tanya & jawab", "R&D: sebuah pengantar", "a&#30;b", "&bukan; itu"]
)
def test_point_15_an_ampersand_that_is_one_stays(plain: str) -> None:
    assert read(plain.encode(), utf8=True) == (plain, [])


def xml(title: str) -> bytes:
    return (
        '<record xmlns="http://www.loc.gov/MARC21/slim"><leader>00000nam a2200000 i 4500</leader>'
        f'<datafield tag="245" ind1="1" ind2="0"><subfield code="a">{title}</subfield></datafield></record>'
    ).encode()


@pytest.mark.parametrize("title", ["Ekonomi &amp;amp; bisnis", "<![CDATA[Ekonomi &amp; bisnis]]>"])
def test_point_15_xml_that_was_escaped_twice(title: str) -> None:
    (record,) = good(xml(title))
    assert (to_draft(record).title, record.warnings) == ("Ekonomi & bisnis", ["entities_decoded"])


def test_point_15_xml_that_was_escaped_once_is_in_order() -> None:
    (record,) = good(xml("Ekonomi &amp; bisnis, caf&#233;"))
    assert (to_draft(record).title, record.warnings) == ("Ekonomi & bisnis, café", [])


def test_point_15_json_dublin_core_and_csv_as_well() -> None:
    marc = {
        "leader": "0" * 24,
        "fields": [{"245": {"ind1": "1", "ind2": "0", "subfields": [{"a": "A &amp; B"}]}}],
    }
    dublin = '<dc xmlns="http://purl.org/dc/elements/1.1/"><title>A &amp;amp; B</title></dc>'
    table = "A &amp; B,Text,,,,2001,,,,,,,,,,<Budi>,<Umum>,<B1>\n" * 3
    for content in (json.dumps(marc), dublin, table):
        record = good(content.encode())[0]
        assert to_draft(record).title == "A & B"
        assert "entities_decoded" in record.warnings


def test_point_15_marks_are_composed_in_every_format() -> None:
    apart = unicodedata.normalize("NFD", CAFE)
    marc = {"leader": "0" * 24, "fields": [{"245": {"ind1": "1", "ind2": "0", "subfields": [{"a": apart}]}}]}
    dublin = f'<dc xmlns="http://purl.org/dc/elements/1.1/"><title>{apart}</title></dc>'
    mods = f'<mods xmlns="http://www.loc.gov/mods/v3"><titleInfo><title>{apart}</title></titleInfo></mods>'
    for content in (
        xml(apart),
        json.dumps(marc).encode(),
        dublin.encode(),
        mods.encode(),
        binary(apart.encode(), utf8=True),
    ):
        assert to_draft(good(content)[0]).title == CAFE


def test_point_15_a_mark_at_the_start_of_a_value_leaves_the_subfield_code_alone() -> None:
    (record,) = good(binary("\u0301Etude".encode(), utf8=True))
    assert values(record, "245") == ["\u0301Etude"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "payload",
    [
        binary(unicodedata.normalize("NFD", CAFE).encode(), utf8=True),
        binary(CAFE.encode("latin-1"), utf8=False),
        binary(CAFE.encode().decode("latin-1").encode(), utf8=True),
        binary(b"Caf&eacute; di Jalan Merdeka", utf8=False),
    ],
)
def test_point_15_composed_text_is_stored_and_the_original_bytes_are_kept(
    payload: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "records.mrc"
    path.write_bytes(payload)
    load(source(), path)
    stored = SourceRecord.objects.get()
    assert stored.draft["title"] == CAFE
    assert Edition.objects.get().title == CAFE
    assert payloads_of(stored) == [payload.removesuffix(b"\x1d")]
