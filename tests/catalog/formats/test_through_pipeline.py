"""Files that are no MARC go the same way into the catalogue, and come out of it again as they were."""

from __future__ import annotations

import json
import zlib
from pathlib import Path

import pytest

from catalog.formats.draft import BibDraft
from catalog.formats.marc21 import to_draft
from catalog.formats.reader import FORMATS, parse_payload
from catalog.models import Edition, Holding, SourceRecord
from tests.catalog.building import load, source
from tests.paths import SHARED, needs_shared

from . import test_dublin_core, test_marc_json, test_mods, test_slims

pytestmark = pytest.mark.django_db
FILES = {
    "marcjson": "\n".join(json.dumps(test_marc_json.record(n)) for n in range(3)).encode(),
    "oai_dc": (test_dublin_core.OAI % "".join(
        test_dublin_core.oai(test_dublin_core.SLIMS, f"oai:slims/{n}") for n in range(3)
    )).encode(),
    "mods": test_mods.collection(*[test_mods.mods(test_mods.WHOLE.replace("m-1", f"m-{n}")) for n in range(3)]),
    "slims_csv": test_slims.export(*[test_slims.row(items=f"<N{n}>") for n in range(3)]),
}  # fmt: skip


@pytest.mark.parametrize("format", FILES)
def test_a_file_is_loaded_and_its_records_are_kept_as_sent(format: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(FILES[format])
    own = source()
    assert load(own, path).created == 3
    assert load(own, path).unchanged == 3
    # The JSON records say nothing but their title, which is too little to join them.
    assert Edition.objects.count() == (3 if format == "marcjson" else 1)
    assert Holding.objects.count() == 3
    for record in SourceRecord.objects.all():
        assert record.raw_format == format
        raw = parse_payload(zlib.decompress(record.raw), record.raw_format)
        again = to_draft(raw)
        assert (again.identifier, again) == (record.identifier, BibDraft.from_json(record.draft))


def test_format_names_fit_their_column() -> None:
    longest = SourceRecord._meta.get_field("raw_format").max_length
    assert all(len(name) <= (longest or 0) for name in FORMATS)


@needs_shared
def test_a_real_export_of_slims_is_loaded_without_the_blank_rows_below_it() -> None:
    folder = SHARED / "data" / "indonesian" / "slims-smaga"
    own = source()
    result = load(own, folder / "senayan_biblio_export.csv")
    assert (result.read, result.created, result.rejected) == (100, 100, 0)
    assert sum(Holding.objects.values_list("item_count", flat=True)) == 9626
