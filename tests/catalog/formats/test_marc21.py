"""What a MARC 21 record says, as a draft."""

from __future__ import annotations

import pytest

from catalog.formats.draft import BibDraft
from catalog.formats.marc21 import dump_lines, problem, to_draft
from catalog.formats.write import to_iso2709

from .build import FIXED, data, draft, good, record


def titled(*subfields: str, ind: str = "10") -> BibDraft:
    return draft(title=data("245", *subfields, ind=ind))


def test_a_plain_record_becomes_a_draft() -> None:
    found = draft(
        data("020", "a9799731232 (jilid 1)"),
        data("041", "aindjav"),
        data("082", "a899.221/3"),
        data("100", "aToer, Pramoedya Ananta,", "d1925-2006.", ind="1 "),
        data("250", "aCet. 5."),
        data("260", "aJakarta :", "bHasta Mitra,", "cc2005."),
        data("300", "axii, 535 hlm. ;", "c21 cm."),
        data("490", "aTetralogi Buru ;", "v1"),
        data("650", "aFiksi Indonesia", "ySejarah."),
        data("700", "aIsak, Joesoef", "epenyunting.", ind="1 "),
    )
    assert found.identifier == "r1"
    assert (found.title, found.responsibility) == ("Bumi manusia", "Pramoedya Ananta Toer")
    assert [(c.name, c.role, c.dates) for c in found.contributors] == [
        ("Toer, Pramoedya Ananta", "author", "1925-2006"),
        ("Isak, Joesoef", "editor", ""),
    ]
    assert (found.place, found.publisher, found.year, found.year_text) == (
        "Jakarta",
        "Hasta Mitra",
        2005,
        "c2005",
    )
    assert (found.edition_statement, found.extent) == ("Cet. 5", "xii, 535 hlm.")
    assert (found.language, found.languages) == ("ind", ["ind", "jav"])
    assert found.series == ["Tetralogi Buru ; 1"]
    assert found.subjects == ["Fiksi Indonesia -- Sejarah"]
    assert found.classification == ["899.2213"]
    assert (found.format, found.carrier, found.record_type) == ("book", "print", "bib")
    assert problem(found) is None


def test_title_parts_are_kept_apart() -> None:
    found = titled(
        "aSejarah nasional Indonesia /", "h[text] :", "bedisi lengkap.", "nJilid 2,", "pZaman kuno /", "cTim."
    )
    assert found.title == "Sejarah nasional Indonesia"
    assert found.subtitle == "edisi lengkap"
    assert (found.part_number, found.part_name) == ("Jilid 2", "Zaman kuno")


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Laskar pelangi /", "Laskar pelangi"),
        ("Laskar pelangi.", "Laskar pelangi"),
        ("Laskar pelangi [electronic resource] :", "Laskar pelangi"),
        ("Laskar pelangi [sumber elektronik]", "Laskar pelangi"),
        ("[Surat-surat]", "[Surat-surat]"),
        ("Menunggu ...", "Menunggu ..."),
        ("Karya H.B. Jassin Jr.", "Karya H.B. Jassin Jr."),
        ("\u0098Der\u009c Prozess /", "Der Prozess"),
        ("Satu  dua\n tiga", "Satu dua tiga"),
    ],
)
def test_punctuation_marks_and_material_designation_leave_the_title(written: str, title: str) -> None:
    assert titled("a" + written, "cx").title == title


def test_a_title_area_run_together_in_one_subfield_is_taken_apart() -> None:
    found = titled("aBumi manusia : sebuah roman / Pramoedya Ananta Toer")
    assert (found.title, found.subtitle, found.responsibility) == (
        "Bumi manusia",
        "sebuah roman",
        "Pramoedya Ananta Toer",
    )


@pytest.mark.parametrize(("indicator", "count"), [("4", 4), ("0", 0), ("9", 0), (" ", 0), ("#", 0)])
def test_the_nonfiling_count_stays_within_the_title(indicator: str, count: int) -> None:
    assert titled("aThe Cat", ind="1" + indicator).nonfiling == count


def test_a_record_without_a_title_is_a_problem() -> None:
    assert problem(draft(title=None)) == "no_title"
    assert problem(titled("cSeseorang")) == "no_title"


def test_a_title_only_in_its_own_script_is_a_title() -> None:
    found = draft(data("880", "6245-00/$1", "a人类的大地 /"), title=None)
    assert found.title == "人类的大地"


def test_linked_scripts_become_variants() -> None:
    found = draft(
        data("246", "aEarth of mankind"),
        data("880", "6245-01/(2/r", "a\u200fארץ האדם /"),
        data("880", "6100-02/(2/r", "aטור, פרמודיה"),
    )
    assert found.variant_titles == ["Earth of mankind", "ארץ האדם"]
    assert found.original_script == ["ארץ האדם", "טור, פרמודיה"]


