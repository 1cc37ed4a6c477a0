"""Editions around a page: no veto within one, stable ids, redirects, bounded blocks."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.matching import cluster
from catalog.matching.cluster import Incoming, assign
from catalog.matching.keys import match_keys
from catalog.matching.score import compare
from catalog.matching.vetoes import veto
from catalog.models import DirtyEdition, Edition, Holding, SourceRecord
from catalog.selectors import edition_current
from tests.catalog.building import edition_of, load, marc, source, write

TOER = {"author": "Toer, Pramoedya Ananta", "publisher": "Hasta Mitra"}


def incoming(number: int, **features: Any) -> Incoming:
    values = {"title": "bumi manusia", "names": [["toer"]], "year": 1980, **features}
    values = {k: v for k, v in values.items() if v is not None}
    return Incoming(number, values, match_keys(values))


def test_records_of_one_page_join_each_other() -> None:
    result = assign([incoming(1), incoming(2), incoming(3, title="jejak langkah")], {}, {})
    assert result.editions[1] == result.editions[2] != result.editions[3]


def test_a_bridge_never_puts_two_records_with_a_veto_together() -> None:
    first, second = incoming(1, edition=1), incoming(2, edition=2)
    bridge = incoming(3)
    for order in itertools.permutations([first, second, bridge]):
        result = assign(order, {}, {})
        assert result.editions[1] != result.editions[2]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "year": st.sampled_from([1980, 1981, None]),
                "edition": st.sampled_from([None, 1, 2]),
                "language": st.sampled_from([None, "ind", "eng"]),
                "part": st.sampled_from([None, "1", "2"]),
                "isbn": st.sampled_from([None, ["9789799731234"], ["9786020312345"]]),
            }
        ),
        max_size=9,
    )
)
def test_no_veto_ends_up_within_an_edition(rows: list[dict[str, Any]]) -> None:
    page = [incoming(n, **row) for n, row in enumerate(rows)]
    result = assign(page, {}, {})
    assert set(result.editions) == {i.record_id for i in page}
    for a, b in itertools.combinations(page, 2):
        if result.editions[a.record_id] == result.editions[b.record_id]:
            assert not veto(a.features, b.features)
    assert assign(page, {}, {}).editions == result.editions


@pytest.mark.django_db
def test_two_libraries_copies_are_one_edition_with_two_holdings(tmp_path: Path) -> None:
    one, two = source(), source()
    load(one, write(tmp_path, marc("a", "Bumi manusia", year=1980, isbn="979-973-123-X", **TOER)))
    load(
        two,
        write(
            tmp_path, marc("b", "BUMI MANUSIA", year=1980, author="Pramoedya Ananta Toer", subtitle="roman")
        ),
    )
    edition = Edition.objects.get(pk=edition_of(one, "a"))
    assert edition_of(two, "b") == edition.pk
    assert (edition.record_count, edition.library_count, edition.title) == (2, 2, "Bumi manusia")
    assert Holding.objects.filter(edition=edition).count() == 2


@pytest.mark.django_db
def test_a_record_that_changes_into_another_edition_moves_and_the_old_id_leads_on(tmp_path: Path) -> None:
    one, two = source(), source()
    load(one, write(tmp_path, marc("a", "Bumi manusia", year=1980, **TOER)))
    load(two, write(tmp_path, marc("b", "Bumi manusiaa salah", year=1990, **TOER)))
    old = edition_of(two, "b")
    assert old != edition_of(one, "a")
    load(two, write(tmp_path, marc("b", "Bumi manusia", year=1980, **TOER)))
    assert edition_of(two, "b") == edition_of(one, "a")
    assert edition_current(old or 0).pk == edition_of(one, "a")
    assert Holding.objects.filter(edition_id=old).count() == 0
    assert DirtyEdition.objects.filter(edition_id=old).exists()


@pytest.mark.django_db
def test_a_record_that_no_longer_fits_leaves_and_the_edition_keeps_its_id(tmp_path: Path) -> None:
    one, two = source(), source()
    load(one, write(tmp_path, marc("a", "Bumi manusia", year=1980, **TOER)))
    load(two, write(tmp_path, marc("b", "Bumi manusia", year=1980, **TOER)))
    shared = edition_of(one, "a")
    load(two, write(tmp_path, marc("b", "Bumi manusia", year=1980, edition="Ed. 2", language="eng", **TOER)))
    assert edition_of(one, "a") == shared != edition_of(two, "b")
    kept = Edition.objects.get(pk=shared)
    assert (kept.record_count, kept.library_count, kept.merged_into_id) == (1, 1, None)


@pytest.mark.django_db
def test_a_record_that_joins_two_editions_merges_them_and_redirects_chain_flat(tmp_path: Path) -> None:
    one, two, three = source(), source(), source()
    first = marc("a", "Bumi manusia", year=1980, author="Toer, Pramoedya Ananta", publisher="Hasta Mitra")
    load(one, write(tmp_path, first))
    load(
        two,
        write(tmp_path, marc("b", "Bumi manusia", isbn="9789799731234", language="")),
    )
    left, right = edition_of(one, "a"), edition_of(two, "b")
    assert left != right
    bridge = marc("c", "Bumi manusia", year=1980, isbn="9789799731234", language="", **TOER)
    load(three, write(tmp_path, bridge))
    assert edition_of(one, "a") == edition_of(two, "b") == edition_of(three, "c") == left
    gone = Edition.objects.get(pk=right)
    assert (gone.merged_into_id, gone.record_count, gone.library_count) == (left, 0, 0)
    assert edition_current(right or 0).pk == left
    assert Holding.objects.filter(edition_id=left).count() == 3


@pytest.mark.django_db
def test_a_set_isbn_does_not_merge_volumes(tmp_path: Path) -> None:
    own = source()
    volumes = [
        marc(str(n), "Ensiklopedi", part=f"Jilid {n}", isbn="9789799731234", year=1990) for n in (1, 2, 3)
    ]
    load(own, write(tmp_path, *volumes))
    assert Edition.objects.count() == 3


@pytest.mark.django_db
def test_one_isbn_on_very_many_records_is_no_block_at_all(tmp_path: Path) -> None:
    own = source()
    spam = [
        marc(str(n), f"Judul {n} tentang hal {n * 7}", isbn="9786020000008", year=1950 + n % 70)
        for n in range(400)
    ]
    load(own, write(tmp_path, *spam))
    other = source()
    assert load(other, write(tmp_path, spam[7])).created == 1
    assert edition_of(other, "7") == edition_of(own, "7")
    assert Edition.objects.count() == 400


@pytest.mark.django_db
def test_a_book_of_very_many_libraries_stays_one_edition(tmp_path: Path) -> None:
    own, isbn = source(), "9789799731234"
    houses = ("Hasta Mitra", "Penerbit Hasta Mitra", "Hasta Mitra Jakarta")
    copies = [
        marc(
            str(n),
            f"Bumi manusia{' /' * (n % 2)}",
            author=TOER["author"],
            isbn=isbn,
            year=1980,
            publisher=houses[n % 3],
        )
        for n in range(150)
    ]
    load(own, write(tmp_path, *copies))
    other = source()
    load(
        other,
        write(
            tmp_path, marc("x", "Bumi manusia", author="Toer, Pramudya Ananta", isbn=isbn, publisher="Hasta")
        ),
    )
    assert Edition.objects.get().record_count == 151
    assert edition_of(other, "x") == edition_of(own, "0")


def test_a_heap_within_a_page_is_not_compared_each_with_each(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = 0

    def counted(*values: Any) -> Any:
        nonlocal asked
        asked += 1
        return compare(*values)

    monkeypatch.setattr(cluster, "compare", counted)
    title = "laporan tahunan dinas pendidikan"
    page = [incoming(n, title=title, rest=str(n), names=[["dinas"]], year=None) for n in range(600)]
    result = assign(page, {}, {})
    assert asked < 600 * cluster.MAX_BLOCK / 5
    assert len(set(result.editions.values())) > 500


@pytest.mark.django_db
def test_editions_do_not_depend_on_the_order_of_the_libraries(tmp_path: Path) -> None:
    records = {
        "x": [
            marc("1", "Bumi manusia", year=1980, **TOER),
            marc("2", "Bumi manusia", year=1981, edition="Ed. 2", **TOER),
        ],
        "y": [marc("1", "BUMI MANUSIA", year=1980, **TOER)],
        "z": [marc("1", "Bumi manusia", year=1981, edition="Edisi kedua", **TOER)],
    }
    partitions = []
    for order in itertools.permutations(records):
        SourceRecord.objects.all().delete()
        sources = {name: source(name=name) for name in order}
        for name in order:
            load(sources[name], write(tmp_path, *records[name]))
        groups: dict[int | None, set[tuple[str, str]]] = {}
        for r in SourceRecord.objects.select_related("source"):
            groups.setdefault(r.edition_id, set()).add((r.source.name, r.identifier))
        partitions.append(sorted(map(sorted, groups.values())))
    assert all(p == partitions[0] for p in partitions)
