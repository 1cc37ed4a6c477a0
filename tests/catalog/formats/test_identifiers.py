"""Standard numbers and languages as catalogues really write them."""

from __future__ import annotations

import pytest

from catalog.formats import identifiers
from catalog.formats.languages import language_code, language_codes

from .build import data, draft


@pytest.mark.parametrize(
    ("written", "values", "qualifier"),
    [
        ("979-461-123-X", [], ""),
        ("9799731232", ["9789799731234"], ""),
        ("979-97312-3-2 (jilid 1)", ["9789799731234"], "jilid 1"),
        ("9799731232 (jil. 1 : hard cover) :", ["9789799731234"], "jil. 1 : hard cover"),
        ("978 602 03 3295 6", ["9786020332956"], ""),
        ("9786020332956 Rp. 95.000", ["9786020332956"], ""),
        ("9799731232 9786020332956", ["9789799731234", "9786020332956"], ""),
        ("9799731232; 9786020332956 (set)", ["9789799731234", "9786020332956"], "set"),
        ("ISBN 0-306-40615-2", ["9780306406157"], ""),
        ("0306406152", ["9780306406157"], ""),
        ("080442957x", ["9780804429573"], ""),
        ("(9786020332956)", ["9786020332956"], ""),
        ("979‐97312‐3‐2", ["9789799731234"], ""),
    ],
)
def test_isbns_are_found_and_made_thirteen_digits(written: str, values: list[str], qualifier: str) -> None:
    found = identifiers.isbns_of(written)
    assert [i.value for i in found if i.valid] == values
    assert all(i.qualifier == qualifier and i.scheme == "isbn" for i in found)


def test_an_isbn10_of_the_indonesian_group_is_not_taken_for_an_ean() -> None:
    assert identifiers.isbn13("979-97312-3-2") == "9789799731234"
    assert identifiers.isbn13("9799731232") == "9789799731234"
    assert identifiers.isbn13("9791034304554") == "9791034304554"


@pytest.mark.parametrize("written", ["9786020332957", "979973123", "0306406153"])
def test_an_invalid_isbn_is_kept_as_written_and_is_no_key(written: str) -> None:
    found = draft(data("020", f"a{written} (pbk.)"))
    assert [(i.value, i.valid, i.qualifier) for i in found.identifiers] == [(written, False, "pbk.")]
    assert found.isbns == []


@pytest.mark.parametrize("written", ["Rp. 45.000", "$12.95", "(pbk.)", "", "xii, 320 hlm.", "Rp 120000000"])
def test_prices_extents_and_bare_qualifiers_are_no_numbers(written: str) -> None:
    assert identifiers.isbns_of(written) == []


def test_an_issn_in_the_isbn_field_is_an_issn() -> None:
    assert [(i.scheme, i.value) for i in identifiers.isbns_of("0126-0219")] == [("issn", "0126-0219")]


def test_cancelled_numbers_are_known_but_no_keys() -> None:
    found = draft(
        data("020", "a9799731232", "q(jilid 1)", "z9786020332956"), data("022", "a0126-0219", "y1234-5678")
    )
    assert [(i.scheme, i.value, i.valid, i.cancelled) for i in found.identifiers] == [
        ("isbn", "9789799731234", True, False),
        ("isbn", "9786020332956", True, True),
        ("issn", "0126-0219", True, False),
        ("issn", "1234-5678", False, True),
    ]
    assert found.isbns == ["9789799731234"]
    assert found.identifiers[0].qualifier == "jilid 1"


def test_other_numbers_are_normalised() -> None:
    found = draft(
        data("010", "a   85-2 "),
        data("035", "a(OCoLC)ocm00012345"),
        data("035", "a(Sirsi)u7"),
        data("035", "a(DE-599)DNB97"),
        data("035", "a4711"),
        data("024", "a10.1000/ABC.1", "2doi", ind="7 "),
        data("024", "aM-2306-7118-7", ind="2 "),
        data("024", "a9786020332956", ind="3 "),
    )
    assert sorted((i.scheme, i.value, i.valid) for i in found.identifiers) == [
        ("doi", "10.1000/abc.1", True),
        ("isbn", "9786020332956", True),
        ("ismn", "9790230671187", True),
        ("lccn", "85000002", True),
        ("oclc", "12345", True),
        ("other", "(DE-599)DNB97", True),
        ("other", "(Sirsi)u7", False),
    ]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("ind", "ind"),
        ("Indonesia", "ind"),
        ("Bahasa Indonesia", "ind"),
        ("id", "ind"),
        ("may", "may"),
        ("ms", "may"),
        ("msa", "may"),
        ("deu", "ger"),
        ("zho", "chi"),
        ("Inggris", "eng"),
        ("English", "eng"),
        ("ENG", "eng"),
        ("scr", "hrv"),
        ("btk", "btk"),
        ("jav", "jav"),
        ("Jawa", "jav"),
        ("und", ""),
        ("   ", ""),
        ("|||", ""),
        ("###", ""),
        ("qqq", ""),
        ("mul", ""),
        ("Deutsch", "ger"),
        ("u", ""),
        ("0|e", ""),
        ("1#$ajpn$heng", ""),
    ],
)
def test_languages_become_marc_codes(written: str, code: str) -> None:
    assert language_code(written) == code


def test_languages_run_together_are_taken_apart() -> None:
    assert language_codes("engfre") == ("eng", "fre")
    assert language_codes("ind; eng") == ("ind", "eng")
    assert language_codes("Indonesia dan Inggris") == ("ind", "eng")
