"""`manage.py renormalise`, as an operator types it."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from catalog.choices import RunKind, RunStatus
from catalog.models import Run
from catalog.services.runs import run_queue
from tests.catalog.building import SYSTEM, library, load, marc, source, write

pytestmark = pytest.mark.django_db
RULE = {"do": "map_location", "from": "Umum", "to": "Koleksi umum"}


def called(*arguments: str) -> list[Any]:
    out = io.StringIO()
    call_command("renormalise", *arguments, "--json", stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_the_sources_of_one_library_or_of_all_are_read_again(tmp_path: Path) -> None:
    home = library("UNPAD")
    one, two, other = source(home, rules=[RULE]), source(home), source(rules=[RULE])
    for own in (one, two, other):
        own_rules, own.rules = own.rules, []
        own.save()
        load(own, write(tmp_path, marc("1", f"Bumi manusia {own.pk}", call="A")))
        own.rules = own_rules
        own.save()
    results = called("--library", "unpad")
    assert [(r["source"], r["status"], r["updated"], r["unchanged"]) for r in results] == [
        (one.pk, "done", 1, 0), (two.pk, "done", 0, 1),
    ]  # fmt: skip
    assert [r["updated"] for r in called("--all")] == [0, 0, 1]
    assert [r["updated"] for r in called("--source", str(other.pk))] == [0]


def test_an_interrupted_run_is_taken_up_again(tmp_path: Path) -> None:
    own = source()
    load(own, write(tmp_path, marc("1", "Bumi manusia"), marc("2", "Jejak langkah")))
    first = own.records.get(identifier="1")
    left = Run.objects.create(
        source=own, kind=RunKind.RENORMALISE, status=RunStatus.RUNNING, read=1, unchanged=1,
        checkpoint={"after": first.pk, "position": 1},
    )  # fmt: skip
    assert called("--source", str(own.pk))[0]["read"] == 2
    left.refresh_from_db()
    assert (left.status, left.resumed) == (RunStatus.DONE, 1)


def test_a_source_that_is_being_loaded_is_named_and_the_others_go_on(tmp_path: Path) -> None:
    busy, free = source(library("UNPAD")), source()
    for own in (busy, free):
        load(own, write(tmp_path, marc("1", "Bumi manusia")))
    run_queue(source=busy, actor=SYSTEM)
    error = io.StringIO()
    with pytest.raises(CommandError, match="1 of 2"):
        call_command("renormalise", "--all", stdout=io.StringIO(), stderr=error)
    assert "UNPAD" in error.getvalue()
    assert Run.objects.filter(source=free, kind=RunKind.RENORMALISE, status=RunStatus.DONE).exists()


def test_an_unknown_source_is_refused() -> None:
    with pytest.raises(CommandError, match="no such source"):
        called("--source", "999999")
