"""Links from other sites: what they say is understood, what is hostile is refused with a sentence."""

from __future__ import annotations

from urllib.parse import quote, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loans.choices import Genre, Service
from loans.citation import Citation, askable_fields, missing_fields
from loans.intake.numbers import recognise
from loans.openurl import OpenURLRefused, citation_from_openurl

JOURNAL = {
    "url_ver": "Z39.88-2004", "rft_val_fmt": "info:ofi/fmt:kev:mtx:journal", "rft.genre": "article",
    "rft.atitle": "Perpustakaan keliling di Jawa Barat", "rft.jtitle": "Jurnal Kajian Informasi",
    "rft.date": "2019-06", "rft.volume": "7", "rft.issue": "1", "rft.spage": "12", "rft.epage": "25",
    "rft.issn": "2303-2677", "rft.aulast": "Sutarno", "rft.aufirst": "Nani", "rft_id": "info:doi/10.24198/JKIP.v7i1",
    "rfr_id": "info:sid/garuda.kemdikbud.go.id:search",
}  # fmt: skip


def test_article_of_version_1_is_understood_whole() -> None:
    citation = citation_from_openurl(urlencode(JOURNAL))
    assert citation == Citation(
        genre="article", title="Perpustakaan keliling di Jawa Barat", container="Jurnal Kajian Informasi",
        year="2019", volume="7", issue="1", pages="12-25", issn="2303-2677", author="Sutarno, Nani",
        doi="10.24198/jkip.v7i1", source="garuda.kemdikbud.go.id:search",
    )  # fmt: skip
    assert (citation.service, missing_fields(citation)) == (Service.COPY, [])


def test_article_of_version_0_1_is_understood_whole() -> None:
    link = (
        "sid=OVID:medline&id=pmid:12345678&genre=article&atitle=Gizi&title=Medika&issn=0378-5955"
        "&date=1998&spage=4&pages=4-9"
    )
    citation = citation_from_openurl(link)
    assert (citation.title, citation.container, citation.issn) == ("Gizi", "Medika", "0378-5955")
    assert (citation.pmid, citation.pages, citation.source) == ("12345678", "4-9", "OVID:medline")


@pytest.mark.parametrize(
    ("link", "genre", "told"),
    [
        ("rft_val_fmt=info:ofi/fmt:kev:mtx:book&rft.btitle=Bumi+Manusia&rft.isbn=0-14-143951-3",
         Genre.BOOK, {"title": "Bumi Manusia", "isbn": "9780141439518"}),
        ("rft_val_fmt=info:ofi/fmt:kev:mtx:book&rft.genre=bookitem&rft.atitle=Bab+2&rft.btitle=Adat",
         Genre.CHAPTER, {"title": "Adat", "chapter": "Bab 2"}),
        ("rft_val_fmt=info:ofi/fmt:kev:mtx:dissertation&rft.title=Subak&rft.inst=Udayana&rft.au=Wayan",
         Genre.THESIS, {"title": "Subak", "publisher": "Udayana", "author": "Wayan"}),
        ("rft_val_fmt=info:ofi/fmt:kev:mtx:dc&rft.title=Serat+Centhini&rft.creator=Yasadipura&rft.type=Text",
         Genre.BOOK, {"title": "Serat Centhini", "author": "Yasadipura"}),
        ("isbn=9780141439518&title=Pride+and+Prejudice&aulast=Austen",
         Genre.BOOK, {"isbn": "9780141439518", "author": "Austen"}),
        ("rft_id=urn:ISBN:9780141439518", Genre.BOOK, {"isbn": "9780141439518"}),
        ("rft_id=https://doi.org/10.1000/182", Genre.ARTICLE, {"doi": "10.1000/182"}),
        ("genre=unknown&atitle=Kopi&title=Tempo&issn=0126-4273", Genre.ARTICLE, {"container": "Tempo"}),
    ],
)  # fmt: skip
def test_each_metadata_format_becomes_its_genre(link: str, genre: str, told: dict[str, str]) -> None:
    citation = citation_from_openurl(link)
    assert citation.genre == genre
    assert told.items() <= citation.as_json().items()


def test_hybrid_link_is_one_description() -> None:
    citation = citation_from_openurl("url_ver=Z39.88-2004&rft.btitle=Adat&title=Lain&sid=x")
    assert citation.title == "Adat"


