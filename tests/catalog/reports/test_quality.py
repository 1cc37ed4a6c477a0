"""What a quality report finds in a library's records, and what it leaves alone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from catalog.models import QualityReport, Run, Source
from catalog.services import quality
from catalog.services.quality_checks import CHECKS
from tests.catalog.building import last_run, library, load, marc, source, write

pytestmark = pytest.mark.django_db
ISBN, OTHER_ISBN = "9789794331972", "9786020324784"


def report(of: Source, folder: Path, *records: bytes) -> QualityReport:
    load(of, write(folder, *records))
    return quality.quality_make(source=of)


def good(identifier: str = "1", title: str = "Bumi manusia", **values: object) -> bytes:
    told = {
        "author": "Pramoedya Ananta Toer", "year": 1980, "isbn": ISBN, "publisher": "Hasta Mitra", "call": "899.221 3",
        "extra": (("650", " ", "0", (("a", "Roman"),)),),
    }  # fmt: skip
    return marc(identifier, title, **{**told, **values})  # type: ignore[arg-type]


def found(of: QualityReport) -> dict[str, int]:
    return {code: count for code, count in of.figures["cases"].items() if count}


def test_a_whole_record_gives_no_case(tmp_path: Path) -> None:
    made = report(source(), tmp_path, good())
    assert (made.figures["records"], made.figures["titles"], found(made)) == (1, 1, {})


def test_what_a_record_lacks_is_counted(tmp_path: Path) -> None:
    made = report(source(), tmp_path, good(), marc("2", "Catatan tanpa apa-apa", language=""))
    fields = ("isbn", "year", "language", "subject", "author", "publisher", "call_number", "copies")
    assert found(made) == dict.fromkeys(fields, 1)


@pytest.mark.parametrize(
    ("code", "value", "record"),
    [
        ("year_future", "2913", good(year=2913)),
        ("year_early", "1013", good(year=1013)),
        ("isbn_wrong", "9789794331973", good(isbn="9789794331973")),
        ("isbn_other", "12345678", good(isbn="12345678")),
        ("issn_book", "0125-9016", good(isbn="0125-9016")),
        ("title_capitals", "LASKAR PELANGI", good(title="LASKAR PELANGI")),
        ("title_short", "Z", good(title="Z")),
        ("title_markup", "Ilmu <b>tanah</b>", good(title="Ilmu <b>tanah</b>")),
        ("title_garbled", "Ilmu tanah ???", good(title="Ilmu tanah ???")),
        ("publisher_place", "Bandung", good(publisher="Bandung")),
        ("year_unreadable", "t.t.", good(year=None, extra=(("264", " ", "1", (("c", "t.t."),)),))),
        ("extent_isbn", "978-979-433-197-2", good(extra=(("300", " ", " ", (("a", "978-979-433-197-2"),)),))),
    ],
)  # fmt: skip
def test_a_suspicious_value_is_found_and_shown(code: str, value: str, record: bytes, tmp_path: Path) -> None:
    made = report(source(), tmp_path, record, good("2", "Anak semua bangsa", isbn=OTHER_ISBN))
    assert made.figures["cases"][code] == 1
    _record, edition, identifier, _title, shown = made.figures["examples"][code][0]
    assert (identifier, shown) == ("1", value)
    assert edition


def test_titles_that_only_look_odd_are_left_alone(tmp_path: Path) -> None:
    made = report(
        source(), tmp_path, good("1", "1984"), good("2", "红楼梦研究论文集汇编", isbn=OTHER_ISBN, year=1981),
        good("3", "DNA", isbn=""), good("4", "Tom & Jerry; Q&A", isbn="", year=1990),
    )  # fmt: skip
    assert not [code for code in found(made) if code.startswith("title_")]


def test_three_titles_under_one_isbn_are_a_mistake_and_two_may_be_one(tmp_path: Path) -> None:
    made = report(source(), tmp_path, good("1", "Ilmu tanah"), good("2", "Ilmu air"))
    assert made.figures["cases"]["isbn_titles"] == 0
    made = report(made.source, tmp_path, good("3", "Ilmu udara"))
    assert made.figures["cases"]["isbn_titles"] == 3
    assert {example[4] for example in made.figures["examples"]["isbn_titles"]} == {ISBN}


def test_two_records_of_one_edition_are_found_across_the_librarys_sources(tmp_path: Path) -> None:
    home = library()
    first, second = source(home), source(home)
    load(first, write(tmp_path, good("1"), name="a.mrc"))
    made = report(second, tmp_path, good("B7"))
    assert made.figures["cases"]["same_edition"] == 1
    assert made.figures["examples"]["same_edition"][0][4] == "1, B7"
    assert quality.quality_make(source=first).figures["cases"]["same_edition"] == 1


def test_the_same_edition_at_another_library_is_no_duplicate(tmp_path: Path) -> None:
    load(source(), write(tmp_path, good("1"), name="a.mrc"))
    assert report(source(), tmp_path, good("2")).figures["cases"]["same_edition"] == 0


def test_a_barcode_on_two_copies_is_found(tmp_path: Path) -> None:
    copies = (("852", " ", " ", (("b", "Umum"), ("h", "1"), ("p", "X1"))),)
    made = report(
        source(), tmp_path, good("1", call="", extra=copies), good("2", "Ilmu tanah", call="", extra=copies)
    )
    assert made.figures["cases"]["same_barcode"] == 2
    assert made.figures["examples"]["same_barcode"][0][4] == "X1"


def test_ten_examples_are_kept_and_only_of_the_newest_report(tmp_path: Path) -> None:
    of = source()
    first = report(of, tmp_path, *(marc(str(n), f"Judul ke {n}") for n in range(12)))
    assert first.figures["cases"]["isbn"] == 12
    assert len(first.figures["examples"]["isbn"]) == 10
    QualityReport.objects.filter(pk=first.pk).update(made_at=timezone.now() - timedelta(days=2))
    quality.quality_make(source=of)
    first.refresh_from_db()
    assert "examples" not in first.figures
    assert first.figures["cases"]["isbn"] == 12


def test_one_report_a_day_and_later_one_a_month_are_kept() -> None:
    of = source()
    noon = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    long_ago = (noon - timedelta(days=150)).replace(day=10)
    before = noon - timedelta(days=2)
    told = [long_ago, long_ago + timedelta(days=2), before, before + timedelta(hours=1)]
    for at in told:
        made = QualityReport.objects.create(source=of)
        QualityReport.objects.filter(pk=made.pk).update(made_at=at)
    newest = quality.quality_make(source=of)
    kept = [made.made_at for made in QualityReport.objects.filter(source=of)]
    assert kept == [newest.made_at, told[3], told[1]]


def test_deleted_records_are_not_looked_at(tmp_path: Path) -> None:
    of = source()
    load(of, write(tmp_path, marc("1", "Judul satu"), marc("2", "Judul dua")))
    load(of, write(tmp_path, marc("1", "Judul satu", status="d")))
    assert quality.quality_make(source=of).figures["records"] == 1


def test_a_report_follows_a_run_that_changed_something_at_most_once_an_hour(tmp_path: Path) -> None:
    of = source()
    load(of, write(tmp_path, marc("1", "Judul satu")))
    first = last_run(of)
    assert quality.quality_wait(run_id=first.pk) == (of.pk, 0)
    quality.quality_make(source=of)
    waits = quality.quality_wait(run_id=first.pk)
    assert waits is not None
    assert 3500 < waits[1] <= 3600
    load(of, write(tmp_path, marc("1", "Judul satu")))
    assert quality.quality_wait(run_id=last_run(of).pk) is None
    assert quality.quality_wait(run_id=Run.objects.latest("id").pk + 1) is None


def test_every_check_says_what_it_means_and_how_to_mend_it() -> None:
    for check in CHECKS.values():
        assert check.title
        assert check.means
        assert check.mend
        assert bool(check.where) != bool(check.cases)
