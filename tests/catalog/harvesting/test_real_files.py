"""Real records of public library software through the ordinary path."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog.choices import RunStatus
from catalog.models import Edition, Holding, SourceRecord
from tests.catalog.building import last_run, load, source
from tests.paths import MARC, needs_shared

pytestmark = [pytest.mark.django_db, needs_shared]


def test_a_binary_file_and_its_marcxml_form_become_the_same_editions() -> None:
    one, two = source(), source()
    binary = load(one, MARC / "solrmarc" / "specTestRecs.mrc")
    xml = load(two, MARC / "solrmarc" / "specTestRecs.xml")
    assert (binary.read, binary.rejected) == (xml.read, xml.rejected) == (76, 0)
    assert binary.created == xml.created == 75, "one identifier stands in the file twice"
    drafts = {
        s: dict(SourceRecord.objects.filter(source=s).values_list("identifier", "edition_id"))
        for s in (one, two)
    }
    assert drafts[one] == drafts[two]


def test_marc8_records_arrive_with_their_letters() -> None:
    own = source()
    load(own, MARC / "solrmarc" / "uva_001-200.mrc")
    text = " ".join(str(d) for d in SourceRecord.objects.values_list("draft", flat=True))
    assert SourceRecord.objects.exists()
    assert "\ufffd" not in text
    assert any(ord(letter) > 127 for letter in text)


def test_two_thousand_records_land_and_land_unchanged_again() -> None:
    own, path = source(), MARC / "solrmarc" / "uva_001_2000.mrc"
    first = load(own, path)
    assert (first.read, first.created, first.rejected) == (2000, 2000, 0)
    assert load(own, path).unchanged == 2000
    assert Holding.objects.count() >= 2000
    assert not Edition.objects.filter(title="").exists()


def _files(folder: str, *endings: str) -> list[Path]:
    return sorted(p for p in (MARC / folder).rglob("*") if p.suffix in endings) if MARC.is_dir() else []


@pytest.mark.parametrize(
    "path", _files("psu", ".mrc")[:6] + _files("stanford", ".mrc")[:6], ids=lambda p: p.name
)
def test_non_latin_scripts_and_mixed_holdings_go_through(path: Path) -> None:
    own = source()
    result = load(own, path)
    assert (
        result.read == result.created + result.updated + result.unchanged + result.deleted + result.rejected
    )
    assert last_run(own).status in (RunStatus.DONE, RunStatus.PARTIAL)


@pytest.mark.parametrize("path", _files("mrrc-fixtures", ".mrc", ".bin"), ids=lambda p: p.name)
def test_single_defects_never_stop_a_run(path: Path) -> None:
    from catalog.harvesting.errors import RunFailed

    own = source()
    try:
        result = load(own, path)
    except RunFailed:
        assert last_run(own).message
        assert not SourceRecord.objects.exists()
    else:
        assert (
            result.read
            == result.created + result.updated + result.unchanged + result.deleted + result.rejected
        )
