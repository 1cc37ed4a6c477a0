"""The language of the search box: what is understood, what is noted, and that nothing typed is a mistake."""

from __future__ import annotations

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.search import notes, tokens
from catalog.search.grammar import MAX_TERMS, parse
from catalog.search.nodes import Group, Not, Term
from catalog.search.query import SearchQuery
from tests.catalog.search.world import library


def codes(text: str) -> list[str]:
    return [note.code for note in parse(text).notes]


def only(text: str) -> Term:
    part = parse(text).root.parts
    assert len(part) == 1 and isinstance(part[0], Term)
    return part[0]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("laut bercerita", "laut bercerita"),
        ('"laut bercerita" -hukum', '"laut bercerita" NOT hukum'),
        ("laut OR gunung sungai", "(laut OR gunung) sungai"),
        ("(laut gunung) OR (sungai NOT danau)", "((laut gunung) OR (sungai NOT danau))"),
        ("laut ATAU gunung ATAU sungai", "(laut OR gunung OR sungai)"),
        ("NOT (laut OR gunung)", "NOT (laut OR gunung)"),
        ("laut AND gunung", "laut gunung"),
        ("Indonesia --Sejarah -- Revolusi", "Indonesia sejarah Revolusi"),
        ("judul: laut", "judul:laut"),
        ("Title:laut", "title:laut"),
        ("judul:(laut OR gunung)", "(title:laut OR title:gunung)"),
        ("nomor panggil: 899.2", "panggil:899.2"),
        ("tahun: 2010 - 2015 laut", "laut tahun:2010-2015"),
        ("tahun:>2010", "tahun:2011-"),
        ("tahun:<=2010", "tahun:-2010"),
        ("tahun:2015-2010", "tahun:2010-2015"),
        ("laut (novel", "laut novel"),
        ("“laut bercerita”", '"laut bercerita"'),
    ],
)
def test_a_question_is_understood(text: str, shown: str) -> None:
    assert parse(text).shown == shown


def test_a_field_holds_for_all_in_its_parentheses() -> None:
    (group,) = parse("pengarang:(pramoedya OR judul:laut)").root.parts
    assert isinstance(group, Group) and group.any_of
    assert [part.field for part in group.parts if isinstance(part, Term)] == ["author", "title"]


@pytest.mark.parametrize("field", sorted(set(tokens.FIELD_NAMES.values()) - {""}))
def test_each_field_has_an_indonesian_and_an_english_name(field: str) -> None:
    assert len([name for name, meant in tokens.FIELD_NAMES.items() if meant == field]) >= 2


def test_years_within_or_stay_in_the_tree_and_others_narrow_all() -> None:
    assert parse("tahun:2010 tahun:2005-").year_from == 2010
    found = parse("laut OR tahun:2010")
    assert (found.year_from, found.year_to) == (None, None)
    assert isinstance(found.root.parts[0], Group)
    assert SearchQuery(text="tahun:2000-", year_to=2010).years == (2000, 2010)


@pytest.mark.parametrize(
    "text",
    ["9789799731234", "978-979-97312-3-4", "978 979 97312 3 4", "ISBN 978-979-97312-3-4", "isbn: 9789799731234",
     "ISBN-13: 978 979 973 123 4", "979-973-123-2", "ISBN-10 9799731232", "isbn:979-973-123-2", "(979-973-123-2)"],
)  # fmt: skip
def test_an_isbn_is_recognised_in_any_form(text: str) -> None:
    assert parse(text).numbers == ("9789799731234", "9799731232")


@pytest.mark.parametrize(
    "text",
    [
        "0036-8075",
        "ISSN 0036-8075",
        "issn:00368075",
        "e-ISSN: 0036-8075",
        "ISSN: 0036 8075",
        "ISSN-L 0036-8075",
    ],
)
def test_an_issn_is_recognised_in_any_form(text: str) -> None:
    assert parse(text).numbers == ("00368075",)


@pytest.mark.parametrize(
    "text",
    ["10.1016/S0140-6736(05)66545-8", "doi:10.1016/S0140-6736(05)66545-8", "DOI: 10.1016/s0140-6736(05)66545-8",
     "https://doi.org/10.1016/S0140-6736(05)66545-8", "http://dx.doi.org/10.1016/S0140-6736(05)66545-8"],
)  # fmt: skip
def test_a_doi_is_recognised_in_any_form(text: str) -> None:
    assert parse(text).numbers == ("101016s0140673605665458",)


def test_a_number_among_words_is_one_of_the_terms() -> None:
    found = parse("bumi manusia 978 979 97312 3 4")
    assert found.numbers == ()
    assert [term.numbers for term in found.root.parts if isinstance(term, Term)][-1] == (
        "9789799731234",
        "9799731232",
    )


