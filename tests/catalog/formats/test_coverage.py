"""Which years of a serial a library has, read out of printed statements and numbered issues."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.formats.coverage import answer, joined, without, year_range
from catalog.formats.coverage_text import parse
from catalog.formats.errors import NotMarc
from catalog.formats.marc21 import to_draft
from catalog.formats.reader import read_records
from catalog.formats.records import RawRecord
from tests.catalog.formats import count_real
from tests.paths import needs_shared

from .build import data, draft


def spans(ranges: list[dict[str, Any]]) -> list[tuple[int, int | None]]:
    return [(one["from"], one["to"]) for one in ranges]


def gaps(ranges: list[dict[str, Any]]) -> list[tuple[int, int, str]]:
    return [(gap["from"], gap["to"], gap["label"]) for one in ranges for gap in one["gaps"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1990-2005", [(1990, 2005)]),
        ("1990\u20132005", [(1990, 2005)]),
        ("1990 s/d 2005", [(1990, 2005)]),
        ("Tahun 1990 sampai dengan 1995", [(1990, 1995)]),
        ("1990", [(1990, 1990)]),
        ("1998/99", [(1998, 1999)]),
        ("1999/00", [(1999, 2000)]),
        ("1990-95", [(1990, 1995)]),
        ("2000/2001 - 2003/2004", [(2000, 2004)]),
        ("1990-", [(1990, None)]),
        ("1990- sekarang", [(1990, None)]),
        ("sejak 1990", [(1990, None)]),
        ("Mulai 1990 s/d 1995; since 2001", [(1990, 1995), (2001, None)]),
        ("Th. I (1990) - Th. V (1994)", [(1990, 1994)]),
        ("Vol. 1 No. 1 (Jan 1990) s.d. Vol. 5 No. 4 (Des 1994)", [(1990, 1994)]),
        ("1990 s.d. sekarang", [(1990, None)]),
        ("Vol. 1 (1971)-", [(1971, None)]),
        ("v.1(1972)-To Date.", [(1972, None)]),
        ("1951-1963, 1965-1989", [(1951, 1963), (1965, 1989)]),
        ("1983-1984 1989-1991", [(1983, 1984), (1989, 1991)]),
        ("v.26(1870), v.69(1892), v.258(1986)-To Date.", [(1870, 1870), (1892, 1892), (1986, None)]),
        ("v.1-16  (1984-1992)", [(1984, 1992)]),
        ("Th. 12 (2011) no. 3-Th. 14 (2013) no. 1", [(2011, 2013)]),
        ("v.17:no.1-3  (1993:Jan.-Mar.)", [(1993, 1993)]),
        ("Sept. 18, 1851-Dec. 2009", [(1851, 2009)]),
        ("Vol. 267, no. 1 (6 January 1995)-v. 311, no. 5769 (31 Mar. 2006)", [(1995, 2006)]),
        ("1981 no. 15 (Apr.6/19, 1981)-1982 no. 26 (Dec./Jan. 26/8, 1982/83)", [(1981, 1983)]),
        ("93d 1925-94th 1926", [(1925, 1926)]),
        ("2005: 1-12, 2007: 1-6", [(2005, 2005), (2007, 2007)]),
        ("no. 1920-1935 (1990)", [(1990, 1990)]),
    ],
)
def test_a_printed_statement_becomes_ranges_of_years(
    text: str, expected: list[tuple[int, int | None]]
) -> None:
    assert spans(parse(text)) == expected


@pytest.mark.parametrize(
    "text",
    ["th. 12 no. 3", "v.1-2", "Current year only", "", "Phone: (618) 536-7766; Fax 902-1785",
     "*Continues: Jurnal lama (Jakarta, 1882)"],
)  # fmt: skip
def test_a_statement_without_a_year_of_its_own_tells_no_range(text: str) -> None:
    assert parse(text) == []


@pytest.mark.parametrize(
    "text",
    ["1990-2005; lacks 1997", "1990-2005 (kecuali 1997)", "1990-2005, kurang th. 1997", "1990-2005. Tidak ada: 1997",
     "LACKS: 1997; 1990-2005"],
)  # fmt: skip
def test_a_year_that_is_lacking_is_a_gap_in_its_range(text: str) -> None:
    found = parse(text)
    assert spans(found) == [(1990, 2005)]
    assert [(gap["from"], gap["to"], "part" in gap) for gap in found[0]["gaps"]] == [(1997, 1997, False)]
    assert answer(found, 1997) == "no"
    assert answer(found, 1998) == "yes"


def test_an_incomplete_year_is_there_in_part() -> None:
    assert answer(parse("1990-2005; tidak lengkap 1997"), 1997) == "part"
    some = parse("1990-2005; lacks 1997 no. 2-4")
    assert (answer(some, 1997), answer(some, 1997, issue=3), answer(some, 1997, issue=5)) == (
        "part",
        "no",
        "yes",
    )


def test_what_is_lacking_ends_at_its_bracket_and_the_ranges_go_on() -> None:
    found = parse("1990-2005 (lacks 1997, 1999-2000), 2008-")
    assert spans(found) == [(1990, 2005), (2008, None)]
    assert gaps(found) == [(1997, 1997, "1997"), (1999, 2000, "1999-2000")]
    assert [one["label"] for one in found] == ["1990-2005", "2008-"]


def test_a_comma_between_runs_of_one_year_shows_the_missing_numbers() -> None:
    found = parse("v.1(1857)-v.25(1870), v.27(1871)-v.68:no.3(1891), v.68:no.6(1891)-v.70(1893)")
    assert spans(found) == [(1857, 1893)]
    assert gaps(found) == [(1870, 1871, "v.26"), (1891, 1891, "v.68:no.4-5")]
    assert found[0]["volumes"] == [1, 70]


def test_an_end_that_only_a_number_tells_leaves_later_years_open() -> None:
    found = parse("No. 1 (Feb. 1975)-no. 68")
    assert spans(found) == [(1975, 1975)]
    assert [answer(found, year) for year in (1974, 1975, 1980)] == ["perhaps", "yes", "perhaps"]


def test_a_volume_outside_the_volumes_told_is_not_held() -> None:
    found = parse("Vol. 1 (1971)-v. 20 (1990)")
    assert (answer(found, 1980, volume=10), answer(found, 1980, volume=30)) == ("yes", "no")
    assert answer(parse("Vol. 1 (1971)-"), 2011, volume=41) == "perhaps", "an open range goes on counting"


def test_nothing_told_is_perhaps_and_a_supplement_is_not_the_serial() -> None:
    assert answer([], 2011) == "perhaps"
    assert answer([{**year_range(2011, 2011), "unit": "supplement"}], 2011) == "perhaps"


def test_another_range_fills_a_gap() -> None:
    holed = without([year_range(1990, 2005)], [{"from": 1996, "to": 1998, "label": "1996-1998"}])
    found = joined([*holed, year_range(1997, 1997)])
    assert spans(found) == [(1990, 2005)]
    assert [(gap["from"], gap["to"]) for gap in found[0]["gaps"]] == [(1996, 1996), (1998, 1998)]


def pattern(*subfields: str) -> Any:
    return data("853", "81", *subfields, ind="20")


def issue(number: str, *subfields: str, ind: str = "41") -> Any:
    return data("863", f"81.{number}", *subfields, ind=ind)


PATTERN = pattern("av.", "bno.", "u4", "vr", "i(year)", "j(month)")


def coverage(*fields: Any) -> list[dict[str, Any]]:
    return draft(data("852", "81", "bPusat"), *fields).holdings[0].coverage


def test_a_compressed_run_covers_all_its_years() -> None:
    found = coverage(pattern("av.", "i(year)"), issue("1", "a1-5", "i1990-1994", ind="40"))
    assert spans(found) == [(1990, 1994)]
    assert (found[0]["volumes"], found[0]["label"]) == ([1, 5], "v.1 (1990)-v.5 (1994)")


def test_an_open_run_goes_on() -> None:
    assert spans(coverage(pattern("ano.", "i(year)"), issue("1", "a<1>-", "i<1986>-", ind="40"))) == [
        (1986, None)
    ]


def test_issues_with_months_are_joined_by_year_and_missing_numbers_shown() -> None:
    found = coverage(
        PATTERN,
        issue("1", "a18", "b1", "i2007", "j02"),
        issue("2", "a18", "b4", "i2007", "j11"),
        issue("3", "a19", "b1", "i2008", "j02"),
    )
    assert spans(found) == [(2007, 2008)]
    assert gaps(found) == [(2007, 2007, "v.18:no.2-3")]
    assert found[0]["label"].startswith("v.18:no.1 (Feb. 2007), ")
    assert answer(found, 2007, issue=2) == "no"


def test_numbers_that_never_appeared_are_no_gap() -> None:
    fields = (issue("1", "a18", "b1", "i2007", "wn"), issue("2", "a18", "b4", "i2007"))
    assert gaps(coverage(PATTERN, *fields)) == []


def test_an_issue_that_was_not_published_is_not_held() -> None:
    assert coverage(PATTERN, issue("1", "a18", "b1", "i2007", ind="44")) == []


def test_a_serial_without_numbers_has_its_year_in_the_first_subfield() -> None:
    found = coverage(pattern("a(year)", "b(season)"), issue("1", "a2007", "b21"), issue("2", "a2007", "b22"))
    assert (spans(found), found[0]["label"]) == ([(2007, 2007)], "spring 2007, summer 2007")


def test_issues_go_to_the_place_with_the_same_link() -> None:
    found = draft(
        data("852", "81", "bPusat"),
        data("852", "82", "bCabang"),
        data("853", "82", "av.", "i(year)"),
        data("863", "82.1", "a5", "i2000"),
        data("866", "81", "a1990-1995"),
    ).holdings
    assert [spans(one.coverage) for one in found] == [[(1990, 1995)], [(2000, 2000)]]


def test_supplements_and_indexes_are_kept_apart() -> None:
    found = coverage(
        data("866", "81", "a1990-1995"), data("867", "81", "av.266:supp.(1990)"), data("868", "a1990")
    )
    assert [(one.get("unit"), one["from"]) for one in found] == [
        (None, 1990),
        ("index", 1990),
        ("supplement", 1990),
    ]


def test_koha_items_tell_the_issue_they_are() -> None:
    found = draft(
        data("952", "aPUSAT", "cUmum", "o050 J", "p1", "hVol. 12 No. 1 (2011)"),
        data("952", "aPUSAT", "cUmum", "o050 J", "p2", "hVol. 12 No. 2 (2011)"),
    ).holdings
    assert spans(found[0].coverage) == [(2011, 2011)]


def test_the_statement_stays_as_printed() -> None:
    found = draft(data("852", "81", "bPusat"), data("866", "81", "a1990-2005", "zLACKS: 1997")).holdings[0]
    assert (found.textual, found.note) == ("1990-2005", "LACKS: 1997")
    assert gaps(found.coverage) == [(1997, 1997, "1997")]


YEARS = st.integers(1590, 2040).map(str)
WORDS = st.sampled_from(
    ["-", "\u2013", ",", ";", "(", ")", "/", " ", "lacks", "tidak lengkap", "v.", "no.", "12", "99", "sekarang",
     "to date", "s/d", "th.", "Jan."]
)  # fmt: skip
STATEMENTS = st.one_of(st.text(max_size=60), st.lists(st.one_of(YEARS, WORDS), max_size=25).map(" ".join),
                       st.lists(st.one_of(YEARS, WORDS), max_size=25).map("".join))  # fmt: skip


def check(ranges: list[dict[str, Any]]) -> None:
    ends = [one["to"] if one["to"] is not None else 9999 for one in ranges]
    for one, end in zip(ranges, ends, strict=True):
        assert one["from"] <= end
        assert all(one["from"] <= gap["from"] <= gap["to"] <= end for gap in one["gaps"])
    assert all(before < one["from"] for before, one in zip(ends, ranges[1:], strict=False))


@settings(max_examples=500, deadline=None)
@given(STATEMENTS)
def test_any_statement_gives_ranges_in_order_with_their_gaps_inside(text: str) -> None:
    found = parse(text)
    check(found)
    for year in (1600, 1990, 2011):
        assert answer(found, year, volume=3, issue=2) in ("yes", "part", "perhaps", "no")


@settings(max_examples=300, deadline=None)
@given(st.lists(STATEMENTS, max_size=4), st.lists(st.tuples(st.text(max_size=12), YEARS), max_size=5))
def test_any_fields_give_ranges_in_order_with_their_gaps_inside(
    texts: list[str], issues: list[tuple[str, str]]
) -> None:
    fields = [data("866", "81", f"a{text}") for text in texts]
    fields += [
        issue(str(n), f"a{number}", f"b{number}", f"i{year}") for n, (number, year) in enumerate(issues)
    ]
    for holding in draft(PATTERN, *fields).holdings:
        check(holding.coverage)


@needs_shared
def test_real_statements_are_understood_where_they_tell_a_year() -> None:
    told: dict[str, list[dict[str, Any]]] = {}
    for path in count_real.expected():
        if path.startswith(
            ("marc/psu", "marc/solrmarc", "marc/princeton", "marc/evergreen", "marc/stanford")
        ):
            for stream in count_real.streams(path):
                try:
                    records = [record for record in read_records(stream) if isinstance(record, RawRecord)]
                except NotMarc:
                    continue
                for holding in [
                    held for record in records for held in to_draft(record).holdings if held.textual
                ]:
                    told[holding.textual] = holding.coverage
    with_year = {
        text: found for text, found in told.items() if re.search(r"(?<!\d)(?:1[6-9]|20)\d\d(?!\d)", text)
    }
    assert len(with_year) > 120
    for found in told.values():
        check([one for one in found if "unit" not in one])
    assert sum(bool(found) for found in with_year.values()) > 0.95 * len(with_year)
    assert spans(told["v.26(1870), v.69(1892), v.258(1986)-To Date."]) == [
        (1870, 1870),
        (1892, 1892),
        (1986, None),
    ]
