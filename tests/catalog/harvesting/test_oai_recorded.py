"""Answers recorded by other harvesters' tests, and real MARCXML inside answers, go through the parser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from catalog.formats.reader import parse_payload, read_records
from catalog.formats.records import RawRecord
from catalog.formats.write import to_marcxml
from catalog.harvesting.oai.client import OaiClient
from catalog.harvesting.oai.harvest import Order, harvest
from catalog.harvesting.oai.parse import parse_formats, parse_identity, parse_page, parse_sets
from catalog.harvesting.oai.types import OaiError
from tests.catalog.harvesting.oai_server import START, Item, OaiServer
from tests.paths import MARC, SHARED, needs_shared

CONFORMANCE = SHARED / "data" / "conformance"
SICKLE = CONFORMANCE / "oai-sickle" / "sickle" / "tests" / "sample_data"
VUFIND = CONFORMANCE / "oai-vufindharvest" / "tests" / "fixtures"
CASSETTES = CONFORMANCE / "oai-scythe" / "tests" / "cassettes"
RECORDED = [
    *sorted(SICKLE.glob("*.xml")),
    *sorted(VUFIND.glob("*.xml")),
    *sorted(MARC.glob("traject/*oai*.xml")),
]
pytestmark = needs_shared


def cassette(name: str) -> list[tuple[str, bytes]]:
    """What was asked and answered."""
    with (CASSETTES / f"{name}.yaml").open() as file:
        tape: Any = yaml.safe_load(file)
    return [
        (turn["request"]["uri"], turn["response"]["body"]["content"].encode())
        for turn in tape["interactions"]
    ]


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_recorded_answers_never_crash_the_parser(path: Path) -> None:
    body = path.read_bytes()
    for cut in (body, body[: len(body) // 2], body[len(body) // 2 :]):
        for parse in (parse_page, parse_identity, parse_formats, parse_sets):
            try:
                parse(cut)
            except OaiError as error:
                assert error.message


@pytest.mark.parametrize(
    ("path", "count", "token"),
    [
        (SICKLE / "ListRecords.xml", 2, "ListRecords2.xml"),
        (SICKLE / "ListRecords4.xml", 2, ""),
        (SICKLE / "ListIdentifiers.xml", 2, "ListIdentifiers2.xml"),
        (SICKLE / "GetRecord_utf8test.xml", 1, ""),
        (SICKLE / "noRecordsMatch.xml", 0, ""),
        (VUFIND / "list_records_response.xml", 2, ""),
        (VUFIND / "list_records_token_response.xml", 1, "more"),
        (VUFIND / "marc.xml", 100, "fakeresumptiontoken"),
    ],
    ids=lambda value: getattr(value, "stem", str(value)),
)
def test_recorded_lists_are_read_whole(path: Path, count: int, token: str) -> None:
    page = parse_page(path.read_bytes())
    assert (len(page.records) + len(page.rejects), page.token) == (count, token)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("badArgument", "badArgument"), ("badResumptionToken", "badResumptionToken"),
        ("cannotDisseminateFormat", "cannotDisseminateFormat"), ("idDoesNotExist", "idDoesNotExist"),
        ("noSetHierarchy", "noSetHierarchy"), ("undefinedError", "server_error"), ("ListRecordsBroken", "not_oai"),
    ],
)  # fmt: skip
def test_recorded_errors_keep_their_codes(name: str, code: str) -> None:
    with pytest.raises(OaiError) as caught:
        parse_page((SICKLE / f"{name}.xml").read_bytes())
    assert caught.value.code == code


def test_recorded_descriptions_of_servers_are_read() -> None:
    loc = parse_identity((SICKLE / "Identify.xml").read_bytes())
    assert loc.repository_name and loc.granularity and loc.deleted_record
    assert len(parse_formats((SICKLE / "ListMetadataFormats.xml").read_bytes())) >= 1
    assert len(parse_sets((SICKLE / "ListSets.xml").read_bytes())[0]) >= 1
    web_page, *servers = [body for _, body in cassette("identify")]
    with pytest.raises(OaiError) as caught:
        parse_identity(web_page)
    assert caught.value.code == "html_page"
    named = [parse_identity(body) for body in servers]
    assert len(named) == 2
    assert all(i.base_url.startswith("https://") and i.response_date and i.earliest for i in named)


def test_the_recorded_answers_of_a_living_server_are_read() -> None:
    read, codes = 0, set()
    for name in ("list_records", "list_identifiers", "get_record"):
        for _asked, body in cassette(name):
            try:
                page = parse_page(body)
            except OaiError as error:
                codes.add(error.code)
                continue
            assert not page.warnings
            assert not page.rejects
            assert all(r.identifier and r.datestamp and bool(r.payload) == (name != "list_identifiers")
                       for r in page.records if not r.deleted)  # fmt: skip
            read += len(page.records)
    assert read > 200
    assert codes == {"badArgument", "badResumptionToken"}


def test_real_marc_records_come_through_an_answer_unharmed(settings: Any) -> None:
    settings.ALLOW_PRIVATE_ADDRESSES = True
    items = []
    for path in [MARC / "traject" / "test_data.utf8.mrc", *sorted(MARC.glob("bookops/*sample.mrc"))]:
        with path.open("rb") as stream:
            for found in read_records(stream):
                if isinstance(found, RawRecord) and len(found.leader) == 24:
                    xml = to_marcxml(found.fields, found.leader).decode()
                    items.append(Item(f"oai:nyata:{len(items)}", START, xml[xml.index("<record") :]))
    assert len(items) > 20
    with OaiServer(items) as server:
        got = [r for page, _ in harvest(OaiClient(server.url), Order("marcxml")) for r in page.records]
    assert len(got) == len(items)
    for record, expected in zip(got, items, strict=True):
        sent = parse_payload(expected.metadata.encode(), "marcxml")
        assert parse_payload(record.payload, "marcxml").fields == sent.fields
