"""Holdings inside the record, in the dialects of the systems that wrote it."""

from __future__ import annotations

from catalog.formats.draft import HoldingDraft

from .build import data, draft


def koha(*subfields: str) -> tuple:
    return data("952", "aPUSAT", "bPUSAT", "cUmum", "o899.2 TOE b", *subfields)


def test_852_with_its_textual_holdings_and_items() -> None:
    found = draft(
        data("852", "81.1", "aID-JKT", "bPusat", "cRef", "h050", "iKOM", "zBaca di tempat", ind="1 "),
        data("866", "81.1", "a1990-2005; kurang 1997"),
        data("876", "81.1", "p0001", "jAvailable"),
        data("876", "81.1", "p0002", "jChecked out"),
    ).holdings
    assert found == [
        HoldingDraft(
            location="Pusat – Ref",
            call_number="050 KOM",
            item_count=2,
            available_count=1,
            status="available",
            library_code="ID-JKT",
            textual="1990-2005; kurang 1997",
            coverage=[
                {
                    "from": 1990,
                    "to": 2005,
                    "label": "1990-2005",
                    "gaps": [{"from": 1997, "to": 1997, "label": "1997"}],
                }
            ],
            note="Baca di tempat",
            barcodes=["0001", "0002"],
        )
    ]


def test_866_alone_is_a_holding() -> None:
    assert draft(data("866", "aNo. 1-12")).holdings == [HoldingDraft(textual="No. 1-12")]


def test_koha_copies_are_counted_and_the_best_status_shows() -> None:
    found = draft(
        koha("pA1", "q2026-01-01"), koha("pA2", "70"), koha("pA3", "11"), koha("pA4", "71")
    ).holdings
    assert len(found) == 1
    assert (found[0].item_count, found[0].available_count, found[0].status) == (4, 1, "available")
    assert (found[0].location, found[0].call_number, found[0].library_code) == (
        "Umum",
        "899.2 TOE b",
        "PUSAT",
    )
    assert found[0].barcodes == ["A1", "A2", "A3", "A4"]


def test_koha_status_codes() -> None:
    def status(*subfields: str) -> str:
        return draft(koha(*subfields)).holdings[0].status

    assert status() == "available"
    assert status("q2026-01-01") == "on_loan"
    assert status("71") == "reference"
    assert status("7-1") == "unavailable"
    assert status("11") == "unavailable"
    assert status("01") == "unavailable"


def test_copies_in_different_libraries_stay_apart() -> None:
    found = draft(koha("p1"), data("952", "aCABANG", "oX 1", "p2")).holdings
    assert [h.library_code for h in found] == ["PUSAT", "CABANG"]


def test_a_local_note_in_952_is_no_item() -> None:
    assert draft(data("952", "aLibrary has 2 copies.")).holdings == []


def test_items_of_symphony_and_sierra() -> None:
    symphony = draft(
        data("999", "aPL1 .T6", "wLC", "c1", "i3001", "lSTACKS", "mMAIN", "tBOOK"),
        data("999", "aPL1 .T6", "wLC", "c2", "i3002", "lSTACKS", "mMAIN", "kCHECKEDOUT"),
    ).holdings
    assert [(h.location, h.library_code, h.item_count, h.available_count) for h in symphony] == [
        ("STACKS", "MAIN", 2, 1)
    ]
    sierra = draft(data("945", "aN72", "i0001", "laada ", "s-", "y.i40558964")).holdings
    assert [(h.location, h.call_number, h.status) for h in sierra] == [("aada", "N72", "available")]


def test_999_of_other_systems_is_no_holding() -> None:
    assert draft(data("999", "c12", "d12"), data("999", "iuuid", "suuid", ind="ff")).holdings == []


def test_items_that_repeat_852_are_not_counted_twice() -> None:
    found = draft(data("852", "bPUSAT"), koha("p1")).holdings
    assert [(h.location, h.barcodes) for h in found] == [("Umum", ["1"])]
