"""UNIMARC: its fields, its holdings, its character set, and every real record of it in the shared files."""

from __future__ import annotations

import csv
import shutil
import subprocess
import unicodedata
from collections import Counter

import pytest

from catalog.formats.draft import BibDraft
from catalog.formats.iso5426 import decode
from catalog.formats.marc21 import problem, to_draft
from catalog.formats.reader import parse_payload, read_records
from catalog.formats.records import Field, RawRecord
from catalog.formats.write import to_iso2709
from tests.paths import SHARED, needs_shared

from .build import data, good

LEADER = "00000nam0 2200000   450 "
TITLE = data("200", "aTerre des hommes", "eroman", "fSaint-Exupéry", ind="1 ")


def draft(*fields: Field, leader: str = LEADER, title: Field = TITLE) -> BibDraft:
    whole: list[Field] = [("001", "u1"), title, *fields]
    (found,) = good(to_iso2709(whole, leader))
    return to_draft(found)


def binary(*fields: tuple[str, bytes]) -> bytes:
    """A record from bytes as they are, without this project's own encoding."""
    directory, values, at = b"", b"", 0
    for tag, value in fields:
        directory += f"{tag}{len(value) + 1:04d}{at:05d}".encode()
        values += value + b"\x1e"
        at += len(value) + 1
    base = 24 + len(directory) + 1
    return f"{base + at + 1:05d}nam0 22{base:05d}   450 ".encode() + directory + b"\x1e" + values + b"\x1d"


def test_every_part_of_a_record_arrives() -> None:
    found = draft(
        data("010", "a2-07-036021-0", "bbr."), data("100", "a20200101d1972    m  y0frey50      ba"),
        data("101", "afre", ind="0 "), data("205", "aNouv. éd."),
        data("214", "cImprimeur", "d1973", ind=" 3"), data("214", "aParis", "cGallimard", "dDL 1972", ind=" 0"),
        data("215", "a181 p.", "d18 cm"), data("225", "aFolio", "v21"), data("300", "aIndex"), data("330", "aRécit."),
        data("327", "aLa ligne", "aL'avion"), data("500", "aTerre des hommes (uniforme)"), data("517", "aVol"),
        data("606", "aAviation", "yFrance", "xRécits"), data("610", "apilote", "adésert"), data("676", "a843.912"),
        data("700", "aSaint-Exupéry", "bAntoine de", "f1900-1944", "4070", ind=" 1"),
        data("702", "aDupont", "bJean", "4730", ind=" 1"), data("710", "aFrance", "bArmée de l'air", ind="01"),
        data("856", "uwww.example.org/1", "2Texte intégral"),
    )  # fmt: skip
    assert (found.title, found.subtitle, found.responsibility) == (
        "Terre des hommes",
        "roman",
        "Saint-Exupéry",
    )
    assert (found.place, found.publisher, found.year, found.year_text) == (
        "Paris",
        "Gallimard",
        1972,
        "DL 1972",
    )
    assert (found.language, found.edition_statement, found.extent) == ("fre", "Nouv. éd.", "181 p.")
    assert [(c.name, c.role) for c in found.contributors] == [
        ("Saint-Exupéry, Antoine de", "author"), ("Dupont, Jean", "translator"),
        ("France. Armée de l'air", "corporate"),
    ]  # fmt: skip
    assert (found.isbns, found.identifiers[0].qualifier) == (["9782070360215"], "br.")
    assert (found.series, found.classification) == (["Folio ; 21"], ["843.912"])
    assert found.link_texts == {"http://www.example.org/1": "Texte intégral"}
    assert found.subjects == ["Aviation -- France -- Récits", "pilote", "désert"]
    assert (found.summary, found.contents, found.notes) == ("Récit.", "La ligne ; L'avion", ["Index"])
    assert found.variant_titles == ["Terre des hommes (uniforme)", "Vol"]
    assert found.links == ["http://www.example.org/1"]


def test_the_year_of_the_coded_field_helps_out() -> None:
    assert draft(data("100", "a20200101d1998    m  y0frey50      ba")).year == 1998
    assert draft(data("100", "a2020"), data("210", "d[19]98")).year == 1998


def test_marked_articles_are_skipped_in_filing() -> None:
    found = draft(title=data("200", "a\x88Le \x89petit prince", ind="1 "))
    assert (found.title, found.nonfiling) == ("Le petit prince", 3)


def test_a_title_in_two_scripts_keeps_both() -> None:
    found = draft(data("200", "a傲慢與偏見", ind="1 "))
    assert (found.title, found.original_script) == ("Terre des hommes", ["傲慢與偏見"])


def test_material_is_known() -> None:
    assert draft(data("105", "ay   m   000yy")).format == "thesis"
    assert draft(data("328", "aThèse")).format == "thesis"
    assert draft(leader="00000nas0 2200000   450 ").format == "serial"
    assert draft(leader="00000njm0 2200000   450 ").carrier == "audio"
    assert draft(data("106", "as")).carrier == "electronic"
    assert draft(data("106", "af")).carrier == "braille"


def test_an_ean_is_an_isbn_where_there_is_no_other() -> None:
    assert draft(data("073", "a9782070360215", ind=" 0")).isbns == ["9782070360215"]
    assert draft(data("010", "a2070360210"), data("073", "a9782070360215")).isbns == ["9782070360215"]
    assert draft(data("073", "a3282118300215")).identifiers == []


