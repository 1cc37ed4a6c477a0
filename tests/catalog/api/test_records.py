"""POST …/records: what an agent sends is stored before it is answered for."""

from __future__ import annotations

import base64
import json
import threading
from typing import Any

import pytest

from catalog.models import DirtyEdition, Holding, RejectedRecord, Run, Source, SourceRecord
from catalog.services import push_sessions
from tests.catalog.api.conftest import Agent, Answer, book, results
from tests.catalog.building import marc, source

MARCXML = (
    '<record xmlns="http://www.loc.gov/MARC21/slim"><leader>00000nam a2200000 i 4500</leader>'
    '<controlfield tag="001">{id}</controlfield><datafield tag="245" ind1="1" ind2="0">'
    '<subfield code="a">{title}</subfield></datafield></record>'
)


def title_of(agent: Agent, identifier: str) -> str:
    title: str = SourceRecord.objects.get(source=agent.source, identifier=identifier).draft["title"]
    return title


def test_records_are_stored_when_the_answer_comes(agent: Agent) -> None:
    answer = agent.records({"records": [book("1", "Bumi Manusia"), book("2", "Jejak Langkah")]})
    assert results(answer) == {"1": "created", "2": "created"} and answer.body["counts"] == {"created": 2}
    assert SourceRecord.objects.filter(source=agent.source).count() == 2
    run = Run.objects.get(pk=answer.body["run"])
    assert (run.kind, run.status, run.created) == ("push", "done", 2)
    assert DirtyEdition.objects.count() >= 2
    agent.source.refresh_from_db()
    assert agent.source.record_count == 2


def test_the_same_batch_twice_changes_nothing(agent: Agent) -> None:
    batch = {"records": [book("1", "Bumi Manusia", authors=["Pramoedya Ananta Toer"], year=1980)]}
    agent.records(batch)
    before = SourceRecord.objects.get(source=agent.source)
    DirtyEdition.objects.all().delete()
    assert results(agent.records(batch)) == {"1": "unchanged"}
    after = SourceRecord.objects.get(source=agent.source)
    assert (after.changed_at, after.last_run_id) == (before.changed_at, before.last_run_id)
    assert not DirtyEdition.objects.exists()


def test_a_changed_record_is_updated_and_a_deleted_one_taken_out(agent: Agent) -> None:
    agent.records({"records": [book("1", "Bumi Manusia"), book("2", "Jejak Langkah")]})
    answer = agent.records({"records": [book("1", "Bumi manusia")], "deleted": ["2", "9"]})
    assert results(answer) == {"1": "updated", "2": "deleted", "9": "unknown"}
    assert SourceRecord.objects.get(source=agent.source, identifier="2").deleted_at is not None
    assert results(agent.records({"records": [book("2", "Jejak Langkah")]})) == {"2": "created"}


FORMATS: dict[str, Any] = {
    "marcxml": MARCXML.format(id="x", title="Judul"),
    "marcjson": {
        "leader": "00000nam a2200000 i 4500",
        "fields": [{"245": {"ind1": "1", "ind2": "0", "subfields": [{"a": "Judul"}]}}],
    },
    "iso2709": base64.b64encode(marc("x", "Judul")).decode(),
    "oai_dc": '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Judul</dc:title></oai_dc:dc>',
    "mods": '<mods xmlns="http://www.loc.gov/mods/v3"><titleInfo><title>Judul</title></titleInfo></mods>',
    "json": {"title": "Judul"},
    "slims": {"title": "Judul", "authors": "<Ahmad Tohari><Pramoedya Ananta Toer>", "year": "1982"},
}


@pytest.mark.parametrize("name", list(FORMATS))
def test_every_format_is_read(agent: Agent, name: str) -> None:
    answer = agent.records({"records": [{"identifier": "x", "format": name, "data": FORMATS[name]}]})
    assert results(answer) == {"x": "created"}
    assert title_of(agent, "x") == "Judul"


def test_holdings_records_are_joined_to_their_title_and_taken_out_when_deleted(agent: Agent) -> None:
    def sent(name: str, text: str) -> dict[str, Any]:
        return {"identifier": name, "format": "marcxml", "data": text}

    holdings = (
        '<record xmlns="http://www.loc.gov/MARC21/slim"><leader>00000ny  a2200000i 4500</leader>'
        '<controlfield tag="001">h1</controlfield><controlfield tag="004">t1</controlfield>'
        '<datafield tag="852" ind1=" " ind2=" "><subfield code="b">Pusat</subfield></datafield>'
        '<datafield tag="866" ind1=" " ind2="0"><subfield code="a">1990-2005</subfield></datafield></record>'
    )
    agent.records({"records": [sent("t1", MARCXML.format(id="t1", title="Majalah")), sent("h1", holdings)]})
    stored = Holding.objects.filter(record__source=agent.source, textual="1990-2005")
    assert stored.count() == 1
    answer = agent.records({"records": [], "deleted": ["h1", "h2"]})
    assert results(answer) == {"h1": "deleted", "h2": "unknown"}
    assert not stored.exists() and agent.source.records.get(deleted_at=None).identifier == "t1"


