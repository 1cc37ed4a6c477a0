"""docs/adding-a-source-quirk.md and docs/harvesting.md say what the code has."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from catalog.harvesting.oai.options import MODES, OaiOptions
from catalog.harvesting.oai.quirks import GRADES, QUIRKS, SYSTEMS, Quirk
from tests.catalog.harvesting import test_oai_probe
from tests.catalog.harvesting.oai_server import Behaviour

DOCS = Path(settings.BASE_DIR) / "docs"
PAGE = (DOCS / "adding-a-source-quirk.md").read_text()
HARVESTING = (DOCS / "harvesting.md").read_text()


def described() -> list[Quirk]:
    """The entries of the page, as Python reads them."""
    blocks = re.findall(r"```python\n(.*?)```", PAGE, re.S)
    return [eval(block.strip(), {"Quirk": Quirk, "gettext_noop": str}) for block in blocks]


def test_the_entries_on_the_page_are_those_of_the_code() -> None:
    entries = described()
    assert [entry.code for entry in entries] == ["from_needs_until", "days_only"]
    for entry in entries:
        assert entry == QUIRKS[entry.code]


def test_the_worked_example_is_played_and_found_as_the_page_says() -> None:
    setting, code = re.search(r'`\(\{"(\w+)": True\}, "(\w+)"\)`', PAGE).groups()  # type: ignore[union-attr]
    assert setting in {f.name for f in fields(Behaviour)}
    (rows,) = [
        mark for mark in test_oai_probe.test_each_oddity_is_found.pytestmark if mark.name == "parametrize"
    ]
    assert ({setting: True}, code) in rows.args[1]
    assert any(
        name.startswith("test_times_that_are_promised_and_not_understood_") for name in vars(test_oai_probe)
    )


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:catalog|tests)/[\w/]+\.py)`", PAGE))))
def test_the_files_on_the_page_are_there(path: str) -> None:
    assert (Path(settings.BASE_DIR) / path).is_file()


def test_each_quirk_says_what_is_so_and_its_grade_is_one() -> None:
    for code, quirk in QUIRKS.items():
        assert code == quirk.code
        assert quirk.best in GRADES
        assert quirk.says.endswith(".")
        assert quirk.ask == "" or quirk.ask.endswith((".", ")."))
        assert not quirk.whole_list or quirk.best >= "C"


def test_each_quirk_is_known_in_indonesian() -> None:
    with translation.override("id"):
        for quirk in QUIRKS.values():
            for text in filter(None, (quirk.says, quirk.ask)):
                assert translation.gettext(text) != text


def test_each_quirk_is_found_by_a_test_or_belongs_to_a_known_system() -> None:
    (rows,) = [
        mark for mark in test_oai_probe.test_each_oddity_is_found.pytestmark if mark.name == "parametrize"
    ]
    tried = {code for _, code in rows.args[1]} | {"dup_ids", "no_records"}
    known = frozenset[str]().union(*(quirks for _, quirks in SYSTEMS.values()))
    assert set(QUIRKS) == tried | known


def test_the_options_grades_and_systems_stand_in_the_handbook() -> None:
    for mode in MODES:
        assert f"`mode` = `{mode}`" in HARVESTING
    for name in ("window", "begin", "compare_days"):
        assert name in {f.name for f in fields(OaiOptions)}
        assert f"`{name}`" in HARVESTING
    for grade in GRADES:
        assert f"\n| {grade} |" in HARVESTING
    for product in ("SLiMS `oai.php`", "SLiMS `oai2.php`", "INLISLite v3", "Koha"):
        assert f"\n| {product} |" in HARVESTING
