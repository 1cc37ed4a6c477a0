"""INLISLite's dump, SLiMS's exports, and any other table."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog.formats.reader import read_records
from catalog.formats.records import RawRecord
from catalog.models import Holding, Item, SourceRecord
from tests.agent.conftest import Machine
from tests.agent.dumps import dump, inlislite
from tests.paths import SHARED, needs_shared

INDONESIAN = SHARED / "data" / "indonesian"
EXPORTS = sorted(INDONESIAN.glob("slims-*/senayan_biblio_export*.csv"))


def drafts(machine: Machine) -> dict[str, dict[str, object]]:
    records = SourceRecord.objects.filter(source=machine.source, deleted_at=None)
    return dict(records.values_list("identifier", "draft"))


@pytest.mark.parametrize("style", ["mysqldump", "phpmyadmin"])
def test_inlislites_rows_become_marc_records_and_copies(machine: Machine, style: str) -> None:
    machine.put("inlislite.sql", dump(inlislite(), style=style))
    machine.settings("inlislite.sql")
    machine.run()
    draft = drafts(machine)["7"]
    assert set(drafts(machine)) == {"7"}  # the other one is hidden
    assert (draft["title"], draft["year"], draft["publisher"]) == ("Bumi Manusia", 1980, "Hasta Mitra")
    assert draft["identifiers"][0]["value"] == "9789799731234"  # type: ignore[index]
    told = dict(Item.objects.values_list("item_id", "status"))
    assert told == {
        "00000000001": "available", "00000000002": "on_loan", "00000000003": "reference", "00000000004": "unavailable",
    }  # fmt: skip
    held = Holding.objects.get(record__source=machine.source)
    assert (held.location, held.item_count) == ("Perpustakaan Pusat – Ruang Baca Umum", 4)


def test_a_title_of_inlislite_without_rows_of_fields_has_what_its_own_columns_say(machine: Machine) -> None:
    rows = inlislite()
    rows["catalogs"].append(
        {"ID": 9, "Title": "Laskar Pelangi : sebuah novel / Andrea Hirata", "Author": "Hirata, Andrea; Mulyana, Deddy",
         "Edition": "Cet. 2", "Publisher": "Bentang,", "PublishLocation": "Yogyakarta :", "PublishYear": "2005",
         "Subject": "Fiksi Indonesia; Pendidikan", "PhysicalDescription": "529 hlm.", "ISBN": "979-3062-79-7",
         "CallNumber": "813 HIR l", "DeweyNo": "813", "Languages": "ind", "IsOPAC": 1}
    )  # fmt: skip
    rows["catalogs"].append({"ID": 10, "Title": "Judul saja", "Languages": "###", "IsOPAC": 1})
    machine.put("inlislite.sql", dump(rows))
    machine.settings("inlislite.sql")
    machine.run()
    found = drafts(machine)
    assert set(found) == {"7", "9", "10"} and found["10"]["title"] == "Judul saja"
    draft = found["9"]
    assert (draft["title"], draft["subtitle"]) == ("Laskar Pelangi", "sebuah novel")
    assert (draft["publisher"], draft["place"], draft["year"]) == ("Bentang", "Yogyakarta", 2005)
    assert [one["name"] for one in draft["contributors"]] == ["Hirata, Andrea", "Mulyana, Deddy"]  # type: ignore[attr-defined]
    assert draft["identifiers"][0]["value"] == "9789793062792"  # type: ignore[index]
    assert draft["subjects"] == ["Fiksi Indonesia", "Pendidikan"]


@needs_shared
@pytest.mark.parametrize("path", EXPORTS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_as_much_is_read_of_real_exports_of_slims_as_the_portal_itself_reads(
    machine: Machine, path: Path
) -> None:
    machine.settings(str(path))
    said = machine.run("--dry-run")
    with path.open("rb") as stream:
        titles = sum(isinstance(record, RawRecord) for record in read_records(stream))
    assert f"Would send {titles} records" in said and titles > 40


@needs_shared
def test_a_real_export_of_slims_arrives(machine: Machine) -> None:
    machine.settings(str(INDONESIAN / "slims-smaga" / "senayan_biblio_export_c.csv"))
    machine.run()
    found = drafts(machine)
    assert len(found) == 41 and all(name.startswith("slims:") for name in found)
    assert "Nothing has changed" in machine.run()


@pytest.mark.parametrize("header", [True, False])
def test_slimss_two_exports_meet_by_their_barcodes(machine: Machine, header: bool) -> None:
    names = ("title,gmd_name,edition,isbn_issn,publisher_name,publish_year,collation,series_title,call_number,"
             "language_name,place_name,classification,notes,image,sor,authors,topics,item_code\n")  # fmt: skip
    title = (
        '"Laut Bercerita","Text","","","KPG","2017","","","813 CHU l","Indonesia","Jakarta","813","","","",'
        '"<Leila S. Chudori>","<Fiksi>","<B1><B2>"\n'
    )
    machine.put("titles.csv", (names if header else "") + title)
    items = ('"item_code","call_number","coll_type_name","inventory_code","received_date","supplier_name","order_no",'
             '"location_name","order_date","item_status_name","site","source","invoice","price","price_currency",'
             '"invoice_date","input_date","last_update","title",\n')  # fmt: skip
    row = '"{}","","Textbook","","","","","Lantai 2","","{}","","","","","","","2024-01-01","2024-01-01","Laut"\n'
    machine.put("items.csv", (items if header else "") + row.format("B1", "") + row.format("B2", "Missing"))
    machine.settings("titles.csv", items="items.csv")
    machine.run()
    held = Holding.objects.get(record__source=machine.source)
    assert (held.location, held.call_number, held.item_count) == ("Lantai 2", "813 CHU l", 2)
    assert dict(Item.objects.values_list("item_id", "status")) == {"B1": "unknown", "B2": "unavailable"}


def test_any_table_with_a_line_of_names_is_sent(machine: Machine) -> None:
    machine.put(
        "buku.csv", "No Induk;Judul Buku;Nama Kami;Tahun Terbit\nP1;Laskar Pelangi;Andrea Hirata;2005\n"
    )
    machine.settings("buku.csv", columns="[columns]\nnama kami = author\n")
    machine.run()
    draft = drafts(machine)["P1"]
    assert draft["title"] == "Laskar Pelangi" and draft["year"] == 2005
    assert draft["contributors"][0]["name"] == "Andrea Hirata"  # type: ignore[index]


def test_rows_with_too_many_cells_are_left_out_and_counted(machine: Machine) -> None:
    machine.put("buku.csv", "id,title\n1,Laskar Pelangi\n2,Dua,Tiga,Empat\n3,Maryamah Karpov\n")
    machine.settings("buku.csv")
    assert "1 rows could not be read and were left out; the first is line 3" in machine.run()
    assert set(drafts(machine)) == {"1", "3"}


def test_a_file_without_records_sends_nothing(machine: Machine) -> None:
    machine.put("buku.csv", "id,title\n")
    machine.settings("buku.csv")
    assert "Nothing was sent" in machine.run(code=4)
