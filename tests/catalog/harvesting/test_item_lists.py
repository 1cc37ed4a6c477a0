"""Lists of copies from the browser: SLiMS's export of items beside its export of titles."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from catalog.models import Holding, Item, RejectedRecord, Run, Source, SourceRecord
from catalog.services.item_uploads import items_upload
from catalog.services.runs import run_execute
from tests.catalog.building import SYSTEM, load, source

pytestmark = pytest.mark.django_db
NAMES = ("item_code,call_number,coll_type_name,inventory_code,received_date,supplier_name,order_no,location_name,"
         "order_date,item_status_name,site,source,invoice,price,price_currency,invoice_date,input_date,last_update,"
         "title")  # fmt: skip
TITLE = ",".join(['"{}"'] * 18) + "\n"


def title(name: str, *codes: str, call: str = "813 PRA") -> str:
    cells = [
        name,
        "Text",
        "",
        "",
        "KPG",
        "2017",
        "",
        "",
        call,
        "Indonesia",
        "Jakarta",
        "813",
        "",
        "",
        "",
        "<Toer>",
        "<Fiksi>",
    ]
    return TITLE.format(*cells, "".join(f"<{code}>" for code in codes))


def row(code: str, status: str = "", place: str = "Lantai 2", sign: str = ",") -> str:
    cells = [code, "", "Textbook", "", "", "", "", place, "", status, "", "", "", "0", "", "", "2024-01-02 10:00:00",
             "2024-01-02 10:00:00", "Judul"]  # fmt: skip
    return sign.join(f'"{cell}"' for cell in cells) + "\n"


def upload(of: Source, text: str, *, everything: bool = False) -> Run:
    run = items_upload(
        source=of, upload=SimpleUploadedFile("items.csv", text.encode()), everything=everything, actor=SYSTEM
    )
    done = run_execute(run_id=run.pk, actor=SYSTEM)
    assert done is not None
    return done


@pytest.fixture
def shop(tmp_path: Path) -> Source:
    of = source()
    path = tmp_path / "titles.csv"
    path.write_text(title("Bumi Manusia", "B1", "B2") + title("Jejak Langkah", "B3", call="813 PRA j"))
    load(of, path)
    return of


def held(of: Source) -> list[tuple[str, str, int, list[str]]]:
    rows = Holding.objects.filter(record__source=of).order_by("location", "call_number")
    return [(h.location, h.status, h.item_count, h.barcodes) for h in rows]


@pytest.mark.parametrize(
    "head",
    ["", NAMES + "\n", NAMES + ",\n", NAMES.replace(",", ";") + "\n"],
    ids=["none", "names", "one comma more", ";"],
)
def test_copies_join_the_titles_that_name_their_barcodes(shop: Source, head: str) -> None:
    sign = ";" if ";" in head else ","
    run = upload(
        shop, head + row("B1", sign=sign) + row("B2", "Missing", sign=sign) + row("B3", "No Loan", sign=sign)
    )
    assert (run.status, run.read, run.created, run.rejected) == ("done", 3, 3, 0)
    assert held(shop) == [
        ("Lantai 2", "unknown", 2, ["B1", "B2"]),
        ("Lantai 2", "reference", 1, ["B3"]),
    ]


def test_the_same_list_again_changes_nothing(shop: Source) -> None:
    upload(shop, row("B1") + row("B2"))
    run = upload(shop, row("B1") + row("B2"))
    assert (run.unchanged, run.created, run.updated) == (2, 0, 0)


def test_a_list_of_copies_never_takes_out_titles(shop: Source, tmp_path: Path) -> None:
    Source.objects.filter(pk=shop.pk).update(is_snapshot=True)
    shop.refresh_from_db()
    path = tmp_path / "items.csv"
    path.write_text(NAMES + "\n" + row("B1") + row("B2"))
    load(shop, path)  # through the door for titles
    assert Run.objects.latest("id").status == "done" and Item.objects.count() == 2
    assert SourceRecord.objects.filter(source=shop, deleted_at=None).count() == 2


def test_a_list_of_all_copies_takes_out_the_others(shop: Source) -> None:
    upload(shop, row("B1") + row("B2") + row("B3"))
    run = upload(shop, row("B1") + row("B3"), everything=True)
    assert run.deleted == 1 and set(Item.objects.values_list("item_id", flat=True)) == {"B1", "B3"}


def test_a_row_without_a_barcode_is_listed_as_rejected(shop: Source) -> None:
    run = upload(shop, NAMES + "\n" + row("") + row("B1"))
    assert (run.status, run.rejected) == ("partial", 1)
    assert RejectedRecord.objects.get(run=run).reason_code == "item_blank"


def test_a_file_of_titles_is_no_list_of_copies(shop: Source) -> None:
    run = upload(shop, title("Bumi Manusia", "B1"))
    assert (run.status, run.message_code) == ("failed", "no_item_list")