def test_flat_fields_are_mapped_like_the_columns_of_a_table(agent: Agent) -> None:
    told = book(
        "1", "Bumi Manusia", authors=["Pramoedya Ananta Toer"], publisher="Hasta Mitra", year=1980,
        isbn="978-979-97312-3-4", publish_place="Jakarta", subjects=["Roman", "Sejarah"], barcode=["B1", "B2"],
        call_number="813 PRA b", shelf_colour="blue",
    )  # fmt: skip
    agent.records({"records": [told]})
    draft = SourceRecord.objects.get(source=agent.source).draft
    assert draft["contributors"][0]["name"] == "Pramoedya Ananta Toer"
    assert (draft["publisher"], draft["year"], draft["place"]) == ("Hasta Mitra", 1980, "Jakarta")
    assert draft["identifiers"][0]["value"] == "9789799731234"
    assert draft["subjects"] == ["Roman", "Sejarah"] and draft["holdings"][0]["barcodes"] == ["B1", "B2"]


def test_a_bad_record_is_refused_with_its_reason_and_the_others_are_stored(agent: Agent) -> None:
    answer = agent.records(
        {
            "records": [
                book("1", "Bumi Manusia"),
                {"identifier": "2", "format": "marcxml", "data": "<record><unclosed>"},
                {"identifier": "3", "format": "word", "data": "x"},
                {"identifier": "4", "format": "iso2709", "data": "%%%"},
                {"identifier": "", "format": "json", "data": {"title": "x"}},
                {"identifier": "a\u0000b", "format": "json", "data": {"title": "x"}},
                {"identifier": "5", "format": "json", "data": {"author": "without a title"}},
                "nonsense",
            ]
        }
    )
    found = {r["identifier"]: r for r in answer.body["results"] if r["identifier"]}
    assert {name: r["result"] for name, r in found.items()} == {
        "1": "created", "2": "rejected", "3": "rejected", "4": "rejected", "5": "rejected",
    }  # fmt: skip
    assert found["3"]["code"] == "format_unknown" and found["5"]["code"] == "no_title"
    assert all(r["reason"] for r in answer.body["results"] if r["result"] == "rejected")
    assert answer.body["counts"] == {"created": 1, "rejected": 7}
    assert RejectedRecord.objects.filter(run_id=answer.body["run"]).count() == 7


def test_entities_in_a_record_are_not_expanded(agent: Agent) -> None:
    bomb = '<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' + MARCXML.format(id="1", title="&b;")
    agent.records({"records": [{"identifier": "1", "format": "marcxml", "data": bomb}]})
    stored = SourceRecord.objects.filter(source=agent.source).first()
    assert stored is None or "aaaa" not in json.dumps(stored.draft)


def test_characters_written_as_two_halves_are_put_together(agent: Agent) -> None:
    title = b"Buku \\ud83d\\udcda \\ud800 baru"
    body = b"""{"records": [{"identifier": "1", "format": "json", "data": {"title": "%s"}}]}""" % title
    agent.records(body)
    assert title_of(agent, "1") == "Buku \U0001f4da \ufffd baru"


def test_an_identifier_that_comes_twice_in_a_batch_counts_the_last_time(agent: Agent) -> None:
    agent.records({"records": [book("1", "Bumi"), book("1", "Bumi Manusia")]})
    assert title_of(agent, "1") == "Bumi Manusia"


def test_a_marcxml_collection_is_taken_as_it_is(agent: Agent) -> None:
    body = f"<collection>{MARCXML.format(id='7', title='Rumah Kaca')}</collection>".encode()
    answer = agent.records(body, kind="application/marcxml+xml; charset=utf-8")
    assert results(answer) == {"7": "created"}


def test_a_file_of_binary_marc_is_taken_as_it_is(agent: Agent) -> None:
    body = marc("7", "Rumah Kaca") + marc("8", "Jejak Langkah")
    assert results(agent.records(body, kind="application/marc")) == {"7": "created", "8": "created"}


