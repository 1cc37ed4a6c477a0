"""Every real MARC file goes through; pymarc is the oracle for what the records say."""

from __future__ import annotations

import csv
import gzip
import io
import logging
import unicodedata
import warnings
from pathlib import Path
from typing import BinaryIO, cast

import pymarc
import pytest

from catalog.formats.errors import REASONS, NotMarc
from catalog.formats.marc21 import dump_lines, problem, to_draft
from catalog.formats.reader import read_records
from catalog.formats.records import Field, RawRecord
from tests.paths import SHARED, needs_shared

pytestmark = needs_shared
DATA = SHARED / "data"

# Where we differ from pymarc on purpose: the warning on the record names the reason.
ON_PURPOSE = {
    "utf8_undeclared": "pymarc reads UTF-8 as MARC-8 because the leader says so",
    "utf8_damaged": "pymarc marks every damaged byte; we try the source's encoding",
    "fallback_encoding": "pymarc reads windows code pages as MARC-8",
    "double_encoded": "pymarc keeps text that was encoded twice",
    "entities_decoded": "pymarc keeps characters that are written as &#x6E05;",
    "control_characters": "pymarc keeps control characters",
    "subfield_codes_repaired": "pymarc cuts the damaged character off",
    "directory_repaired": "pymarc believes false lengths and cuts values",
    "subfields_missing": "pymarc drops the text of a field without subfields",
    "indicators_repaired": "pymarc takes letter tags (BAS, FMT) for fields with subfields",
}
ODD_RECORDS = {
    ("chinese_mangled_multibyte.mrc", 1): "a damaged multi-byte run: pymarc gets out of step for longer",
    ("e106_field_length_past_data.bin", 1): "a length beyond the data: pymarc swallows the next fields",
    ("e106_authority_field_too_short.bin", 1): "a length short by two: pymarc cuts the value",
    ("simple_authority.mrc", 1): "a length short by two: pymarc cuts the value",
    ("simple_holdings.mrc", 1): "a length short by two: pymarc cuts the value",
    ("bad_eacc_encoding.dat", 1): "a cut multi-byte character: one blank instead of two",
    ("bad_eacc_encoding.marc8.marc", 1): "a cut multi-byte character: one blank instead of two",
    ("bad_marc8_escape.dat", 1): "a cut escape sequence: pymarc keeps the escape character in the text",
    ("bad_subfield_code.marc", 1): "marks in front of a subfield code: pymarc loses the code",
}


def inventory(format: str) -> list[str]:
    path = DATA / "inventory.csv"
    if not path.is_file():
        return []
    with path.open(newline="") as rows:
        return [row["path"] for row in csv.DictReader(rows) if row["format"] == format]


def opened(path: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(path)) if path.suffix == ".gz" else path.open("rb")


def records_of(path: str) -> list[RawRecord]:
    with opened(DATA / path) as stream:
        try:
            found = list(read_records(stream))
        except NotMarc as refusal:
            assert refusal.code in REASONS
            return []
    return [record for record in found if isinstance(record, RawRecord)]


@pytest.mark.parametrize("format", ["iso2709", "marcxml", "marc-in-json"])
def test_every_record_has_its_lines_for_the_marc_view(format: str) -> None:
    for path in inventory(format):
        found = records_of(path)
        for record in found[:: max(1, len(found) // 50)]:
            draft = to_draft(record)
            assert draft.identifier
            assert problem(draft) in (None, *REASONS)
            assert len(dump_lines(record)) == len(record.fields) + 1


def by_pymarc(payload: bytes) -> list[Field] | None:
    """The same record by pymarc, in our shape; None where it cannot read it."""
    try:
        record = pymarc.Record(payload + b"\x1d", hide_utf8_warnings=True)
    except Exception:  # noqa: BLE001 - pymarc raises whatever it meets
        return None
    compose = lambda text: unicodedata.normalize("NFC", text)  # noqa: E731
    fields: list[Field] = []
    for field in record.fields:
        if field.control_field:
            fields.append((field.tag, compose(field.data or "")))
        else:
            pairs = tuple((s.code, compose(s.value)) for s in field.subfields)
            fields.append((field.tag, field.indicator1, field.indicator2, pairs))
    return fields


def test_pymarc_reads_the_same_from_every_readable_record(capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("pymarc").setLevel(logging.CRITICAL)
    same = 0
    different: list[tuple[str, int]] = []
    excepted: set[tuple[str, int]] = set()
    for path in inventory("iso2709"):
        for record in records_of(path):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                theirs = by_pymarc(record.payload)
            if theirs is None:
                continue
            place = (Path(path).name, record.position)
            if theirs == record.fields:
                same += 1
            elif place in ODD_RECORDS:
                excepted.add(place)
            elif not ON_PURPOSE.keys() & set(record.warnings):
                different.append((path, record.position))
    assert different == []
    assert excepted == set(ODD_RECORDS), "a record that reads the same again is no exception any more"
    assert same > 6500
    capsys.readouterr()  # pymarc's own lines about bad MARC-8


def test_scripts_and_marc8_arrive_as_unicode() -> None:
    def titles(path: str) -> str:
        return " ".join(
            t for r in records_of("marc/" + path) for t in (to_draft(r).title, *to_draft(r).variant_titles)
        )

    hebrew = titles("evergreen/Open-ILS/tests/datasets/hebrew.marc")
    assert "עניים למשפט על מסכת ברכות" in hebrew
    assert "Столпы общества" in titles("evergreen/Open-ILS/tests/datasets/FSL.marc")
    university = titles("solrmarc/uva_001_2000.mrc")
    assert "The princes of Hà-tiên" in university
    assert "Iskusstvo perevoda i zhiznʹ literatury" in university


def test_a_file_is_known_by_its_content_and_not_by_its_name() -> None:
    with pytest.raises(NotMarc):
        list(read_records(io.BytesIO((DATA / "inventory.csv").read_bytes())))
