"""Real records of public library software through the ordinary path."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from catalog.choices import RunStatus
from catalog.models import Edition, Holding, SourceRecord
from tests.catalog.building import last_run, load, source
from tests.catalog.formats import count_real
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


def test_a_file_of_authorities_is_named_as_such_and_is_no_bad_file() -> None:
    own = source(max_bad_percent=1)
    result = load(own, MARC / "evergreen" / "Open-ILS" / "tests" / "datasets" / "auth-1066.mrc")
    assert result.read == result.rejected == 1066
    assert last_run(own).status == RunStatus.PARTIAL
    assert set(last_run(own).rejects.values_list("reason_code", flat=True)) == {"authority"}
    assert not Edition.objects.exists()


def _across_all_folders() -> list[count_real.Counts]:
    """Small files of every folder, the more the more it has."""
    small = [line for line in count_real.expected().values() if 0 < line.read <= 120 and line.accepted]
    return small[::45] + [line for line in small if line.file.startswith("indonesian/")][:3]


@pytest.mark.parametrize("line", _across_all_folders(), ids=lambda line: line.file.rpartition("/")[2])
def test_the_database_receives_what_the_table_says(line: count_real.Counts) -> None:
    own = source()
    result = load(own, count_real.DATA / line.file)
    assert result.read == line.read
    assert result.rejected <= line.rejected + line.other
    stored = SourceRecord.objects.filter(source=own)
    assert 0 < stored.count() <= line.accepted, "fewer where the file has a record twice"
    assert not stored.filter(edition=None).exists()
    assert Holding.objects.filter(record__source=own).values("record").distinct().count() == stored.count()
    assert load(own, count_real.DATA / line.file).created == 0


def test_mods_records_land_with_their_titles(tmp_path: Path) -> None:
    own = source()
    for number, stream in enumerate(islice(count_real.streams(_mods()), 0, 200, 10)):
        path = tmp_path / f"{number}.xml"
        path.write_bytes(stream.read())
        load(own, path)
    assert SourceRecord.objects.filter(raw_format="mods").count() == 20
    assert not Edition.objects.filter(title="").exists()


def _mods() -> str:
    return next(path for path in count_real.expected() if path.startswith("mods/"))