@pytest.mark.parametrize(
    ("printed", "year"),
    [
        ("1998.", 1998),
        ("[19]98", 1998),
        ("c2005", 2005),
        ("198-?", 1980),
        ("1998 [i.e. 1999]", 1999),
        ("1419 H [1999]", 1999),
        ("2001-2005", 2001),
        ("[s.a.]", 1980),
        ("9999", 1980),
        ("Cet. 5, 2012", 2012),
    ],
)
def test_the_year_comes_from_the_imprint_else_from_008(printed: str, year: int) -> None:
    found = draft(data("260", "c" + printed))
    assert found.year == year
    assert found.year_text == printed.rstrip(".")


def test_the_publication_statement_comes_before_copyright_and_manufacture() -> None:
    found = draft(
        data("264", "c©2019", ind=" 4"),
        data("264", "aBandung :", "bPT Percetakan,", "c2021", ind=" 3"),
        data("264", "aJkt. :", "bGramedia,", "c2020.", ind=" 1"),
    )
    assert (found.place, found.publisher, found.year) == ("Jkt", "Gramedia", 2020)


@pytest.mark.parametrize(
    "nowhere", ["[S.l. :", "[s.n.],", "[t.t.] :", "[t.p.],", "[Publisher not identified],"]
)
def test_unknown_places_and_publishers_are_empty(nowhere: str) -> None:
    found = draft(data("260", "a" + nowhere, "b" + nowhere))
    assert (found.place, found.publisher) == ("", "")


@pytest.mark.parametrize(
    ("leader", "fields", "expected"),
    [
        ("00000nas a2200000 i 4500", [], ("serial", "print")),
        ("00000nab a2200000 i 4500", [], ("article", "print")),
        ("00000nam a2200000 i 4500", [data("502", "aSkripsi (S1) – UGM")], ("thesis", "print")),
        ("00000nam a2200000 i 4500", [data("250", "aLarge print ed.")], ("book", "large_print")),
        ("00000nam a2200000 i 4500", [data("300", "a2 jilid braille")], ("book", "braille")),
        ("00000nam a2200000 i 4500", [data("338", "aonline resource")], ("book", "electronic")),
        ("00000nam a2200000 i 4500", [("007", "cr |||")], ("book", "electronic")),
        ("00000nam a2200000 i 4500", [("007", "hd |||")], ("book", "microform")),
        ("00000nim a2200000 i 4500", [], ("audio", "audio")),
        ("00000njm a2200000 i 4500", [], ("audio", "audio")),
        ("00000nem a2200000 i 4500", [], ("map", "print")),
        ("00000ncm a2200000 i 4500", [], ("score", "print")),
        ("00000ngm a2200000 i 4500", [], ("video", "other")),
        ("00000ntm a2200000 i 4500", [], ("manuscript", "print")),
        ("00000n#m a2200000 i 4500", [], ("book", "print")),
    ],
)
def test_format_and_carrier_are_told_apart(leader: str, fields: list, expected: tuple[str, str]) -> None:
    found = draft(*fields, leader=leader)
    assert (found.format, found.carrier) == expected


@pytest.mark.parametrize(
    ("tag", "subfields", "name", "role"),
    [
        ("100", ("aHamka",), "Hamka", "author"),
        ("100", ("aPaulus Yohannes", "bII,", "cPaus"), "Paulus Yohannes II, Paus", "author"),
        ("100", ("aSutarto,", "cProf. Dr."), "Sutarto", "author"),
        ("700", ("aMénard, J.", "4trl"), "Ménard, J.", "translator"),
        ("700", ("aHidayat", "eilustrator"), "Hidayat", "illustrator"),
        ("700", ("aDickens", "tOliver Twist"), "Dickens", "other"),
        ("700", ("aX.", "ehttp://id.loc.gov/vocabulary/relators/edt"), "X.", "editor"),
        ("110", ("aIndonesia.", "bKementerian Agama."), "Indonesia. Kementerian Agama", "corporate"),
        ("711", ("aKongres Bahasa",), "Kongres Bahasa", "corporate"),
    ],
)
def test_names_stay_as_written_and_roles_are_recognised(
    tag: str, subfields: tuple[str, ...], name: str, role: str
) -> None:
    found = draft(data(tag, *subfields, ind="1 "))
    assert [(c.name, c.role) for c in found.contributors] == [(name, role)]


def test_a_leader_tells_holdings_authorities_and_deletions() -> None:
    linked = to_draft(
        good(to_iso2709([("001", "h9"), ("004", "r1"), data("852", "bPUSAT")], "00000nx  a2200000n  4500"))[0]
    )
    assert (linked.record_type, linked.host_identifier, problem(linked)) == ("holdings", "r1", None)
    assert linked.holdings[0].location == "PUSAT"
    loose = to_draft(good(to_iso2709([("001", "h9"), data("852", "bX")], "00000ny  a2200000n  4500"))[0])
    assert problem(loose) == "holdings_unlinked"
    authority = draft(leader="00000nz  a2200000n  4500")
    assert (authority.record_type, problem(authority)) == ("authority", "authority")
    gone = draft(leader="00000dam a2200000 i 4500", title=None)
    assert (gone.deleted, problem(gone)) == (True, None)


