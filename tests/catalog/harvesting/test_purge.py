"""Records that were taken out: why, and for how long they can come back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from catalog.choices import Gone
from catalog.harvesting import purge
from catalog.models import Edition, HoldingsRecord, Item, Source, SourceRecord
from catalog.tasks import purge_deleted
from tests.catalog.building import load, marc, source, write

pytestmark = pytest.mark.django_db


def lacking(tmp_path: Path, *, days: int) -> Source:
    """A source of eleven records whose last one went `days` ago."""
    own = source(is_snapshot=True)
    records = [marc(str(n), f"Judul nomor {n}") for n in range(11)]
    load(own, write(tmp_path, *records, name="first.mrc"))
    load(own, write(tmp_path, *records[:10], name="second.mrc"))
    deleted = SourceRecord.objects.filter(source=own).exclude(deleted_at=None)
    assert deleted.count() == 1
    deleted.update(deleted_at=timezone.now() - timedelta(days=days))
    return own


def test_a_record_says_why_it_was_taken_out(tmp_path: Path) -> None:
    own = lacking(tmp_path, days=0)
    assert SourceRecord.objects.get(source=own, identifier="10").deleted_why == Gone.MISSING
    Source.objects.filter(pk=own.pk).update(is_snapshot=False)
    own.refresh_from_db()
    load(own, write(tmp_path, marc("0", "Judul nomor 0", status="d"), name="third.mrc"))
    assert SourceRecord.objects.get(source=own, identifier="0").deleted_why == Gone.ANNOUNCED


def test_a_record_that_comes_back_within_a_month_is_the_same_one(tmp_path: Path) -> None:
    own = lacking(tmp_path, days=29)
    before = SourceRecord.objects.get(source=own, identifier="10")
    assert purge.purge_deleted() == 0
    load(own, write(tmp_path, *[marc(str(n), f"Judul nomor {n}") for n in range(11)], name="third.mrc"))
    after = SourceRecord.objects.get(source=own, identifier="10")
    assert (after.pk, after.edition_id, after.deleted_at, after.deleted_why) == (
        before.pk, before.edition_id, None, "",
    )  # fmt: skip


def test_after_a_month_it_leaves_for_good_and_its_edition_keeps_its_number(tmp_path: Path) -> None:
    own = lacking(tmp_path, days=31)
    gone = SourceRecord.objects.get(source=own, identifier="10")
    item = Item.objects.create(
        source=own, item_id="i1", local_id="10", record=gone, status="available", as_of=timezone.now()
    )
    holdings = HoldingsRecord.objects.create(
        source=own, identifier="h1", host="10", record=gone, raw=b"", raw_format="iso2709",
        content_hash=b"", changed_at=timezone.now(),
    )  # fmt: skip
    purge_deleted()
    assert not SourceRecord.objects.filter(pk=gone.pk).exists()
    assert SourceRecord.objects.filter(source=own).count() == 10
    assert Edition.objects.get(pk=gone.edition_id).record_count == 0
    item.refresh_from_db()
    holdings.refresh_from_db()
    assert (item.record_id, holdings.record_id) == (None, None)


def test_the_batches_of_a_purge_reach_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purge, "BATCH", 3)
    own = source()
    load(own, write(tmp_path, *[marc(str(n), f"Judul nomor {n}") for n in range(10)]))
    old = timezone.now() - timedelta(days=40)
    SourceRecord.objects.filter(source=own).exclude(identifier="9").update(deleted_at=old)
    assert purge.purge_deleted() == 9
    assert [r.identifier for r in SourceRecord.objects.filter(source=own)] == ["9"]
