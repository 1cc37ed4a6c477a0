"""The demo libraries' catalogue files: a strict reader reads them, and they vary as real ones do."""

from __future__ import annotations

import gzip
import io
import json
import re
from collections import Counter
from pathlib import Path

import pymarc
import pytest
from stdnum import isbn

from network_portal.demo.catalogue import BROKEN, MOST_HOLDERS, TRUTH, holders, write_catalogues
from network_portal.demo.editions import load_editions
from network_portal.demo.libraries import LIBRARIES
from network_portal.demo.marc8 import encode
from network_portal.demo.styles import INTERESTS, STYLES

Files = dict[str, Path]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    folder = tmp_path_factory.mktemp("demo")
    return {catalogue.code: catalogue.path for catalogue in write_catalogues(folder)}


def unpacked(path: Path) -> bytes:
    data = path.read_bytes()
    return gzip.decompress(data) if path.suffix == ".gz" else data


def records_of(path: Path) -> tuple[list[pymarc.Record], int]:
    """What pymarc reads when it is strict, and how many chunks it refuses."""
    data = unpacked(path)
    if data.startswith(b"<?xml"):
        return [r for r in pymarc.parse_xml_to_array(io.BytesIO(data), strict=True) if r], 0
    good, refused = [], 0
    for chunk in data.split(b"\x1d")[:-1]:
        try:
            good.append(pymarc.Record(data=chunk + b"\x1d", utf8_handling="strict"))
        except Exception:  # pymarc raises many kinds  # noqa: BLE001
            refused += 1
    return good, refused


@pytest.fixture(scope="module")
def records(files: Files) -> dict[str, list[pymarc.Record]]:
    return {code: records_of(path)[0] for code, path in files.items()}


def test_twelve_libraries_in_three_time_zones_each_have_a_catalogue(files: Files) -> None:
    assert len(LIBRARIES) == 12 == len(files)
    assert {library.code for library in LIBRARIES} == set(files) == set(STYLES) == set(INTERESTS)
    assert len({library.time_zone for library in LIBRARIES}) == 3
    assert len({library.kind for library in LIBRARIES}) >= 5
    assert all(library.site.endswith(".example") for library in LIBRARIES)


@pytest.mark.parametrize("code", sorted(STYLES))
def test_a_strict_reader_reads_everything_but_the_broken_records(code: str, files: Files) -> None:
    good, refused = records_of(files[code])
    expected = sum(json.loads(line)["library"] == code for line in (files[code].parent / TRUTH).open())
    assert len(good) == expected > 50
    assert refused == (len(BROKEN) if STYLES[code].broken else 0)
    assert all(record["245"]["a"] and record["001"].data for record in good)


def test_the_truth_names_every_record_once(files: Files, records: dict[str, list[pymarc.Record]]) -> None:
    lines = [json.loads(line) for line in (files["DEPOSIT"].parent / TRUTH).open()]
    named = Counter((line["library"], line["identifier"]) for line in lines)
    written = Counter((code, r["001"].data) for code, found in records.items() for r in found)
    assert named == written and set(named.values()) == {1}
    assert {line["edition"] for line in lines} == {edition.key for edition in load_editions()}


def test_an_edition_is_held_by_one_to_eight_libraries() -> None:
    spread = Counter(len(holders(edition)) for edition in load_editions())
    assert min(spread) >= 1 and max(spread) == MOST_HOLDERS == 8
    assert sum(times for count, times in spread.items() if count > 1) > 400


def test_two_runs_write_the_same_bytes(files: Files, tmp_path: Path) -> None:
    again = write_catalogues(tmp_path)
    assert all(catalogue.path.read_bytes() == files[catalogue.code].read_bytes() for catalogue in again)