def test_openurl_asks_only_for_what_is_missing() -> None:
    values = {key: value for key, value in JOURNAL.items() if key not in ("rft.date", "rft_id", "rft.spage")}
    values.pop("rft.epage")
    citation = citation_from_openurl(urlencode(values))
    assert missing_fields(citation) == ["year"]
    assert askable_fields(citation) == ["year", "pages", "doi"]


def test_a_doi_stands_for_the_details_of_an_article() -> None:
    citation = citation_from_openurl("rft_id=info:doi/10.1000/182")
    assert missing_fields(citation) == []
    assert citation.wanted == "DOI 10.1000/182"


def test_openurl_with_ten_thousand_keys_is_refused() -> None:
    with pytest.raises(OpenURLRefused) as error:
        citation_from_openurl("&".join("a=" for _ in range(5000)))
    assert error.value.code == "too_many_keys"
    with pytest.raises(OpenURLRefused) as error:
        citation_from_openurl("&".join(f"rft.k{n}=v" for n in range(10_000)))
    assert error.value.code == "too_long"


@pytest.mark.parametrize(
    ("link", "code"),
    [
        ("rft.title=" + "x" * 3000, "value_too_long"),
        ("url_ver=Z39.88-2004&rft.title=%E9tude", "wrong_encoding"),
        ("ctx_enc=info:ofi/enc:Big5&rft.title=x", "unknown_encoding"),
        ("url_ver=Z39.88-2099&rft.title=x", "unknown_version"),
        ("url_ver=Z39.88-2004&url_ctx_fmt=info:ofi/fmt:xml:xsd:ctx&url_ctx_val=%3Cx/%3E", "not_plain"),
        ("url_ver=Z39.88-2004&rft_ref=http://example.org/x.xml", "not_plain"),
        ("", "empty"),
        ("&&&=&=x", "empty"),
    ],
)
def test_hostile_or_broken_link_is_refused_with_a_sentence(link: str, code: str) -> None:
    with pytest.raises(OpenURLRefused) as error:
        citation_from_openurl(link)
    assert error.value.code == code
    assert str(error.value).endswith("You can describe the title yourself instead.")


def test_latin_1_is_read_where_it_is_named_and_where_old_links_leave_it_out() -> None:
    named = citation_from_openurl("ctx_enc=info:ofi/enc:ISO-8859-1&rft.btitle=%E9tude")
    old = citation_from_openurl("title=%E9tude")
    assert (named.title, old.title) == ("étude", "étude")


def test_control_and_direction_characters_do_not_come_in() -> None:
    citation = citation_from_openurl("title=" + quote("Bumi\u202e\x00\x07 Manusia\n"))
    assert citation.title == "Bumi Manusia"


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.characters(max_codepoint=0x2FF), max_size=300))
def test_any_query_string_is_read_or_refused(query: str) -> None:
    try:
        citation = citation_from_openurl(query)
    except OpenURLRefused:
        return
    assert citation.genre in Genre.values
    assert all("\0" not in value for value in citation.as_json().values())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ISBN 978-0-14-143951-8", {"isbn": "9780141439518"}),
        ("0-14-143951-3", {"isbn": "9780141439518"}),
        ("978-0-14-143951-9", {}),
        ("ISSN 0378-5955", {"issn": "0378-5955"}),
        ("0378-5954", {}),
        ("(lihat https://doi.org/10.1016/S0140-6736(05)66880-2)", {"doi": "10.1016/s0140-6736(05)66880-2"}),
        ("https://pubmed.ncbi.nlm.nih.gov/31452104/", {"pmid": "31452104"}),
        ("PMID: 31452104 doi:10.1000/182.", {"pmid": "31452104", "doi": "10.1000/182"}),
        ("tidak ada nomor", {}),
    ],
)
def test_numbers_are_recognised_by_their_check_digits(text: str, found: dict[str, str]) -> None:
    assert recognise(text) == found


def test_the_same_part_has_the_same_key_however_it_was_typed() -> None:
    one = Citation(genre="chapter", title="Adat", chapter="Bab  2:  Desa", pages="4-9")
    other = Citation(genre="chapter", title="Adat", chapter="bab 2 desa", pages="4–9")
    assert one.part_key == other.part_key != ""
    assert Citation(title="Adat").part_key == ""
