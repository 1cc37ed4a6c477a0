"""Copies of an agent beside holdings records that came apart from their title, and when lent ones are due."""

from __future__ import annotations

import zlib
from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.models import Holding, HoldingsRecord, Source, SourceRecord
from catalog.selectors.holdings import item_dates
from catalog.services.items import items_complete
from tests.catalog.services.test_items import NOON, shop, store, told

__all__ = ["shop"]
pytestmark = pytest.mark.django_db
APART = (
    '<record xmlns="http://www.loc.gov/MARC21/slim"><leader>00000ny  a2200000i 4500</leader>'
    '<controlfield tag="001">h1</controlfield><controlfield tag="004">1</controlfield>'
    '<datafield tag="852" ind1=" " ind2=" "><subfield code="b">Cabang</subfield></datafield></record>'
)


def join_holdings(of: Source) -> None:
    """A holdings record without volumes or links, which copies take the place of."""
    HoldingsRecord.objects.create(
        source=of, identifier="h1", host="1", record=SourceRecord.objects.get(source=of),
        raw=zlib.compress(APART.encode()), raw_format="marcxml", content_hash=b"x", changed_at=timezone.now(),
    )  # fmt: skip


def places(of: Source) -> list[str]:
    return sorted(Holding.objects.filter(record__source=of).values_list("location", flat=True))


def test_holdings_that_are_joined_to_the_record_are_back_when_its_last_copy_is_taken_out(
    shop: Source,
) -> None:
    own = places(shop)
    join_holdings(shop)
    store(shop, told("A1", location="Rujukan"))
    assert places(shop) == ["Rujukan"]
    store(shop, deleted=("A1",))
    assert places(shop) == sorted([*own, "Cabang"])


def test_holdings_that_are_joined_to_the_record_are_back_after_a_complete_list_without_its_copies(
    shop: Source,
) -> None:
    own = places(shop)
    join_holdings(shop)
    store(shop, told("A1", location="Rujukan"))
    items_complete(source=shop, began=timezone.now() + timedelta(seconds=1), before=None)
    assert places(shop) == sorted([*own, "Cabang"])


def test_a_holding_says_when_the_first_of_its_lent_copies_is_due(shop: Source) -> None:
    store(
        shop,
        told("A1", status="on_loan", due_at=NOON + timedelta(days=9)),
        told("A2", status="on_loan", due_at=NOON + timedelta(days=4)),
        told("A3", due_at=NOON),  # is back: its date says nothing any more
        told("A4", location="Rujukan", status="reference"),
    )
    held = list(Holding.objects.filter(record__source=shop))
    lent = next(one for one in held if one.location == "Umum")
    assert item_dates(held) == {lent.pk: NOON + timedelta(days=4)}
    assert item_dates([]) == {}
