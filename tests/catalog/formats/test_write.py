"""What the writers write, our reader and pymarc read again."""

from __future__ import annotations

import io

import pymarc
import pytest

from catalog.formats.write import COLLECTION_END, COLLECTION_START, LEADER, to_iso2709, to_marcxml

from .build import TITLE, data, good

FIELDS = [("001", "1"), ("008", "240101s1980"), TITLE, data("500", "a<é> & \"大地\" 'x'", "b")]


def test_binary_records_are_read_again() -> None:
    raw = good(to_iso2709(FIELDS))[0]
    assert (raw.fields, raw.warnings) == (FIELDS, [])
    theirs = pymarc.Record(to_iso2709(FIELDS))
    assert theirs.title == "Bumi manusia /"
    assert str(theirs.leader)[:5] == f"{len(to_iso2709(FIELDS)):05d}"


def test_xml_records_are_read_again() -> None:
    content = COLLECTION_START + to_marcxml(FIELDS) * 2 + COLLECTION_END
    found = good(content)
    assert [r.fields for r in found] == [FIELDS, FIELDS]
    assert found[0].leader == LEADER
    assert len(pymarc.parse_xml_to_array(io.BytesIO(content))) == 2


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="9999"):
        to_iso2709([data("500", "a" + "x" * 10_000)])
    with pytest.raises(ValueError, match="99999"):
        to_iso2709([data("500", "a" + "x" * 9_000)] * 12)