def test_files_come_in_each_format_that_libraries_send(files: Files) -> None:
    kinds = {"".join(path.suffixes) for path in files.values()}
    assert kinds == {".mrc", ".mrc.gz", ".xml", ".xml.gz"}
    codings = {unpacked(p)[9:10] for p in files.values() if ".mrc" in p.name}
    assert codings == {b"a", b" "}


def subfields(records: dict[str, list[pymarc.Record]], tag: str, code: str) -> list[str]:
    return [
        v
        for found in records.values()
        for r in found
        for f in r.get_fields(tag)
        for v in f.get_subfields(code)
    ]


@pytest.mark.parametrize(
    ("tag", "code", "patterns"),
    [
        ("020", "a", [r"97[89]\d{10}$", r"97[89]-[\d-]+$", r"\d{9}[\dX]$", r"\d+-[\d-]+[\dX]$"]),
        ("260", "b", ["PT Gramedia Pustaka Utama", "Gramedia$", "Gramedia Pustaka Utama,?$", "KPG,?$"]),
        ("260", "a", [r"Jkt\.", "Jakarta :$", "Jakarta$"]),
        ("260", "c", [r"\[\d{4}\]$", r"\d{4}\.$", r"\d{4}$"]),
        ("264", "c", [r"c\d{4}$"]),
        ("250", "a", [r"Cet\. \d", r"Edisi \d", r"Ed\. \d", "Edisi kesembilan", "Ed. rev"]),
        ("245", "n", [r"Jilid \d", r"\d", r"Jil\. II"]),
        ("245", "a", [", jilid 2", ", buku kedua", r"Kimia Dasar 2", "SALAH ASUHAN", r" :$", r"\w$"]),
        ("100", "a", ["Tohari, Ahmad", "Ahmad Tohari", r"Prof\. Dr\. ", "Roesli, Marah", "Rusli, Marah"]),
        ("866", "a", [r"^\d{4}-\d{4}"]),
    ],
)  # fmt: skip
def test_catalogues_differ_as_real_ones_do(
    tag: str, code: str, patterns: list[str], records: dict[str, list[pymarc.Record]]
) -> None:
    values = subfields(records, tag, code)
    assert [p for p in patterns if not any(re.search(p, value) for value in values)] == []


def test_some_records_lack_a_year_and_some_isbns_are_wrong(records: dict[str, list[pymarc.Record]]) -> None:
    assert any(not record["260"].get_subfields("c") for record in records["APONO"])
    assert any(not isbn.is_valid(number) for number in subfields(records, "020", "a"))


def test_subtitles_go_missing_but_not_where_they_tell_editions_apart(
    records: dict[str, list[pymarc.Record]],
) -> None:
    def has_subtitle(title: str) -> set[bool]:
        titles = [r["245"] for found in records.values() for r in found]
        return {"b" in t for t in titles if t["a"].casefold().startswith(title)}

    assert has_subtitle("kepulauan rempah-rempah") == {True, False}
    assert has_subtitle("siti nurbaya") == {True}


def test_copies_are_told_in_three_ways_with_states(records: dict[str, list[pymarc.Record]]) -> None:
    tags = {
        code: {f.tag for r in found for f in r.get_fields("852", "876", "952")}
        for code, found in records.items()
    }
    assert (
        tags["CANDISEWU"] >= {"952"} and tags["WANATARA"] == {"852", "876"} and tags["SARASWATI"] == {"852"}
    )
    states = set(subfields(records, "876", "j"))
    assert {"Tersedia", "Dipinjam", "Baca di tempat"} <= states
    assert subfields(records, "952", "q") and set(subfields(records, "952", "7")) == {"0", "1"}


def test_latin_text_survives_marc8(records: dict[str, list[pymarc.Record]]) -> None:
    assert encode("é") == b"\xe2e"
    with pytest.raises(ValueError, match="ANSEL"):
        encode("ノ")
    titles = {record["245"]["a"] for record in records["WANATARA"]}
    assert any("Malay Archipelago" in title or "Kimia" in title for title in titles)
