"""What any engine must do, whatever it is made of."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from catalog.search.answers import SearchUnavailable
from catalog.search.engine import SearchEngine
from catalog.search.query import SearchQuery
from tests.catalog.search.corpus import SHELF, book
from tests.catalog.search.test_grammar import TEXTS


def ids(engine: SearchEngine, text: str = "", **more: object) -> list[int]:
    return engine.search(SearchQuery(text=text, **more)).ids  # type: ignore[arg-type]


def counts(engine: SearchEngine, query: SearchQuery, name: str) -> dict[str, int]:
    return {count.value: count.count for count in engine.search(query).facets[name]}


def test_nothing_can_be_read_before_the_first_build(engine: SearchEngine) -> None:
    with pytest.raises(SearchUnavailable):
        engine.search(SearchQuery(text="laut"))


def test_a_blank_question_finds_everything(shelf: SearchEngine) -> None:
    result = shelf.search(SearchQuery())
    assert result.total == len(SHELF)
    assert len(result.ids) == 20


def test_all_words_must_be_there(shelf: SearchEngine) -> None:
    assert set(ids(shelf, "pramoedya bangsa")) == {5}


def test_one_word_is_enough_when_asked(shelf: SearchEngine) -> None:
    assert {4, 5, 20, 16} <= set(ids(shelf, "pramoedya pelangi", any_word=True))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('"bumi manusia"', {4}),
        ("bumi manusia", {4, 6}),
        ("judul:bumi pengarang:pramoedya", {4}),
        ("title:bumi author:soekarno", {6}),
        ('pengarang:pramoedya judul:"bumi manusia"', {4}),
        ("penerbit:bentang", {16, 17}),
        ("seri:tetralogi", {16, 17}),
        ('subjek:"hukum laut"', {3}),
        ("laut -bercerita -hukum", {2}),
        ("laskar OR bangsa", {16, 17, 5}),
        ("laskar ATAU bangsa BUKAN hirata", {5}),
        ("pang*", {19, 20}),
        ("pengarang:pramoedya tahun:1981", {5}),
        ("pengarang:pramoedya tahun:1962-1980", {4, 20}),
        ("pengarang:pramoedya tahun:-1970", {20}),
        ("isbn:979-9731-23-9", set()),
        ("978-979-97312-3-4", {4}),
        ("9799731232", {4}),
        ("979-973-123-2", {4}),
        ("978 979 973 123 4", {4}),
        ("isbn:9789799731234", {4}),
        ("0036-8075", {8}),
        ("issn:00368075", {8}),
        ("alquran", {11}),
        ("al-qur’an", {11}),
        ("quran", {11}),
        ("القرآن", {11}),
        ("cafe lodz", {14}),
        ("CAFÉ", {14}),
        ("c++", {15}),
        ("道德經", {18}),
        ("sukarno", {6, 7}),
        ("pramudya", {4, 5, 20}),
        ("the laskar of pelangi", {16, 17}),
        ("(judul:laut OR judul:bumi) pengarang:(soekarno OR tohari)", {2, 6}),
        ("pramoedya NOT (bumi OR bangsa)", {20}),
        ("soekarno OR (pramoedya tahun:1980)", {4, 6, 7}),
        ("NOT bahasa:ind -jenis:serial", {9, 10, 14, 15, 18}),
        ("bahasa:arab", {11}),
        ("jenis:jurnal", {8}),
        ("wom?n OR lask*r", {16, 17}),
        ('"hukum lau*"', {3}),
        ('"sarjana" OR "manusia bumi"~1', {6}),
        ('"manusia bumi"', set()),
        ("nomor panggil:899.2", {1}),
        ('call number:"R 899.221"', {1}),
        ("doi:10.1126/science.1", {8}),
        ("https://doi.org/10.1126/SCIENCE.1", {8}),
    ],
)
def test_the_search_language(shelf: SearchEngine, text: str, found: set[int]) -> None:
    assert set(ids(shelf, text)) == found


@pytest.mark.parametrize(
    "text",
    ['"', '"laut', "-", "--", "judul:", ":", "OR", "laut OR", "OR laut", "()", "a:b:c", "*", "**", "l*", "\\", "^^",
     "((((", "))))", "(()", "judul:(", "-(", "(-laut)", "NOT NOT", "tahun:2010 OR", "-tahun:2010", "panggil:[",
     "panggil:*", "laut OR -gunung", "a*b*c*", "la?t*", "*", "?", "10.1/", "doi:", "\"a b\"~99", "bahasa:",
     "jenis:(a b", "tahun:", "tahun:abc", "tahun:2020-1990", "isbn:", "isbn:x", "-judul:laut", "NOT",
     "AND AND", "[1 TO 2]",
     "laut~2^3", "{}", "' OR 1=1", "\x00laut", "🙂", "a" * 5000, "x " * 400, "-a -b", '""', "judul:\"", "http://a.b"],
)  # fmt: skip
def test_no_question_is_a_mistake(shelf: SearchEngine, text: str) -> None:
    shelf.search(SearchQuery(text=text))
    shelf.suggest(SearchQuery(text=text))
    shelf.look_alikes(SearchQuery(text=text))


def test_other_forms_of_a_word_are_found_after_the_word_itself(shelf: SearchEngine) -> None:
    assert ids(shelf, "membaca")[0] == 12
    assert 13 in ids(shelf, "baca") and 12 in ids(shelf, "baca")


def test_only_negation_still_finds_the_others(shelf: SearchEngine) -> None:
    assert shelf.search(SearchQuery(text="-laut")).total == len(SHELF) - 3


# --- filters -----------------------------------------------------------------------------------------------


def test_values_of_one_filter_add_up_and_filters_narrow(shelf: SearchEngine) -> None:
    assert set(ids(shelf, languages=("ara", "chi"))) == {11, 18}
    assert set(ids(shelf, languages=("eng",), formats=("serial",))) == {8}
    assert set(ids(shelf, year_from=1980, year_to=1990)) == {4, 5, 14}


def test_counts_of_a_filter_ignore_its_own_choice(shelf: SearchEngine) -> None:
    query = SearchQuery(languages=("eng",))
    assert counts(shelf, query, "languages")["ind"] == 14
    assert counts(shelf, query, "formats") == {"book": 4, "serial": 1}


def test_every_count_keeps_its_promise(shelf: SearchEngine) -> None:
    query = SearchQuery(text="laut")
    for name in ("libraries", "formats", "languages", "subjects", "authors"):
        for value, count in counts(shelf, query, name).items():
            assert shelf.count(query.with_(**{name: (value,)})) == count, (name, value)


def test_a_chosen_value_is_counted_even_when_it_is_rare_or_empty(shelf: SearchEngine) -> None:
    found = counts(shelf, SearchQuery(text="laut", libraries=("99",)), "libraries")
    assert found["99"] == 0
    assert found["1"] == 3


def test_available_means_on_the_shelf_at_a_chosen_library(shelf: SearchEngine) -> None:
    assert set(ids(shelf, available=True)) == {1, 4, 16}
    assert set(ids(shelf, available=True, libraries=("1",))) == {4, 16}
    assert shelf.search(SearchQuery()).available == 3


def test_publishers_and_the_places_of_full_texts_are_counted_and_filtered_by(shelf: SearchEngine) -> None:
    assert counts(shelf, SearchQuery(), "publishers")["Bentang"] == 2
    assert set(ids(shelf, publishers=("Bentang",))) == {16, 17}
    assert counts(shelf, SearchQuery(), "etexts") == {"archive.org": 1}
    assert ids(shelf, etexts=("archive.org",)) == [19]


def test_all_values_of_a_filter_can_be_read_whatever_is_chosen_in_it(shelf: SearchEngine) -> None:
    query = SearchQuery(authors=("Andrea Hirata",))
    found = {count.value: count.count for count in shelf.values(query, "authors")}
    assert len(found) > 15
    assert found["Pramoedya Ananta Toer"] == 3


def test_years_are_counted_one_by_one(shelf: SearchEngine) -> None:
    assert dict(shelf.search(SearchQuery(text="pengarang:pramoedya")).years) == {1962: 1, 1980: 1, 1981: 1}


def test_decades_cover_the_dated_hits(shelf: SearchEngine) -> None:
    decades = shelf.search(SearchQuery()).decades
    assert dict(decades)[2000] == 5
    assert sum(count for _, count in decades) == len(SHELF) - 1


# --- order and pages ---------------------------------------------------------------------------------------


def test_orders(shelf: SearchEngine) -> None:
    assert ids(shelf, "pengarang:pramoedya", sort="newest") == [5, 4, 20]
    assert ids(shelf, "pengarang:pramoedya", sort="oldest") == [20, 4, 5]
    assert ids(shelf, "pengarang:pramoedya", sort="title") == [5, 4, 20]
    assert ids(shelf, "pengarang:pramoedya", sort="held")[0] == 4
    assert ids(shelf, "pengarang:pramoedya", sort="added") == [20, 5, 4]
    assert ids(shelf, "laskar OR bumi", sort="author") == [16, 17, 4, 6]


def test_the_nearest_library_that_holds_it_decides_the_order(shelf: SearchEngine) -> None:
    query = SearchQuery(text="laut OR manusia", sort="nearest")
    assert shelf.search(query, near=("5", "3", "2", "1")).ids[0] in (1, 3)
    found = shelf.search(query.with_(text="pengarang:pramoedya"), near=("2", "1", "3")).ids
    assert found[-1] == 20 and set(found) == {4, 5, 20}


@pytest.mark.parametrize("sort", ["newest", "oldest"])
def test_what_has_no_year_comes_last(shelf: SearchEngine, sort: str) -> None:
    assert ids(shelf, sort=sort)[-1] == 18


@pytest.mark.parametrize("sort", ["relevance", "newest", "title"])
def test_pages_hold_each_hit_once(shelf: SearchEngine, sort: str) -> None:
    pages = [shelf.search(SearchQuery(sort=sort, per_page=10, page=page)).ids for page in (1, 2, 3)]
    assert sorted(pages[0] + pages[1]) == [document.edition_id for document in SHELF]
    assert pages[2] == []


# --- ways on -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("lasker", "laskar"),
        ("pramodya", "pramoedya"),
        ("prameodya bumi", "pramoedya bumi"),
        ("diponogoro", "diponegoro"),
        ("filsavat", "filsafat"),
        ("lasker pelanggi", "laskar pelangi"),
        ("laskarpelangi", "laskar pelangi"),
        ("laskar pel angi", "laskar pelangi"),
        ("ben dera revolusi", "bendera revolusi"),
        ("lsut bercerita", "laut bercerita"),
        ("lauk bercerita", "laut bercerita"),
        ("ukum laut", "hukum laut"),
        ("judul:lasker", "judul:laskar"),
        ("Lasker OR bamgsa", "laskar OR bangsa"),
    ],
)
def test_a_slip_of_the_pen_is_understood(shelf: SearchEngine, wrong: str, right: str) -> None:
    assert shelf.suggest(SearchQuery(text=wrong)) == right


def test_known_words_are_not_corrected(shelf: SearchEngine) -> None:
    assert shelf.suggest(SearchQuery(text="laskar bumi")) == ""
    assert shelf.suggest(SearchQuery(text="xylophonqz")) == ""


def test_titles_that_look_alike_are_offered(shelf: SearchEngine) -> None:
    assert shelf.look_alikes(SearchQuery(text="laskr pelngi baru"))[0] == 16


# --- writing -----------------------------------------------------------------------------------------------


def test_changes_are_seen_after_commit_and_not_before(shelf: SearchEngine) -> None:
    with shelf.writer("one") as writer:
        writer.index([book(1, "Pulang", "Leila S. Chudori")])
        writer.delete([2])
        assert set(ids(shelf, "laut")) == {1, 2, 3}
        writer.commit()
    assert set(ids(shelf, "laut")) == {3}
    assert ids(shelf, "pulang") == [1]
    assert shelf.document_count() == len(SHELF) - 1


def test_counts_and_offers_follow_the_index(shelf: SearchEngine) -> None:
    query = SearchQuery(text="laut")
    assert counts(shelf, query, "formats") == {"book": 3}
    assert [offer.edition_id for offer in shelf.complete("laut b")] == [1]
    with shelf.writer("one") as writer:
        writer.index([book(60, "Laut biru", "Ahmad Tohari", format="map")])
        writer.commit()
    assert counts(shelf, query, "formats") == {"book": 3, "map": 1}
    assert counts(shelf, query.with_(sort="title"), "formats") == {"book": 3, "map": 1}
    assert {offer.edition_id for offer in shelf.complete("laut b")} == {1, 60}


def test_names_and_headings_are_offered_by_any_of_their_first_words(shelf: SearchEngine) -> None:
    for typed in ("pramoedya an", "toer"):
        assert [(offer.kind, offer.text, offer.count) for offer in shelf.complete(typed)] == [
            ("author", "Pramoedya Ananta Toer", 3)
        ]
    assert ("subject", "Fiksi sejarah", 2) in [
        (offer.kind, offer.text, offer.count) for offer in shelf.complete("fiksi")
    ]


def test_what_was_not_committed_is_gone(shelf: SearchEngine) -> None:
    with pytest.raises(ZeroDivisionError), shelf.writer("one") as writer:
        writer.delete([1])
        raise ZeroDivisionError
    assert 1 in ids(shelf, "laut")


def test_a_new_generation_takes_over_at_once_and_the_old_can_go(shelf: SearchEngine) -> None:
    shelf.create("two")
    with shelf.writer("two") as writer:
        writer.index([book(50, "Supernova", "Dewi Lestari")])
        writer.commit()
    assert shelf.live_generation() == "one"
    assert ids(shelf, "supernova") == []
    shelf.switch("two")
    shelf.drop("one")
    assert ids(shelf) == [50]
    assert list(shelf.generations()) == ["two"]


def test_the_live_generation_is_never_dropped(shelf: SearchEngine) -> None:
    shelf.drop("one")
    assert ids(shelf, "laskar") == [16, 17]


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(TEXTS)
def test_no_text_stops_the_engine(shelf: SearchEngine, text: str) -> None:
    query = SearchQuery(text=text)
    assert shelf.search(query).total == shelf.count(query)
    shelf.suggest(query)
    shelf.complete(text)
