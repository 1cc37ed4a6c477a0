"""Answers of real SRU servers, recorded: read as they are, and what would be asked of these servers."""

from __future__ import annotations

import pytest

from catalog.harvesting.lookup import Asked
from catalog.harvesting.sru.explain import parse_explain
from catalog.harvesting.sru.options import SruOptions
from catalog.harvesting.sru.parse import parse_page
from catalog.harvesting.sru.plan import everything, make_plan
from catalog.harvesting.sru.search import question
from catalog.harvesting.sru.types import Explain
from tests.paths import SHARED, needs_shared

pytestmark = needs_shared
FOLDER = SHARED / "data/conformance/sru-sruthi/tests/fixtures"
# file: records of the result, on the page, place of the next one
PAGES = {
    "response_multiple_1.xml": (220, 99, 100),
    "response_multiple_2.xml": (220, 99, 199),
    "response_multiple_3.xml": (220, 22, None),
    "response_single.xml": (1, 1, None),
    "response_single_sru11.xml": (8985, 1, 2),
    "test_searchretrieve.xml": (12, 12, None),
    "test_searchretrieve_slice.xml": (10, 10, None),
    "test_searchretrieve_sru11.xml": (790, 12, 22),
    "test_searchretrieve_warning.xml": (10, 10, 10),  # a next place that is on the page already
}


@pytest.mark.parametrize("name", PAGES)
def test_a_recorded_page_is_read(name: str) -> None:
    page = parse_page((FOLDER / name).read_bytes())
    assert (page.count, len(page.records), page.following) == PAGES[name]
    assert not page.rejects
    assert all(record.payload.startswith(b"<") for record in page.records)


def test_every_recorded_answer_is_read() -> None:
    files = sorted(FOLDER.glob("*.xml"))
    assert len(files) == 19
    for path in files:
        (parse_explain if "explain" in path.name else parse_page)(path.read_bytes())


def explained(name: str) -> Explain:
    return parse_explain((FOLDER / name).read_bytes())


def test_what_an_archive_explains_is_understood() -> None:
    found = explained("test_explain.xml")
    assert (found.version, found.title, found.maximum_records) == ("1.2", "Testarchiv Online Search", 99)
    assert [index.name for index in found.indexes][:2] == ["isad.title", "isad.reference"]
    assert make_plan(found, SruOptions(), "x").size == 99


def test_a_large_system_with_mixed_namespaces_is_asked_for_marcxml_by_its_own_indexes() -> None:
    found = explained("test_explain_with_zr2_namespace.xml")
    assert (len(found.indexes), len(found.schemas)) == (375, 8)
    assert (make_plan(found, SruOptions(), "x").schema, make_plan(found, SruOptions(), "x").size) == (
        "marcxml",
        50,
    )
    assert everything(found, SruOptions())[1] == "rec.id = *"
    asked = question(Asked(isbn="0006159494", title='"Laskar" Pelangi', author="Hirata"), found)
    assert asked == (
        '(alma.isbn = "9780006159490" or alma.isbn = "0006159494") and (alma.title all "\\"Laskar\\" Pelangi")'
        ' and (alma.creator all "Hirata")'
    )


def test_options_win_over_what_the_server_explains() -> None:
    found = explained("test_explain_with_zr2_namespace.xml")
    options = SruOptions.from_json(
        {"version": "1.1", "schema": "mods", "page_size": 20, "sort_key": "alma.title"}
    )
    plan = make_plan(found, options, "x")
    assert (plan.version, plan.schema, plan.size, plan.sort_key) == ("1.1", "mods", 20, "alma.title")


def test_an_explain_record_is_kept_whole() -> None:
    found = explained("test_explain_with_zr2_namespace.xml")
    assert Explain.from_json(found.as_json()) == found
    assert Explain.from_json({**found.as_json(), "found_at": "2026-01-01"}) == found


@pytest.mark.parametrize(
    "values", [{"page_size": -1}, {"page_size": "many"}, {"version": "3.0"}, {"query": None}, {"unknown": 1}]
)
def test_impossible_options_are_left_out(values: dict[str, object]) -> None:
    assert SruOptions.from_json(values) == SruOptions()
