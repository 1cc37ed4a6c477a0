"""Copies as an agent tells of them: kept, joined to their records, and made into holdings."""

from __future__ import annotations

from datetime import datetime, timedelta
from datetime import timezone as zones
from pathlib import Path

import pytest
from django.utils import timezone

from catalog.models import DirtyEdition, Holding, Item, Source, SourceRecord
from catalog.services.items import ItemsResult, ItemTold, items_complete, items_store
from tests.catalog.building import load, marc, source, write

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, tzinfo=zones.utc)


def told(item_id: str, local_id: str = "1", status: str = "available", **values: object) -> ItemTold:
    known = {"location": "Umum", "call_number": "813 PRA b", "due_at": None, "as_of": NOON, **values}
    return ItemTold(item_id=item_id, local_id=local_id, status=status, **known)  # type: ignore[arg-type]


def store(of: Source, *items: ItemTold, deleted: tuple[str, ...] = ()) -> ItemsResult:
    return items_store(source=of, told=items, deleted=deleted)


@pytest.fixture
def shop(tmp_path: Path) -> Source:
    """A source with one title, which the record itself says to have one copy with the barcode B1."""
    of = source()
    load(of, write(tmp_path, marc("1", "Bumi Manusia", call="813 PRA b")))
    DirtyEdition.objects.all().delete()
    return of


def held(of: Source) -> list[tuple[str, str, int, int | None, str, list[str]]]:
    rows = Holding.objects.filter(record__source=of).order_by("location", "call_number")
    return [(h.location, h.call_number, h.item_count, h.available_count, h.status, h.barcodes) for h in rows]


def test_holdings_are_made_of_the_copies_by_place_and_call_number(shop: Source) -> None:
    result = store(
        shop,
        told("A1"),
        told("A2", status="on_loan", due_at=NOON),
        told("A3", location="Rujukan", status="reference"),
    )
    assert result.results == {"A1": "created", "A2": "created", "A3": "created"} and not result.waiting
    assert held(shop) == [
        ("Rujukan", "813 PRA b", 1, None, "reference", ["A3"]),
        ("Umum", "813 PRA b", 2, 1, "available", ["A1", "A2"]),
    ]


def test_a_changed_copy_puts_its_edition_into_the_outbox_of_search_and_an_unchanged_one_does_not(
    shop: Source,
) -> None:
    store(shop, told("A1"))
    DirtyEdition.objects.all().delete()
    assert store(shop, told("A1", as_of=NOON + timedelta(hours=1))).results == {"A1": "unchanged"}
    assert not DirtyEdition.objects.exists()
    assert store(shop, told("A1", status="on_loan", as_of=NOON + timedelta(hours=2))).results == {
        "A1": "updated"
    }
    edition = SourceRecord.objects.get(source=shop).edition_id
    assert list(DirtyEdition.objects.values_list("edition_id", flat=True)) == [edition]
    assert held(shop) == [("Umum", "813 PRA b", 1, 0, "on_loan", ["A1"])]


def test_an_unchanged_copy_told_of_again_makes_its_holding_as_new_as_that(shop: Source) -> None:
    store(shop, told("A1"), told("A2"))
    store(shop, told("A2", as_of=NOON + timedelta(hours=3)))
    assert Holding.objects.get(record__source=shop).as_of == NOON + timedelta(hours=3)


def test_news_older_than_what_is_known_is_not_taken(shop: Source) -> None:
    store(shop, told("A1", status="on_loan"))
    late = told("A1", status="available", as_of=NOON - timedelta(minutes=1))
    assert store(shop, late).results == {"A1": "outdated"}
    assert Item.objects.get().status == "on_loan"


def test_copies_that_come_before_their_record_wait_and_are_joined_when_it_comes(
    shop: Source, tmp_path: Path
) -> None:
    result = store(shop, told("C1", "2"), told("C2", "2"))
    assert result.waiting == {"C1", "C2"} and Item.objects.filter(record=None).count() == 2
    load(shop, write(tmp_path, marc("2", "Jejak Langkah"), name="late.mrc"))
    assert not Item.objects.filter(record=None).exists()
    late = Holding.objects.get(record__identifier="2")
    assert (late.item_count, late.available_count, late.barcodes) == (2, 2, ["C1", "C2"])


