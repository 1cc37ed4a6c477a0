"""Where each field of a description comes from: which records say it as it is shown, and why theirs was taken."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.matching.merge import display_of, merge
from catalog.matching.provenance import FIELDS, Origin, leading, origins
from catalog.models import QualityReport, Source
from catalog.presenters.provenance import LABELS, provenance_of
from catalog.selectors import edition_current
from catalog.services.quality import quality_make, rank_of
from catalog.services.quality_checks import FIELDS as CHECKED
from catalog.services.quality_checks import SUSPICIOUS
from members.choices import Role
from tests.catalog.building import edition_of, library, load, marc, person, source, write

TOER = {"author": "Toer, Pramoedya Ananta"}


def of(name: str, *drafts: dict[str, Any]) -> Origin:
    return next(origin for origin in origins(merge(drafts), drafts) if origin.field == name)


@pytest.mark.parametrize(
    ("name", "drafts", "givers", "reason"),
    [
        ("publisher", [{"publisher": "Bentang"}, {}], (0,), "only"),
        ("publisher", [{"publisher": "Bentang"}, {"publisher": "BENTANG."}], (0, 1), "all"),
        ("year", [{"year": 2005}, {"year": 2006}, {"year": 2006}], (1, 2), "most"),
        ("year", [{"year": 2005}, {"year": 2006, "extent": "529 hlm."}], (1,), "best"),
        ("summary", [{"summary": "Singkat."}, {"summary": "Sepuluh anak di Belitung."}], (1,), "longest"),
        ("subjects", [{"subjects": ["Fiksi"]}, {"subjects": ["Belitung"]}], (0, 1), "joined"),
        ("subtitle", [{"subtitle": "SEBUAH NOVEL"}, {}], (0,), "quiet"),
        (
            "contributors",
            [{"contributors": [{"name": "Hirata"}]}, {"contributors": [{"name": "Hirata"}, {"name": "Riri"}]}],
            (1,),
            "fullest",
        ),
    ],
)  # fmt: skip
def test_each_field_names_its_givers_and_the_reason(
    name: str, drafts: list[dict[str, Any]], givers: tuple[int, ...], reason: str
) -> None:
    found = of(name, *({"title": "Laskar pelangi", **draft} for draft in drafts))
    assert (found.givers, found.reason) == (givers, reason)


TEXT = st.sampled_from(
    ["", "Bumi manusia", "BUMI MANUSIA", "Bumi, manusia", "Anak semua bangsa", "Hasta Mitra"]
)
DRAFT = st.fixed_dictionaries({"title": TEXT.filter(bool)}, optional={
    "subtitle": TEXT, "publisher": TEXT, "summary": TEXT, "extent": TEXT, "year": st.integers(1980, 1984),
    "subjects": st.lists(TEXT.filter(bool), max_size=3), "series": st.lists(TEXT.filter(bool), max_size=2),
})  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(st.lists(DRAFT, min_size=1, max_size=5))
def test_whatever_is_shown_was_said_by_somebody(drafts: list[dict[str, Any]]) -> None:
    display = display_of(drafts[0]) if len(drafts) == 1 else merge(drafts)
    found = origins(display, drafts)
    assert {origin.field for origin in found} == {name for name in FIELDS if display.get(name)}
    assert all(origin.givers for origin in found)
    assert leading(found) is not None


def test_every_field_has_its_words() -> None:
    assert set(LABELS) == set(FIELDS)


def test_the_record_of_a_good_source_leads_before_a_fuller_one() -> None:
    full = {"title": "Bumi manusia", "year": 1981, "extent": "535 hlm.", "publisher": "Hasta Mitra"}
    good = {"title": "Bumi manusia", "year": 1980}
    assert merge([full, good])["year"] == 1981
    assert merge([full, good], ranks=[1, 3])["year"] == 1980
    assert merge([full, {**good, "title": "BUMI MANUSIA"}], ranks=[1, 3])["year"] == 1981, "it shouts"
    assert merge([full, good], ranks=[1, 3])["extent"] == "535 hlm.", (
        "what it does not say comes from the other"
    )


@pytest.mark.parametrize(("faulty", "rank"), [(0, 3), (8, 2), (20, 1), (90, 0)])
def test_the_rank_of_a_source_falls_with_what_its_report_finds(faulty: int, rank: int) -> None:
    cases = {check.code: faulty for check in (*CHECKED, *SUSPICIOUS)}
    assert rank_of({"records": 100, "cases": cases}) == rank
    assert rank_of({"records": 0, "cases": {}}) == 2


@pytest.mark.django_db
def test_a_report_ranks_its_source(tmp_path: Path) -> None:
    own = source()
    load(own, write(tmp_path, marc("a", "Bumi manusia")))
    assert Source.objects.get().quality_rank == 2
    quality_make(source=own)
    assert Source.objects.get().quality_rank == rank_of(QualityReport.objects.get().figures)


@pytest.fixture
def edition(tmp_path: Path) -> int:
    one, two = source(library("UNPAD")), source(library("ITB"))
    load(one, write(tmp_path, marc("a", "BUMI MANUSIA", year=1980, publisher="Hasta Mitra", **TOER)))
    load(
        two, write(tmp_path, marc("b", "Bumi manusia", year=1980, publisher="Hasta Mitra", pages=535, **TOER))
    )
    found = edition_of(one, "a")
    assert found is not None and found == edition_of(two, "b")
    return found


@pytest.mark.django_db
def test_readers_see_one_line_and_staff_each_field(edition: int, client: Client) -> None:
    client.cookies["django_language"] = "en"
    address = reverse("catalog:edition", args=[edition])
    text = client.get(address).content.decode()
    assert "From the record of Perpustakaan ITB, completed from 1 other library." in text
    assert "Where each field comes from" not in text
    client.force_login(person(Role.LIBRARIAN, library("UGM")))
    text = client.get(address).content.decode()
    assert "Where each field comes from" in text
    assert "no other record says it" in text and "all 2 that say it agree" in text


@pytest.mark.django_db
def test_it_costs_one_query_however_many_records(edition: int, django_assert_num_queries: Any) -> None:
    found = edition_current(edition)
    with override("en"), django_assert_num_queries(1):
        told = provenance_of(found, in_full=True)
    assert (told.library, told.others) == ("Perpustakaan ITB", 1)
    assert next(row for row in told.rows if row.label == "Extent").libraries == ["ITB"]
