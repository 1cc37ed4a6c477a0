"""MARCXML: with and without namespace, wrapped, damaged, in other encodings."""

from __future__ import annotations

import io

import pytest

from catalog.formats.errors import NotMarc
from catalog.formats.marc21 import to_draft
from catalog.formats.reader import parse_payload, read_records
from catalog.formats.records import RawRecord, Rejected

from .build import bad, good, read, values, xml, xml_record


@pytest.mark.parametrize("prefix", ["", "marc"])
def test_a_collection_is_read_with_and_without_prefix(prefix: str) -> None:
    found = good(xml([xml_record("Satu &amp; dua", prefix), xml_record("Tiga", prefix, 2)], prefix=prefix))
    assert [values(r, "245") for r in found] == [["Satu & dua"], ["Tiga"]]
    assert [(r.position, r.format, r.warnings) for r in found] == [(1, "marcxml", []), (2, "marcxml", [])]
    again = parse_payload(found[0].payload, "marcxml")
    assert again.fields == found[0].fields


def test_a_single_record_without_namespace_or_prolog_is_read() -> None:
    assert values(good(xml_record("Sendiri").encode())[0], "245") == ["Sendiri"]


def test_offsets_point_at_the_record_element() -> None:
    content = xml([xml_record("Satu"), xml_record("Dua", "", 2)])
    for found in good(content):
        assert content[found.offset :].startswith(b"<record>")
        assert content[found.offset : found.offset + len(found.payload)] == found.payload


def test_records_inside_the_records_of_a_search_answer_count_once() -> None:
    wrapped = [f"<record><recordData>{xml_record('Isi', '', n)}</recordData></record>" for n in (1, 2)]
    found = read(
        f"<searchRetrieveResponse><records>{''.join(wrapped)}</records></searchRetrieveResponse>".encode()
    )
    assert [values(r, "001") for r in found if isinstance(r, RawRecord)] == [["x1"], ["x2"]]
    assert len(found) == 2


def test_a_record_in_a_comment_is_not_read() -> None:
    content = xml(["<!-- " + xml_record("Lama") + " -->", xml_record("Baru")])
    assert [values(r, "245") for r in good(content)] == [["Baru"]]


def test_one_malformed_record_does_not_lose_the_others() -> None:
    broken = xml_record("Rusak", number=2).replace("</subfield>", "</sub>")
    found = read(xml([xml_record("Satu"), broken, xml_record("Tiga", number=3)]))
    assert [getattr(r, "reason_code", "ok") for r in found] == ["ok", "xml_malformed", "ok"]


def test_an_unclosed_record_is_rejected_and_the_next_is_read() -> None:
    unclosed = xml_record("Rusak", number=2).replace("</record>", "")
    found = read(xml([xml_record("Satu"), unclosed, xml_record("Tiga", number=3)]))
    assert [getattr(r, "reason_code", "ok") for r in found] == ["ok", "xml_malformed", "ok"]


def test_a_file_cut_inside_a_record_says_so() -> None:
    content = xml([xml_record("Satu"), xml_record("Dua", number=2)])
    assert [r.reason_code for r in bad(content[:-60])] == ["truncated"]


@pytest.mark.parametrize(
    ("damaged", "title"),
    [("Tom & Jerry", "Tom & Jerry"), ("Satu\x0bdua", "Satudua"), ("A &#x1F; B", "A  B"), ("caf&eacute;", "café"),
     ("a &#xFFFFFFF; b", "a  b"), ("R&D; lagi", "R&D; lagi")],
)  # fmt: skip
def test_characters_that_xml_forbids_are_repaired(damaged: str, title: str) -> None:
    raw = good(xml([xml_record(damaged)]))[0]
    assert values(raw, "245") == [title]
    assert raw.warnings == ["xml_repaired"]


def test_latin1_bytes_under_a_utf8_header_are_read_in_the_sources_encoding() -> None:
    content = xml([xml_record("caf@"), xml_record("kopi", number=2)]).replace(b"@", b"\xe9")
    assert [values(r, "245") for r in good(content)] == [["café"], ["kopi"]]


@pytest.mark.parametrize("encoding", ["iso-8859-1", "windows-1252", "utf-16"])
def test_a_declared_encoding_is_followed(encoding: str) -> None:
    head = f'<?xml version="1.0" encoding="{encoding}"?>'
    content = xml([xml_record("Été")], head=head).decode().encode(encoding)
    assert values(good(content)[0], "245") == ["Été"]


def test_a_short_leader_is_filled() -> None:
    content = xml_record("Pendek").replace("00000nam a2200000 i 4500", "00000nam a22").encode()
    raw = good(content)[0]
    assert len(raw.leader) == 24
    assert "leader_length" in raw.warnings
    assert to_draft(raw).title == "Pendek"


def test_xml_without_marc_is_refused_as_a_whole() -> None:
    dublin_core = "<records><record><header/><metadata><title>x</title></metadata></record></records>"
    for content in (dublin_core, "<rss><channel/></rss>", "<collection/>"):
        with pytest.raises(NotMarc) as refusal:
            read(content.encode())
        assert refusal.value.code == "xml_other"


def test_a_deleted_header_among_marc_records_is_rejected_alone() -> None:
    deleted = '<record><header status="deleted"><identifier>oai:x:2</identifier></header></record>'
    found = read(xml([deleted, xml_record("Satu"), deleted]))
    assert [getattr(r, "reason_code", "ok") for r in found] == ["xml_not_marc", "ok", "xml_not_marc"]


BOMB = """<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>"""
EXTERNAL = """<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>"""


@pytest.mark.parametrize("head", [BOMB, EXTERNAL])
def test_a_document_type_is_refused_before_anything_is_read(head: str) -> None:
    with pytest.raises(NotMarc) as refusal:
        read_records(io.BytesIO(xml([xml_record("&c;&x;")], head=head)))
    assert refusal.value.code == "xml_doctype"


def test_a_document_type_hidden_far_behind_the_start_is_refused_too() -> None:
    content = xml([xml_record("Satu", number=n) for n in range(900)]) + BOMB.encode()
    with pytest.raises(NotMarc):
        read(content)


def test_a_document_type_inside_a_record_is_never_parsed() -> None:
    raw = b'<record xmlns="http://www.loc.gov/MARC21/slim"><leader/><!ENTITY x SYSTEM "file:///etc/passwd"></record>'
    with pytest.raises(NotMarc):
        read(raw)


def test_a_record_without_an_end_does_not_fill_the_memory() -> None:
    content = b"<collection>" + xml_record("Satu").encode() + b"<record><leader>" + b"x" * 9_000_000
    found = read(content)
    assert [getattr(r, "reason_code", "ok") for r in found] == ["ok", "too_long"]
    assert isinstance(found[1], Rejected)
    assert len(found[1].snippet) <= 300