def test_a_missing_identifier_is_replaced_by_a_stable_one() -> None:
    def without_001(changed: str, title: str = "Bumi manusia") -> str:
        fields = [("005", changed), ("008", FIXED), data("245", "a" + title)]
        return to_draft(good(to_iso2709(fields))[0]).identifier

    assert without_001("20240101").startswith("h:")
    assert without_001("20240101") == without_001("20250505")
    assert without_001("20240101") != without_001("20240101", "Anak semua bangsa")
    koha = to_draft(good(to_iso2709([data("245", "aX"), data("999", "c77", "d77")]))[0])
    assert koha.identifier == "koha:77"


def test_links_that_are_no_web_addresses_are_dropped() -> None:
    found = draft(data("856", "uhttps://a.id/1", "ujavascript:alert(1)", "uwww.perpus.id", "uhttps://a.id/1"))
    assert found.links == ["https://a.id/1", "http://www.perpus.id"]


def test_links_are_called_what_the_record_calls_them() -> None:
    found = draft(
        data("856", "uhttps://a.id/1", "zGratis", "3Bab 1", "yTeks lengkap :"),
        data("856", "3Daftar isi", "uwww.perpus.id"),
        data("856", "uhttps://a.id/3"),
        data("856", "ujavascript:alert(1)", "yKlik di sini"),
    )
    assert found.link_texts == {"https://a.id/1": "Teks lengkap", "http://www.perpus.id": "Daftar isi"}
    assert found.as_json()["link_texts"] == found.link_texts
    assert BibDraft.from_json(found.as_json()) == found


def test_notes_summary_and_contents_go_their_ways() -> None:
    found = draft(
        data("500", "aIndeks: hlm. 200."),
        data("505", "aSatu --", "tDua"),
        data("520", "aTentang bumi."),
        data("561", "aMilik pribadi"),
        data("590", "aLokal"),
    )
    assert found.notes == ["Indeks: hlm. 200."]
    assert (found.contents, found.summary) == ("Satu -- Dua", "Tentang bumi.")


def test_subjects_are_listed_once_whatever_their_case() -> None:
    found = draft(data("650", "aAgama"), data("650", "aAGAMA."), data("653", "afiksi", "asejarah"))
    assert found.subjects == ["Agama", "fiksi", "sejarah"]


def test_the_marc_view_lists_every_line() -> None:
    lines = dump_lines(good(record(data("250", "aCet. 5", "bx")))[0])
    assert (lines[0].tag, len(lines[0].text)) == ("LDR", 24)
    last = lines[-1]
    assert (last.tag, last.ind1, last.ind2, last.text) == ("250", " ", " ", "$a Cet. 5 $b x")
    assert last.subfields == (("a", "Cet. 5"), ("b", "x"))
    assert tuple(last) == ("250", "  ", "$a Cet. 5 $b x")


def test_a_stored_draft_is_small_and_comes_back_whole() -> None:
    found = draft(data("020", "a9799731232"), data("100", "aToer"), data("852", "bPUSAT"))
    stored = found.as_json()
    assert BibDraft.from_json(stored) == found
    assert "subtitle" not in stored
    assert stored["contributors"] == [{"name": "Toer"}]


def test_unimarc_is_recognised_by_its_title_field() -> None:
    fields = [
        ("001", "FRBNF1"),
        data("010", "a2-07-054127-4", "bbr.", "d36 F"),
        data("100", "a19991231d1999    m  y0frey0103    ba"),
        data("101", "afre", "ceng"),
        data("200", "a\u0088Le \u0089livre", "eroman", "hTome 2", "iLa suite", "fJ. Auteur", ind="1 "),
        data("210", "aParis", "cGallimard", "d1999"),
        data("215", "a232 p."),
        data("606", "aRoman", "xHistoire"),
        data("700", "aAuteur", "bJean", "f1950-2001", ind=" 1"),
        data("702", "aMénard", "bJean-François", "4730", ind=" 1"),
    ]
    found = to_draft(good(to_iso2709(fields))[0])
    assert (found.title, found.subtitle, found.part_number, found.part_name) == (
        "Le livre",
        "roman",
        "Tome 2",
        "La suite",
    )
    assert [(c.name, c.role, c.dates) for c in found.contributors] == [
        ("Auteur, Jean", "author", "1950-2001"),
        ("Ménard, Jean-François", "translator", ""),
    ]
    assert (found.place, found.publisher, found.year, found.language) == ("Paris", "Gallimard", 1999, "fre")
    assert found.isbns == ["9782070541270"]
    assert found.subjects == ["Roman -- Histoire"]
    assert problem(found) is None
