"""Real rows of the two systems' tables, written as dumps, through the agent into the catalogue."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from catalog.models import Item, RejectedRecord, SourceRecord
from tests.agent.conftest import Machine
from tests.agent.dumps import TABLES, Rows, dump
from tests.paths import SHARED, needs_shared

pytestmark = needs_shared
INDONESIAN = SHARED / "data" / "indonesian"
# Two of the exported tables lost their line of names.
NAMELESS = {"mst_place": ["place_id", "place_name", "input_date", "last_update"]}


def rows_of(folder: Path) -> Rows:
    """The tables of the folder that the agent reads. An empty cell may have been NULL: both are nothing."""
    rows: Rows = {}
    for path in sorted(folder.glob("*.csv")):
        if path.stem in TABLES:
            with path.open(newline="", encoding="utf-8") as file:
                lines = [line for line in csv.reader(file) if line]
            names = NAMELESS.get(path.stem) or lines.pop(0)
            rows[path.stem] = [
                {name: cell or None for name, cell in zip(names, line, strict=False)}
                for line in lines
                if line != names
            ]
    return rows


def drafts(machine: Machine) -> dict[str, dict[str, object]]:
    records = SourceRecord.objects.filter(source=machine.source, deleted_at=None)
    return dict(records.values_list("identifier", "draft"))


@pytest.mark.parametrize("name", ["slims-sample", "slims-smk", "slims-digilib"])
@pytest.mark.parametrize("style", ["mysqldump", "phpmyadmin"])
def test_real_tables_of_slims_arrive_whole(machine: Machine, name: str, style: str) -> None:
    rows = rows_of(INDONESIAN / name / "csv")
    machine.put("dump.sql", dump(rows, style=style, per_statement=7))
    machine.settings("dump.sql")
    machine.run()
    shown = {row["biblio_id"] for row in rows["biblio"] if row["title"] and row.get("opac_hide") != "1"}
    found = drafts(machine)
    assert set(found) == shown and not RejectedRecord.objects.exists()
    copies = [row for row in rows.get("item", []) if row["biblio_id"] in shown and row["item_code"]]
    assert Item.objects.filter(source=machine.source, record__isnull=False).count() == len(copies)
    if name == "slims-sample":
        draft = found["1"]
        assert draft["title"] == "PHP 5 for dummies" and draft["contributors"][0]["name"] == "Valade, Janet"  # type: ignore[index]
        assert (draft["publisher"], draft["place"], draft["year"]) == ("Wiley", "Hoboken, NJ", 2004)


def test_real_tables_of_inlislite_arrive_whole(machine: Machine) -> None:
    rows = rows_of(INDONESIAN / "inlislite" / "csv")
    machine.put("dump.sql", dump(rows, per_statement=11))
    machine.settings("dump.sql")
    machine.run()
    found = drafts(machine)
    assert set(found) == {row["ID"] for row in rows["catalogs"]} and not RejectedRecord.objects.exists()
    draft = found["2"]
    assert str(draft["title"]).startswith("Sayuran Segar") and (draft["place"], draft["year"]) == (
        "Denpasar",
        2021,
    )
    assert draft["contributors"][0]["name"] == "Adi Setiawan"  # type: ignore[index]
    told = dict(Item.objects.filter(source=machine.source).values_list("item_id", "status"))
    copies = [row for row in rows["collections"] if row["Catalog_id"] in found and row.get("ISOPAC") != "0"]
    assert len(told) == len(copies) and told["1"] == "available"