def test_items_of_common_systems_are_holdings() -> None:
    koha = draft(
        data("995", "bMAIN", "eAdultes", "k843 SAI", "fB1", "oDisponible"),
        data("995", "bMAIN", "eAdultes", "k843 SAI", "fB2", "n2026-12-01"),
        data("995", "bEAST", "k843 SAI", "fB3", "operdu"),
    )
    assert [(h.library_code, h.location, h.barcodes, h.status, h.available_count) for h in koha.holdings] == [
        ("MAIN", "Adultes", ["B1", "B2"], "available", 1), ("EAST", "", ["B3"], "unavailable", 0),
    ]  # fmt: skip
    union = draft(data("930", "5X:1", "bX", "aP 12"), data("955", "5X:1", "r1990-2005"))
    assert [(h.library_code, h.call_number, h.textual) for h in union.holdings] == [
        ("X", "P 12", "1990-2005")
    ]
    italy = draft(data("899", "1AL0073", "2TO0"), data("899", "1AN0001"))
    assert [h.library_code for h in italy.holdings] == ["AL0073", "AN0001"]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (b"Saint-Exup\xc2ery", "Saint-Exupéry"),
        (b"Fran\xd0cois \xc9U\xcaa", "François Üå"),
        (b"c\xf9ur \xfauvre", "cøur œuvre"),
        (b"\xa1\xab\xbb \xe8\xf8", "¡«» Łł"),
        (b"\xd6\xc3a", "ậ"),
        (b"mark at the end \xc2", "mark at the end "),
    ],
)
def test_iso_5426_is_decoded(written: bytes, read: str) -> None:
    assert decode(written) == read


def test_a_binary_record_in_iso_5426_is_read_as_such_and_others_are_not() -> None:
    coded = b"  \x1fa20200101d1972    m  y0frey%s    ba"
    content = binary(
        ("001", b"u1"), ("100", coded % b"0103"), ("200", b"1 \x1faTh\xc2e\xc1atre fran\xd0cais\x1ffMoli\xc1ere"),
    )  # fmt: skip
    (found,) = good(content)
    assert to_draft(found).title == "Théàtre français"
    assert to_draft(found).responsibility == "Molière"
    assert parse_payload(found.payload, found.format).fields == found.fields
    latin = binary(
        ("001", b"u1"), ("100", coded % b"50  "), ("200", "1 \x1faThéâtre à l'été".encode("cp1252"))
    )
    assert to_draft(good(latin)[0]).title == "Théâtre à l'été"
    utf8 = binary(("001", b"u1"), ("100", coded % b"50  "), ("200", "1 \x1faThéâtre".encode()))
    assert to_draft(good(utf8)[0]).title == "Théâtre"


@pytest.mark.skipif(not shutil.which("yaz-iconv"), reason="YAZ is not installed")
def test_iso_5426_agrees_with_yaz() -> None:
    # Where they differ: the mark that Latvian g has above, and the ligature, which MARC writes in two halves.
    differ = {0xCC, 0xDD, 0xDE}
    for byte in sorted({*range(0xA1, 0x100)} - differ):
        written = bytes([byte]) + b"a"
        told = subprocess.run(
            ["yaz-iconv", "-f", "iso5426", "-t", "utf8"], input=written, capture_output=True, check=True
        )
        theirs = unicodedata.normalize("NFC", told.stdout.decode().rstrip("\n"))
        if theirs != "a":  # a position that the set leaves empty
            assert decode(written) == theirs, hex(byte)


def test_a_library_tells_the_years_it_has_in_955() -> None:
    found = draft(
        data("930", "5A:1", "a8-Q10F", "bFR1"), data("955", "5A:1", "rno 1 (1990)-no 20 (1998)"),
        data("930", "5B:1", "a8-Q11F", "bFR2"), data("955", "5B:1", "r2000-"),
    ).holdings  # fmt: skip
    assert [(h.textual, h.coverage[0]["from"], h.coverage[0]["to"]) for h in found] == [
        ("no 1 (1990)-no 20 (1998)", 1990, 1998),
        ("2000-", 2000, None),
    ]


def test_letters_alone_are_no_class_and_ed_is_an_editor() -> None:
    found = draft(
        data("680", "ac"), data("675", "a82"), data("702", "aRonai", "bAlexandru", "4ed.", ind=" 1")
    )
    assert found.classification == ["82"]
    assert found.contributors[0].role == "editor"


@needs_shared
def test_every_real_record_is_of_use() -> None:
    folder = SHARED / "data"
    with (folder / "inventory.csv").open(newline="") as rows:
        files = [r["path"] for r in csv.DictReader(rows) if any(
            part in r["path"] for part in ("/bnf/", "unimarc", "pride-and-prejudice-fixed.mrc")
        )]  # fmt: skip
    counts: Counter[str] = Counter()
    for path in files:
        with (folder / path).open("rb") as stream:
            for record in read_records(stream):
                if not isinstance(record, RawRecord):
                    continue
                tags = {field[0] for field in record.fields}
                if "200" not in tags or "245" in tags:
                    continue
                found = to_draft(record)
                counts["records"] += 1
                counts["of use"] += problem(found) is None
                for name in ("author", "year", "language", "holdings", "subjects", "publisher"):
                    counts[name] += bool(getattr(found, name))
    assert dict(counts) == {
        "records": 92, "of use": 92, "author": 86, "year": 78, "language": 83, "holdings": 75, "subjects": 39,
        "publisher": 82,
    }  # fmt: skip
