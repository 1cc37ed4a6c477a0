"""From a dump of SLiMS's database into the union catalogue, and only changes after that."""

from __future__ import annotations

import gzip
from typing import Any

import pytest

from catalog.models import Holding, Item, Run, SourceRecord
from tests.agent.conftest import Machine
from tests.agent.dumps import dump, slims


def live(machine: Machine) -> dict[str, Any]:
    records = SourceRecord.objects.filter(source=machine.source, deleted_at=None)
    return dict(records.values_list("identifier", "draft"))


def states(machine: Machine) -> dict[str, str]:
    return dict(Item.objects.filter(source=machine.source).values_list("item_id", "status"))


@pytest.mark.parametrize("style", ["mysqldump", "phpmyadmin"])
def test_titles_and_copies_arrive_with_all_their_parts(machine: Machine, style: str) -> None:
    rows = slims(
        3, title="Anak Rantau: \\ 'kutipan'\n(2)", notes="Ditulis; dengan (kurung), 'kutip' dan \"lain\""
    )
    machine.put("dump.sql", dump(rows, style=style))
    machine.settings("dump.sql")
    said = machine.run()
    assert "Done: 3 records new" in said and "6 copies changed" in said
    draft = live(machine)["1"]
    assert draft["title"].startswith("Anak Rantau") and draft["contributors"][0]["name"] == "Penulis, Orang 1"
    assert (draft["publisher"], draft["place"], draft["year"]) == ("Penerbit 'Kita'", "Bandung", 2004)
    assert draft["subjects"] == ["Sejarah; kota"] and draft["language"] == "ind"
    held = Holding.objects.get(record__source=machine.source, record__identifier="1")
    assert (held.location, held.call_number, held.item_count, held.available_count) == (
        "Ruang Baca", "959.8 KOT 1", 2, 1,
    )  # fmt: skip
    assert states(machine)["B00010"] == "on_loan" and states(machine)["B00011"] == "available"


def test_readers_data_never_leaves_the_library(machine: Machine) -> None:
    machine.put("dump.sql", dump(slims()))
    machine.settings("dump.sql")
    assert "Rahasia" not in machine.run("--dry-run")
    machine.run()
    assert b"Rahasia" not in (machine.folder / "jejaring-agent.state").read_bytes()


def test_only_what_changed_travels_the_second_time(machine: Machine) -> None:
    machine.put("dump.sql", dump(slims(5)))
    machine.settings("dump.sql")
    machine.run()
    assert "Nothing has changed" in machine.run()
    assert Run.objects.filter(source=machine.source).count() == 1
    machine.put("dump.sql", dump(slims(4, title="Judul yang diperbaiki")))
    said = machine.run()
    assert "0 records new, 1 changed, 1 taken out" in said
    assert (
        set(live(machine)) == {"1", "2", "3", "4"} and live(machine)["1"]["title"] == "Judul yang diperbaiki"
    )
    assert "B00050" not in states(machine)
    run = Run.objects.filter(source=machine.source).latest("id")
    assert (run.read, run.status) == (2, "done")
    machine.source.refresh_from_db()
    assert machine.source.told_count == machine.source.record_count == 4


def test_a_returned_copy_becomes_available(machine: Machine) -> None:
    rows = slims()
    machine.put("dump.sql", dump(rows))
    machine.settings("dump.sql")
    machine.run()
    rows["loan"][0]["is_return"] = 1
    machine.put("dump.sql", dump(rows))
    assert "1 copies changed" in machine.run()
    assert states(machine)["B00010"] == "available"


def test_statuses_of_the_librarys_own_are_understood(machine: Machine) -> None:
    rows = slims()
    rows["item"][2]["item_status_id"], rows["item"][3]["item_status_id"] = "R", "TD"
    machine.put("dump.sql", dump(rows))
    machine.settings("dump.sql")
    machine.run()
    assert states(machine)["B00020"] == "unavailable" and states(machine)["B00021"] == "reference"


def test_titles_that_the_library_hides_are_not_sent(machine: Machine) -> None:
    machine.put("dump.sql", dump(slims(3, opac_hide=1)))
    machine.settings("dump.sql")
    machine.run()
    assert set(live(machine)) == {"2", "3"} and "B00010" not in states(machine)


def test_a_packed_dump_and_a_pattern_of_names_are_taken_the_newest_first(machine: Machine) -> None:
    import os

    old = machine.put("dump-1.sql.gz", gzip.compress(dump(slims(1)).encode()))
    os.utime(old, (1_000_000, 1_000_000))
    machine.put("dump-2.sql.gz", gzip.compress(dump(slims(2)).encode()))
    machine.settings("dump-*.sql.gz")
    machine.run()
    assert set(live(machine)) == {"1", "2"}


@pytest.mark.parametrize("packed", [False, True])
def test_a_dump_that_ends_too_early_takes_nothing_out(machine: Machine, packed: bool) -> None:
    whole = dump(slims(30)).encode()
    machine.put("dump.sql", whole)
    machine.settings("dump.sql")
    machine.run()
    cut = whole[: whole.index(b"CREATE TABLE `mst_author`") - 400]
    machine.put("dump.sql", gzip.compress(whole)[:-200] if packed else cut)
    assert "ends too early" in machine.run("--full")
    assert len(live(machine)) == 30 and len(states(machine)) == 60


def test_a_dump_whose_last_line_is_missing_takes_nothing_out(machine: Machine) -> None:
    machine.put("dump.sql", dump(slims(3)))
    machine.settings("dump.sql")
    machine.run()
    machine.put("dump.sql", dump(slims(2)).replace("-- Dump completed", "-- "))
    machine.run()
    assert len(live(machine)) == 3


def test_latin_1_in_the_middle_of_utf_8_is_read(machine: Machine) -> None:
    text = (
        dump(slims(2, title="Café Ségur")).encode().replace(b"Penulis, Orang 2", "Müller".encode("latin-1"))
    )
    machine.put("dump.sql", text)
    machine.settings("dump.sql")
    machine.run()
    assert live(machine)["1"]["title"] == "Café Ségur"
    assert live(machine)["2"]["contributors"][0]["name"] == "Müller"


def test_statements_of_thousands_of_rows_are_read_in_pieces(machine: Machine) -> None:
    rows = slims(4000, notes="panjang " * 300_000)
    rows["item"], rows["loan"] = [], []
    machine.put("dump.sql", dump(rows, per_statement=5000))
    machine.settings("dump.sql")
    assert "Would send 4000 records" in machine.run("--dry-run")


def test_many_titles_go_in_several_batches_of_one_run(machine: Machine) -> None:
    machine.put("dump.sql", dump(slims(1100), per_statement=200))
    machine.settings("dump.sql")
    machine.run()
    run = Run.objects.get(source=machine.source)
    assert (run.created, run.status) == (1100, "done")
    assert Item.objects.filter(source=machine.source, record=None).count() == 0


def test_the_number_in_another_sources_form_joins_copies_to_harvested_titles(machine: Machine) -> None:
    machine.source.kind = "oai_pmh"
    machine.source.save()
    machine.put("dump.sql", dump(slims(1)))
    machine.settings("dump.sql", local_id="oai:slims/{id}")
    assert "takes copies only" in machine.run()
    assert not live(machine)
    assert Item.objects.filter(local_id="oai:slims/1").count() == 2