def test_lines_of_json_are_taken_as_well(agent: Agent) -> None:
    agent.records({"records": [book("9", "Gadis Pantai")]})
    body = "\n".join([json.dumps(book("1", "Bumi Manusia")), "", json.dumps({"deleted": "9"})]).encode()
    assert results(agent.records(body, kind="application/x-ndjson")) == {"1": "created", "9": "deleted"}


def test_a_packed_body_is_unpacked(agent: Agent) -> None:
    assert results(agent.records({"records": [book("1", "Bumi Manusia")]}, packed=True)) == {"1": "created"}


def test_a_body_that_unpacks_to_too_much_is_refused(agent: Agent) -> None:
    answer = agent.records(b" " * (4 * 1024**2), packed=True)
    assert (answer.status, answer.body["code"]) == (413, "too_large")


def test_a_damaged_packed_body_is_refused(agent: Agent) -> None:
    answer = agent.records(b"not gzip", Content_Encoding="gzip")
    assert (answer.status, answer.body["code"]) == (400, "gzip_damaged")


def test_more_records_or_bytes_than_allowed_are_refused_with_the_limit_said(agent: Agent) -> None:
    many = agent.records({"records": [book(str(n), "x") for n in range(1001)]})
    assert many.status == 413 and "1000" in many.body["detail"].replace(",", "")
    large = agent.records(b" " * (10 * 1024**2 + 1))
    assert large.status == 413 and "10 MB" in large.body["detail"]
    assert not Run.objects.exists()


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"records": 1}', b"[" * 100_000, b'{"seq": 1}', b"\xff\xfe"])
def test_a_body_that_makes_no_sense_is_refused_as_a_whole(agent: Agent, body: bytes) -> None:
    answer = agent.records(body)
    assert answer.status == 400 and answer.body["code"] in ("json_malformed", "json_wrong", "session_wrong")


def test_a_slash_at_the_end_of_the_address_does_no_harm(agent: Agent) -> None:
    assert results(agent.post("records/", {"records": [book("1", "Bumi Manusia")]})) == {"1": "created"}


def test_another_content_type_is_refused(agent: Agent) -> None:
    assert agent.records(b"a,b", kind="text/csv").body["code"] == "type_unknown"


def test_html_sent_as_marcxml_is_refused_with_its_reason(agent: Agent) -> None:
    answer = agent.records(b"<!DOCTYPE html><html><body>Login</body></html>", kind="application/xml")
    assert answer.status == 400 and answer.body["code"] in ("html", "xml_other", "xml_doctype")


def test_a_source_of_another_kind_takes_no_records(agent: Agent) -> None:
    Source.objects.filter(pk=agent.source.pk).update(kind="oai_pmh")
    assert agent.records({"records": []}).body["code"] == "wrong_kind"


def test_two_batches_at_once_are_written_one_after_the_other(agent: Agent) -> None:
    answers: list[Answer] = []

    def send(start: int) -> None:
        records = [book(str(n), f"Judul ke-{n}") for n in range(start, start + 40)]
        for _attempt in range(20):
            answer = agent.records({"records": records})
            if answer.status != 409:
                break
        answers.append(answer)

    threads = [threading.Thread(target=send, args=(n * 40,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [a.body.get("counts") for a in answers] == [{"created": 40}] * 4
    assert SourceRecord.objects.filter(source=agent.source).count() == 160


def test_who_waits_too_long_for_another_batch_is_told_when_to_come_back(
    agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(push_sessions, "PATIENCE", 0.1)
    with push_sessions.alone(agent.source):
        answer = agent.records({"records": []})
    assert (answer.status, answer.body["code"]) == (409, "busy") and int(answer.headers["Retry-After"]) > 0


def test_a_loading_of_the_same_source_is_waited_for(agent: Agent) -> None:
    Run.objects.create(source=agent.source, kind="renormalise", status="running")
    answer = agent.records({"records": []})
    assert answer.status == 409 and int(answer.headers["Retry-After"]) > 0


def test_an_agent_of_one_library_never_touches_anothers_records(agent: Agent, live_server: Any) -> None:
    other = Agent(live_server.url, source(kind="push"))
    agent.records({"records": [book("1", "Bumi Manusia")]})
    other.records({"records": [book("1", "Laskar Pelangi")], "deleted": ["2"]})
    assert title_of(agent, "1") == "Bumi Manusia" and title_of(other, "1") == "Laskar Pelangi"


def test_errors_are_told_in_the_language_that_is_asked_for(agent: Agent) -> None:
    assert agent.records(b"{").body["detail"].startswith("The body")
