"""What was repaired is told in words: each code that the code can name has its sentence, in both languages."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from catalog.harvesting.oai.parse import parse_page
from catalog.harvesting.repairs import SENTENCES, sentence_of
from catalog.models import Run
from catalog.presenters.run import RunView
from tests.catalog.building import load, marc, source, write

FOLDERS = ("catalog/formats", "catalog/harvesting")
NAMERS = ("append", "_note")  # warnings.append("…"), _note(warnings, "…")


def named() -> set[str]:
    """Codes that are put into a list of warnings somewhere."""
    codes = set()
    for folder in FOLDERS:
        for path in Path(settings.BASE_DIR, folder).rglob("*.py"):
            for call in (n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Call)):
                function = ast.unparse(call.func)
                if function.endswith("warnings.append") or function == "_note":
                    codes |= {c.value for a in call.args for c in ast.walk(a) if isinstance(c, ast.Constant)}
    return codes


def test_every_code_of_a_repair_has_its_sentence() -> None:
    found = named()
    assert {"truncated", "salvaged", "control_characters", "directory_repaired", "not_utf8"} <= found
    assert found - set(SENTENCES) == set()


def test_every_repair_of_a_page_has_its_sentence() -> None:
    body = (
        b"Warning: x<?xml version='1.0'?><OAI-PMH><ListRecords><?xml version='1.0'?><record><header><identifier>a"
        b"</identifier></header><metadata><x:y>Tom & Jerry\x01</x:y></metadata></record></ListRecords></OAI-PMH> bye"
    )
    found = set(parse_page(body).warnings)
    assert len(found) >= 5
    assert found - set(SENTENCES) == set()


def test_every_sentence_is_translated() -> None:
    with translation.override("id"):
        untranslated = [text for text in SENTENCES.values() if translation.gettext(text) == text]
    assert untranslated == []


@pytest.mark.django_db
def test_a_run_counts_what_was_repaired_and_its_page_says_it_in_words(tmp_path: Path) -> None:
    own = source()
    bad = marc("1", "Bumi manusia").replace(b" a22", b"xa22", 1)
    load(own, write(tmp_path, marc("2", "Kota \x01 kita"), bad, marc("3", "Kota \x02 mereka")))
    run = Run.objects.get()
    assert run.warnings["control_characters"] == 2
    with translation.override("en"):
        assert RunView(run).repairs[0] == (sentence_of("control_characters"), "2")