def test_a_changed_record_keeps_the_holdings_of_its_copies(shop: Source, tmp_path: Path) -> None:
    store(shop, told("A1"), told("A2"))
    load(shop, write(tmp_path, marc("1", "Bumi Manusia", year=1980, call="813 PRA b"), name="new.mrc"))
    assert held(shop) == [("Umum", "813 PRA b", 2, 2, "available", ["A1", "A2"])]


def test_a_copy_without_the_number_of_its_record_is_found_by_its_barcode(shop: Source) -> None:
    assert not store(shop, told("B1", "", location="Lantai 2")).waiting
    assert held(shop) == [("Lantai 2", "813 PRA b", 1, 1, "available", ["B1"])]


def test_copies_known_by_barcode_are_joined_when_the_titles_come_later(tmp_path: Path) -> None:
    of = source()
    assert store(of, told("B9", "")).waiting == {"B9"}
    load(of, write(tmp_path, marc("9", "Rumah Kaca", call="813 PRA r")))
    assert held(of) == [("Umum", "813 PRA b", 1, 1, "available", ["B9"])]


def test_barcodes_nobody_told_of_yet_stay_beside_those_that_were(tmp_path: Path) -> None:
    of = source()
    many = ("852", " ", " ", (("b", "Umum"), ("h", "813"), ("p", "B1"), ("p", "B2"), ("p", "B3")))
    load(of, write(tmp_path, marc("1", "Bumi Manusia", extra=(many,))))
    store(of, told("B2", "", location="Lantai 2", call_number=""))
    assert held(of) == [
        ("Lantai 2", "813", 1, 1, "available", ["B2"]),
        ("Umum", "813", 2, None, "unknown", ["B1", "B3"]),
    ]
    assert not store(of, told("B3", "", location="Lantai 2", call_number="")).waiting


def test_what_a_record_says_of_volumes_stays_beside_its_copies(tmp_path: Path) -> None:
    of = source()
    volumes = ("866", " ", "0", (("a", "1990-2005"),))
    load(of, write(tmp_path, marc("1", "Majalah Tempo", extra=(volumes,))))
    store(of, told("A1"))
    rows = Holding.objects.filter(record__source=of)
    assert {row.textual for row in rows} == {"1990-2005", ""}


def test_a_deleted_copy_is_gone_and_the_last_one_leaves_what_the_record_says(shop: Source) -> None:
    store(shop, told("A1"), told("A2"))
    assert store(shop, deleted=("A1", "A9")).results == {"A1": "deleted", "A9": "unknown"}
    assert held(shop)[0][5] == ["A2"]
    store(shop, deleted=("A2",))
    assert held(shop) == [("Umum", "813 PRA b", 1, None, "unknown", ["B1"])]


def test_a_copy_that_moves_to_another_title_leaves_the_first(shop: Source, tmp_path: Path) -> None:
    load(shop, write(tmp_path, marc("2", "Jejak Langkah"), name="two.mrc"))
    store(shop, told("A1"), told("A2"))
    store(shop, told("A2", "2"))
    of_record = {h.record.identifier: h.barcodes for h in Holding.objects.select_related("record")}
    assert of_record == {"1": ["A1"], "2": ["A2"]}


def test_the_rules_of_the_source_name_the_places_of_copies_too(shop: Source) -> None:
    shop.rules = [{"do": "map_location", "from": "RBU", "to": "Ruang Baca Umum"}]
    shop.save()
    store(shop, told("A1", location="RBU"))
    assert held(shop)[0][0] == "Ruang Baca Umum"


def test_after_a_complete_list_what_it_did_not_tell_of_is_gone(shop: Source) -> None:
    store(shop, told("A1"), told("A2"))
    began = timezone.now()
    store(shop, told("A2", as_of=NOON + timedelta(days=1)))
    assert items_complete(source=shop, began=began, before=None).taken_out == 1
    assert held(shop)[0][5] == ["A2"]


def test_two_sources_may_use_the_same_barcode(shop: Source, tmp_path: Path) -> None:
    other = source()
    load(other, write(tmp_path, marc("1", "Laskar Pelangi"), name="other.mrc"))
    store(shop, told("A1"))
    store(other, told("A1", status="on_loan"))
    assert Item.objects.filter(item_id="A1").count() == 2
    assert held(shop)[0][4] == "available" and held(other)[0][4] == "on_loan"


def test_the_number_of_statements_does_not_grow_with_the_copies(
    shop: Source, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        store(shop, *[told(f"A{n}") for n in range(300)])
    assert Holding.objects.get(record__source=shop).item_count == 300