def test_a_span_of_years_is_no_issn_alone() -> None:
    assert only("1945-1950").words == ("1945", "1950")


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Laut bercerita", ("laut", "bercerita")),
        ("Laut (novel)", ("laut", "novel")),
        ('"Laut bercerita"', ("laut", "bercerita")),
        ("judul:laut judul:bercerita", ("laut", "bercerita")),
        ("BUKAN PASAR MALAM", ("bukan", "pasar", "malam")),
        ("LAUT DAN GUNUNG", ("laut", "dan", "gunung")),
        ("laut DAN gunung", ("laut", "gunung")),
        ("laut OR gunung", ()),
        ("laut -gunung", ()),
        ("laut*", ()),
        ("pengarang:laut", ()),
        ("laut tahun:2010", ()),
    ],
)
def test_a_question_without_operators_may_be_a_whole_title(text: str, plain: tuple[str, ...]) -> None:
    assert parse(text).plain == plain


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("bahasa:jawa", ("jav",)), ("language:Javanese", ("jav",)), ("bahasa:jav", ("jav",)), ("lang:jv", ("jav",)),
        ('bahasa:"bahasa inggris"', ("eng",)), ("bahasa:belanda", ("dut",)), ("jenis:buku", ("book",)),
        ("format:journal", ("serial",)), ("jenis:skripsi", ("thesis",)), ("format:map", ("map",)),
        ("jenis:majalah", ("serial",)),
    ],
)  # fmt: skip
def test_languages_and_formats_go_by_name_or_code(text: str, found: tuple[str, ...]) -> None:
    assert only(text).codes == found


@pytest.mark.django_db
def test_libraries_go_by_code_or_by_words_of_their_name_and_town() -> None:
    from catalog.search import values

    one, two = library("GRM-A", "Perpustakaan Kota Garam"), library("GRM-B", "Perpustakaan Desa Garam")
    values._libraries.cache_clear()
    assert only("perpustakaan:GRM-A").codes == (str(one.pk),)
    assert set(only('library:"garam"').codes) == {str(one.pk), str(two.pk)}
    assert codes("perpustakaan:tiadaadanya") == ["library"]


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("foo:bar", "field", ("foo", "bar")),
        ("tahun:abc", "year", ("abc",)),
        ("bahasa:klingonz", "language", ("klingonz",)),
        ("jenis:pusaka", "format", ("pusaka",)),
        ("l*", "short_star", ("l",)),
        ("*laut", "leading_star", ("laut",)),
        ('"laut', "quote", ("laut",)),
        ("laut OR", "alone", ("laut",)),
        ("OR laut", "alone", ("laut",)),
        ("(laut", "parenthesis", ("laut",)),
        ("laut)", "parenthesis", ("laut",)),
        ("judul: ", "alone", ()),
        ("9789799731235", "check_digit", ("9789799731235",)),
    ],
)
def test_what_is_not_understood_is_noted_and_the_rest_is_searched(
    text: str, code: str, words: tuple[str, ...]
) -> None:
    found = parse(text)
    assert [note.code for note in found.notes] == [code]
    assert tuple(word for term in found.root.parts if isinstance(term, Term) for word in term.words) == words
    with override("en"):
        (said,) = notes.sentences(found)
    assert "%(" not in said
    if found.notes[0].text:
        assert found.notes[0].text in said


def test_too_many_words_and_too_many_parentheses_are_cut() -> None:
    assert codes("x " * 60) == ["too_long"]
    assert len(parse("x " * 60).root.parts) == MAX_TERMS
    assert "too_deep" in codes("(" * 30 + "laut" + ")" * 30)
    assert codes("laut " * 100) == ["too_long"]


def test_wildcards_inside_a_word_are_one_term() -> None:
    assert only("wom*n").pattern == "wom.*n"
    assert only("organi?ation*").pattern == "organi.ation.*"
    assert only("apa?").words == ("apa",)


def test_a_phrase_may_end_in_a_beginning_or_be_loose() -> None:
    assert only('"hukum lau*"').prefix
    assert only('"hukum internasional"~2').slop == 2


def test_not_binds_to_what_follows() -> None:
    laut, bukan = parse("laut BUKAN judul:gunung").root.parts
    assert isinstance(laut, Term) and isinstance(bukan, Not)
    assert isinstance(bukan.part, Term) and bukan.part.field == "title"


_PIECES = """" ( ) - + * ? : OR AND NOT ATAU judul: tahun: isbn: bahasa: jenis: panggil: doi: foo: 10.1000/x( 2010-
    >2010 laut 978-979-97312-3-4 0036-8075 dan ~3 \\ ^^ | judul:laut "laut" la*t"""
PIECES = st.sampled_from(_PIECES.split())
TEXTS = st.one_of(
    st.text(max_size=60), st.lists(PIECES, max_size=14).map(" ".join), st.lists(PIECES).map("".join)
)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(TEXTS)
def test_no_text_is_a_mistake_and_what_is_shown_can_be_asked_again(text: str) -> None:
    found = parse(text)
    assert all(notes.sentence(note) for note in found.notes)
    assert isinstance(found.shown, str)
    assert parse(found.shown).root.parts or not found.root.parts
