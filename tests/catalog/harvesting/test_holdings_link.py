"""Holdings records that come apart from their title: in another file, before it, or far away from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog.formats.write import to_iso2709
from catalog.models import DirtyEdition, Edition, Holding, HoldingsRecord, RejectedRecord, Source
from catalog.presenters.marc import marc_views
from tests.catalog.building import last_run, load, marc, source, write
from tests.paths import MARC, needs_shared

pytestmark = pytest.mark.django_db


def holdings(
    identifier: str, host: str, call: str = "050 KOM", *, status: str = "n", years: str = "1990-2005"
) -> bytes:
    fields = [("001", identifier), *([("004", host)] if host else [])]
    place = ("852", " ", " ", (("b", "Pusat"), ("h", call)))
    return to_iso2709(
        [*fields, place, ("866", " ", "0", (("a", years),))], leader=f"00000{status}y  a22000001i 4500"
    )


def places(of: Source) -> list[tuple[str, str]]:
    return list(
        Holding.objects.filter(record__source=of)
        .order_by("call_number")
        .values_list("call_number", "textual")
    )


TITLE = marc("b1", "Majalah Komunikasi")
OTHERS = [marc(f"x{n}", f"Judul lain {n}") for n in range(5)]


def test_holdings_far_behind_their_title_are_its_own(tmp_path: Path) -> None:
    own = source()
    result = load(own, write(tmp_path, TITLE, *OTHERS, holdings("h1", "b1")))
    assert (result.read, result.created, result.rejected) == (7, 7, 0)
    assert ("050 KOM", "1990-2005") in places(own)
    held = Holding.objects.get(textual="1990-2005")
    assert (held.edition.title, held.coverage[0]["from"]) == ("Majalah Komunikasi", 1990)
    assert held.record.identifier == "b1"
    assert Holding.objects.filter(edition=held.edition).count() == 1, "the placeholder gave way"


def test_holdings_that_come_first_wait_for_their_title(tmp_path: Path) -> None:
    own = source()
    first = load(own, write(tmp_path, holdings("h1", "b1"), name="1.mrc"))
    assert (first.created, first.rejected) == (1, 0)
    assert last_run(own).warnings == {"holdings_waiting": 1}
    assert not Holding.objects.exists()
    load(own, write(tmp_path, TITLE, name="2.mrc"))
    assert places(own) == [("050 KOM", "1990-2005")]


def test_the_same_again_changes_nothing(tmp_path: Path) -> None:
    own, path = source(), write(tmp_path, TITLE, *OTHERS, holdings("h1", "b1"))
    load(own, path)
    before = list(Holding.objects.order_by("pk").values())
    result = load(own, path)
    assert (result.read, result.unchanged, result.rejected) == (7, 7, 0)
    assert list(Holding.objects.order_by("pk").values()) == before


def test_a_title_that_changes_keeps_what_was_joined_to_it(tmp_path: Path) -> None:
    own = source()
    load(own, write(tmp_path, TITLE, OTHERS[0], holdings("h1", "b1"), name="1.mrc"))
    load(own, write(tmp_path, marc("b1", "Majalah Komunikasi Massa", call="050 MAJ"), name="2.mrc"))
    assert Edition.objects.filter(title="Majalah Komunikasi Massa").exists()
    assert places(own) == [("", ""), ("050 KOM", "1990-2005"), ("050 MAJ", "")]


def test_holdings_that_change_or_go_change_their_title_alone(tmp_path: Path) -> None:
    own = source()
    load(own, write(tmp_path, TITLE, *OTHERS, holdings("h1", "b1"), name="1.mrc"))
    DirtyEdition.objects.all().delete()
    changed = load(own, write(tmp_path, holdings("h1", "b1", years="1990-2006"), name="2.mrc"))
    assert (changed.read, changed.updated) == (1, 1)
    assert ("050 KOM", "1990-2006") in places(own)
    held = Holding.objects.get(textual="1990-2006").edition_id
    assert set(DirtyEdition.objects.values_list("edition_id", flat=True)) == {held}
    load(own, write(tmp_path, holdings("h1", "b1", status="d"), name="3.mrc"))
    assert not HoldingsRecord.objects.exists()
    assert list(Holding.objects.filter(edition=held).values_list("call_number", flat=True)) == [""]


def test_two_sources_with_the_same_numbers_keep_apart(tmp_path: Path) -> None:
    one, two = source(), source()
    load(one, write(tmp_path, TITLE, name="1.mrc"))
    load(two, write(tmp_path, holdings("h1", "b1"), name="2.mrc"))
    assert places(one) == [("", "")]


def test_holdings_that_name_no_title_are_listed_and_do_not_count_as_bad(tmp_path: Path) -> None:
    own = source(max_bad_percent=1)
    result = load(own, write(tmp_path, TITLE, *[holdings(f"h{n}", "") for n in range(30)]))
    assert (result.created, result.rejected) == (1, 30)
    assert set(RejectedRecord.objects.values_list("reason_code", flat=True)) == {"holdings_unlinked"}


def test_holdings_behind_a_title_with_its_own_number_are_its_own(tmp_path: Path) -> None:
    own = source()
    result = load(own, write(tmp_path, TITLE, holdings("b1", "LIAS128"), *OTHERS))
    assert (result.read, result.rejected) == (7, 0)
    assert ("050 KOM", "1990-2005") in places(own)
    assert not HoldingsRecord.objects.exists()


def test_a_complete_list_without_them_takes_them_out_but_never_most_of_them(tmp_path: Path) -> None:
    own = source(is_snapshot=True)
    kept = [holdings(f"h{n}", f"x{n % 4}", f"100 A{n}") for n in range(40)]
    load(own, write(tmp_path, *OTHERS, *kept, name="1.mrc"))
    assert HoldingsRecord.objects.count() == 40
    load(own, write(tmp_path, *OTHERS, *kept[:38], name="2.mrc"))
    assert HoldingsRecord.objects.count() == 38
    assert not Holding.objects.filter(call_number__in=["100 A38", "100 A39"]).exists()
    load(own, write(tmp_path, *OTHERS, name="3.mrc"))
    assert HoldingsRecord.objects.count() == 38, "all at once is not believed"


def test_holdings_whose_title_is_missing_too_wait_with_it(tmp_path: Path) -> None:
    own = source(is_snapshot=True, delete_after=2)
    load(own, write(tmp_path, TITLE, *OTHERS, holdings("h1", "b1"), name="1.mrc"))
    load(own, write(tmp_path, *OTHERS, name="2.mrc"))
    assert ("050 KOM", "1990-2005") in places(own), "neither is gone yet"
    load(own, write(tmp_path, *OTHERS, name="3.mrc"))
    assert not Holding.objects.filter(call_number="050 KOM").exists()
    load(own, write(tmp_path, *OTHERS, name="4.mrc"))
    assert not HoldingsRecord.objects.exists()


def test_holdings_that_come_apart_and_behind_their_title_count_once(tmp_path: Path) -> None:
    own = source()
    load(own, write(tmp_path, TITLE, OTHERS[0], holdings("h1", "b1"), name="1.mrc"))
    load(own, write(tmp_path, TITLE, holdings("h1", "b1"), name="2.mrc"))
    assert places(own).count(("050 KOM", "1990-2005")) == 1


def test_the_marc_view_shows_them_under_their_title(tmp_path: Path) -> None:
    own = source()
    load(own, write(tmp_path, TITLE, *OTHERS, holdings("h1", "b1")))
    (view,) = marc_views(Edition.objects.get(title="Majalah Komunikasi"))
    assert [part[1].text for part in view.parts] == ["b1", "h1"]


@needs_shared
def test_a_real_file_of_titles_and_holdings_loses_none() -> None:
    own = source()
    result = load(own, MARC / "psu" / "solr" / "sample_data" / "sample_psucat.mrc")
    assert not RejectedRecord.objects.filter(reason_code="holdings_unlinked").exists()
    assert result.rejected <= 5
    assert Holding.objects.exclude(coverage=[]).count() > 100
