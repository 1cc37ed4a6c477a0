"""Which editions are of one work: whatever the name's order, the subtitle or the language; never by a generic title."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

import loans
from catalog.matching.works import surname, work_key
from catalog.models import Edition
from catalog.presenters.works import MOST, work_of
from loans.routing.plan import lendable
from loans.routing.plans import plan_store
from tests.catalog.building import load, marc, source, write
from tests.catalog.search import world
from tests.loans.routing.networks import approved
from tests.loans.world import make_edition, make_world


def book(title: str, author: str = "", **more: Any) -> dict[str, Any]:
    by = [{"name": author}] if author else []
    return {"title": title, "contributors": by, **more}


PELANGI = book("Laskar pelangi", "Hirata, Andrea", subtitle="sebuah novel", language="ind", year=2005)


@pytest.mark.parametrize(
    "other",
    [
        book("Laskar Pelangi", "Andrea Hirata"),
        book("LASKAR PELANGI", "Drs. H. Andrea Hirata, M.Si."),
        book("Laskar pelangi : sebuah novel", "A. Hirata"),
        book("Laskar pelangi [rekaman suara]", "Hirata, Andrea", format="audio", carrier="audio"),
        book("Laskar pelangi", "Hirata, Andrea", carrier="electronic", year=2020),
        book("The rainbow troops", "Hirata, Andrea", uniform_title="Laskar pelangi", language="eng"),
        book("Die Regenbogentruppe", "Hirata, Andrea", notes=["Judul asli: Laskar pelangi."], language="ger"),
        book("The rainbow troops", "Hirata, Andrea", notes=["Translation of: Laskar pelangi / A. Hirata"]),
        {**book("Laskar pelangi"), "contributors": [{"name": "Kilbane, Angie", "role": "translator"},
                                                    {"name": "Hirata, Andrea"}]},
    ],
)  # fmt: skip
def test_editions_formats_and_translations_of_one_work(other: dict[str, Any]) -> None:
    assert work_key(other) == work_key(PELANGI) is not None


@pytest.mark.parametrize(
    "other",
    [
        book("Sang pemimpi", "Hirata, Andrea"),
        book("Laskar pelangi", "Riza, Riri", format="video"),
        book("Laskar pelangi", "Hirata, Andrea", part_number="2"),
        book("Laskar pelangi"),
        book("Laskar pelangi dan kita", "Hirata, Andrea"),
    ],
)
def test_another_title_another_author_or_a_volume_is_another_work(other: dict[str, Any]) -> None:
    assert work_key(other) != work_key(PELANGI)


@pytest.mark.parametrize(
    "title",
    ["Skripsi", "Laporan tahunan", "LAPORAN TAHUNAN", "Annual report", "Pengantar", "Kumpulan puisi", "Works", "Tesis",
     "Frontmatter", "Prosiding", "Kumpulan soal"],
)  # fmt: skip
def test_a_generic_title_is_no_work_whoever_signed_it(title: str) -> None:
    assert work_key(book(title, "Hirata, Andrea")) is None
    assert work_key(book(title, publisher="Badan Pusat Statistik")) is None


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (book("Kamus", "Echols, John M.", subtitle="Inggris-Indonesia"),
         book("Kamus", "Echols, John M.", subtitle="Indonesia-Inggris")),
        (book("Bahasa Indonesia", "Kosasih, E.", subtitle="untuk kelas VII"),
         book("Bahasa Indonesia", "Kosasih, E.", subtitle="untuk kelas VIII")),
        (book("Fisika dasar", "Halliday, David", subtitle="jilid 1"),
         book("Fisika dasar", "Halliday, David", subtitle="jilid 2")),
        (book("Ini budi dan ibu", publisher="Balai Pustaka"), book("Ini budi dan ibu", publisher="Bentang")),
    ],
)  # fmt: skip
def test_what_only_the_rest_tells_apart_is_kept_apart(one: dict[str, Any], two: dict[str, Any]) -> None:
    assert work_key(one) != work_key(two)


def test_a_work_that_nobody_signed_needs_its_publisher_and_a_telling_title() -> None:
    assert work_key(book("Serat Centhini dan maknanya", publisher="PT Balai Pustaka")) == work_key(
        book("Serat Centhini dan maknanya", publisher="Balai Pustaka", year=1990)
    )
    assert work_key(book("Serat Centhini dan maknanya")) is None
    assert work_key(book("Laporan hasil survei penduduk", publisher="Badan Pusat Statistik")) is None
    assert work_key(book("Qur'an", uniform_title="Qur'an")) is not None


def test_a_generic_uniform_title_leaves_the_title_itself() -> None:
    assert work_key(book("Hujan bulan Juni", "Damono, Sapardi Djoko", uniform_title="Poems")) == work_key(
        book("Hujan bulan Juni", "Sapardi Djoko Damono")
    )


NAMES = st.sampled_from(["Pramoedya", "Ananta", "Andrea", "Sapardi", "Djoko", "Ayu", "Slamet", "Goenawan"])
FAMILIES = st.sampled_from(["Toer", "Hirata", "Damono", "Mohamad", "Soekarno", "Utami", "Hamka"])


@settings(max_examples=100, deadline=None)
@given(
    st.lists(NAMES, max_size=2), FAMILIES,
    st.sampled_from(["", "Prof. ", "Prof. Dr. H. ", "Drs. ", "Hj. ", "K.H. "]),
    st.sampled_from(["", ", M.Hum.", ", S.Pd., M.Pd.", " S.Pd.", ", Ph.D."]), st.booleans(),
)  # fmt: skip
def test_a_name_has_one_key_however_it_is_written(
    given_names: list[str], family: str, title: str, degree: str, initials: bool
) -> None:
    first = [f"{name[0]}." if initials else name for name in given_names]
    direct = title + " ".join([*first, family]) + degree
    inverted = f"{family}, {title}{' '.join(given_names)}"
    assert surname(direct) == surname(inverted) == surname(family) != ""


@pytest.mark.django_db
def test_the_key_is_written_with_the_edition_and_follows_its_records(tmp_path: Path) -> None:
    own, other = source(), source()
    load(own, write(tmp_path, marc("a", "Bumi manusia", author="Toer, Pramoedya Ananta", year=1980)))
    load(other, write(tmp_path, marc(
        "b", "This earth of mankind", author="Pramoedya Ananta Toer", year=1990, language="eng",
        extra=(("240", "1", "0", (("a", "Bumi manusia."), ("l", "English"))),),
    )))  # fmt: skip
    first, second = Edition.objects.order_by("id")
    assert first.work_key == second.work_key is not None
    load(own, write(tmp_path, marc("a", "Anak semua bangsa", author="Toer, Pramoedya Ananta", year=1980)))
    first.refresh_from_db()
    assert first.work_key != second.work_key


def test_the_page_lists_editions_and_translations_that_somebody_holds(client: Any, db: None) -> None:
    place = world.library("BDG")
    own = world.edition("Bumi manusia", "Toer, Pramoedya Ananta", year=1980, held_by=(place,))
    later = world.edition("Bumi manusia", "Pramoedya Ananta Toer", year=2005, held_by=(place,), display={
        "carrier": "electronic"})  # fmt: skip
    told = {"uniform_title": "Bumi manusia"}
    english = world.edition(
        "This earth of mankind", "Toer, Pramoedya Ananta", language="eng", held_by=(place,), display=told
    )
    world.edition("Anak semua bangsa", "Toer, Pramoedya Ananta", held_by=(place,))
    found = work_of(own)
    assert [each.edition_id for each in found.editions] == [later.pk]
    assert [each.edition_id for each in found.translations] == [english.pk]
    client.cookies["django_language"] = "en"
    page = client.get(f"/edition/{own.pk}").content.decode()
    assert "Other editions and formats" in page and "In other languages" in page
    assert f'href="/edition/{english.pk}" lang="en"' in page
    assert "2005 · electronic" in page and "2005 · English" in page
    assert "at 1 library" in page


def test_the_list_of_a_classic_ends_and_costs_three_queries(db: None, django_assert_num_queries: Any) -> None:
    place = world.library("BDG")
    for year in range(1980, 1980 + MOST + 3):
        own = world.edition("Bumi manusia", "Toer, Pramoedya Ananta", year=year, held_by=(place,))
    with override("en"), django_assert_num_queries(3):
        found = work_of(own)
    assert (len(found.editions), found.left_out) == (MOST, 2)


def test_a_request_is_never_led_to_another_edition_of_the_work(db: None) -> None:
    with override("en"):
        net = make_world()
        asked = net.edition
        Edition.objects.filter(pk=asked.pk).update(work_key=7)
        other = make_edition(asked.title, work_key=7)
        net.hold("BDG", other)
        request = approved(net)
        stages = plan_store(request).stages
    candidates = {row["library"] for stage in stages for row in stage["candidates"]}
    assert candidates
    assert net.libraries["BDG"].pk not in candidates
    assert not lendable(asked.pk).filter(library=net.libraries["BDG"]).exists()


def test_lending_does_not_know_what_a_work_is() -> None:
    told = ("work_key", "others_of_work", "matching.works", "presenters.works", "selectors.works")
    source_files = list(Path(loans.__file__).parent.rglob("*.py"))
    assert len(source_files) > 50
    assert not [path.name for path in source_files if any(name in path.read_text() for name in told)]
