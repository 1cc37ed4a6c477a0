"""MODS: the parts of a record, collections, damage, and 20,007 real ones read straight out of their archive."""

from __future__ import annotations

import io
import tarfile
import time

from catalog.formats.draft import BibDraft
from catalog.formats.marc21 import problem, to_draft
from catalog.formats.reader import parse_payload, read_records
from catalog.formats.records import RawRecord
from tests.paths import SHARED, needs_shared

from .build import bad, good

ARCHIVE = SHARED / "data" / "mods" / "MODS-loc-nist" / "mods_20007.tar.gz"
WHOLE = """
<titleInfo><nonSort>The</nonSort><title>house of glass</title><subTitle>a novel</subTitle>
  <partNumber>Vol. 4</partNumber><partName>Exile</partName></titleInfo>
<titleInfo type="uniform"><title>Rumah kaca</title></titleInfo>
<titleInfo type="alternative"><title>Glass house</title></titleInfo>
<name type="personal"><namePart>Lane, Max</namePart><role><roleTerm type="code">trl</roleTerm></role></name>
<name type="personal" usage="primary"><namePart type="family">Toer</namePart>
  <namePart type="given">Pramoedya Ananta</namePart><namePart type="date">1925-2006</namePart></name>
<name type="corporate"><namePart>Universitas Indonesia</namePart><namePart>Perpustakaan</namePart></name>
<typeOfResource>text</typeOfResource>
<originInfo><place><placeTerm type="code" authority="marccountry">nyu</placeTerm></place>
  <dateIssued encoding="marc">1996</dateIssued></originInfo>
<originInfo><place><placeTerm type="text">New York :</placeTerm></place><publisher>Morrow,</publisher>
  <dateIssued>c1996.</dateIssued><edition>1st ed.</edition><issuance>monographic</issuance></originInfo>
<language><languageTerm type="code" authority="iso639-2b">eng</languageTerm></language>
<physicalDescription><extent>365 p. ; 24 cm.</extent></physicalDescription>
<abstract>The last of four.</abstract><note type="statement of responsibility">Pramoedya ; transl. Max Lane</note>
<note>Sequel.</note>
<subject><topic>Journalists</topic><geographic>Java</geographic></subject>
<classification authority="ddc">899.22132</classification>
<relatedItem type="series"><titleInfo><title>Buru quartet</title><partNumber>4</partNumber></titleInfo></relatedItem>
<identifier type="isbn">0688145949</identifier><identifier type="oclc">33243155</identifier>
<location><physicalLocation>UI</physicalLocation><shelfLocator>899.2 TOE h</shelfLocator>
  <url>https://example.org/1</url></location>
<recordInfo><recordIdentifier>m-1</recordIdentifier></recordInfo>
"""


def mods(inside: str, prefix: str = "") -> str:
    if prefix:
        inside = inside.replace("</", "\0").replace("<", f"<{prefix}:").replace("\0", f"</{prefix}:")
        return f"<{prefix}:mods>{inside}</{prefix}:mods>"
    return f'<mods version="3.7">{inside}</mods>'


def collection(*records: str, prefix: str = "") -> bytes:
    name = f"{prefix}:modsCollection" if prefix else "modsCollection"
    space = f"xmlns:{prefix}" if prefix else "xmlns"
    return f'<{name} {space}="http://www.loc.gov/mods/v3">{"".join(records)}</{name}>'.encode()


def draft(inside: str) -> BibDraft:
    return to_draft(good(collection(mods(inside)))[0])


def test_every_part_of_a_record_arrives() -> None:
    found = draft(WHOLE)
    assert (found.identifier, found.title, found.nonfiling) == ("m-1", "The house of glass", 4)
    assert (found.subtitle, found.part_number, found.part_name) == ("a novel", "Vol. 4", "Exile")
    assert sorted(found.variant_titles) == ["Glass house", "Rumah kaca"]
    assert [(c.name, c.role) for c in found.contributors] == [
        ("Toer, Pramoedya Ananta", "author"), ("Lane, Max", "translator"),
        ("Universitas Indonesia. Perpustakaan", "corporate"),
    ]  # fmt: skip
    assert found.contributors[0].dates == "1925-2006"
    assert (found.place, found.publisher, found.year, found.year_text) == (
        "New York",
        "Morrow",
        1996,
        "c1996",
    )
    assert (found.edition_statement, found.extent, found.language) == ("1st ed.", "365 p. ; 24 cm.", "eng")
    assert (found.format, found.carrier, found.series) == ("book", "print", ["Buru quartet ; 4"])
    assert (found.subjects, found.classification) == (["Journalists -- Java"], ["899.22132"])
    assert found.isbns == ["9780688145941"]
    assert ("oclc", "33243155") in [(i.scheme, i.value) for i in found.identifiers]
    assert (found.summary, found.responsibility) == ("The last of four.", "Pramoedya ; transl. Max Lane")
    assert found.links == ["https://example.org/1"]
    assert [(h.location, h.call_number) for h in found.holdings] == [("UI", "899.2 TOE h")]


def test_a_prefix_changes_nothing() -> None:
    assert good(collection(mods(WHOLE.replace(' type="', ' type="'), "m"), prefix="m"))[0].fields == (
        good(collection(mods(WHOLE)))[0].fields
    )


def test_kinds_of_material_are_known() -> None:
    title = "<titleInfo><title>Judul</title></titleInfo>"
    assert draft(title + "<typeOfResource>cartographic</typeOfResource>").format == "map"
    assert draft(title + "<typeOfResource>sound recording-musical</typeOfResource>").carrier == "audio"
    assert draft(title + "<originInfo><issuance>serial</issuance></originInfo>").format == "serial"
    assert draft(title + "<genre>thesis</genre>").format == "thesis"
    online = "<physicalDescription><form>online resource</form></physicalDescription>"
    assert (draft(title + online).format, draft(title + online).carrier) == ("book", "electronic")
    host = '<relatedItem type="host"><titleInfo><title>Jurnal</title></titleInfo></relatedItem>'
    assert draft(title + host).format == "article"


def test_a_stored_record_is_read_again_as_it_was() -> None:
    (found,) = good(collection(mods(WHOLE, "m"), prefix="m"))
    assert found.format == "mods"
    again = parse_payload(found.payload, found.format)
    assert (again.leader, again.fields) == (found.leader, found.fields)


def test_a_damaged_record_costs_no_other() -> None:
    title = "<titleInfo><title>%s</title></titleInfo>"
    content = collection(
        mods(title % "Satu & dua"), mods("<titleInfo>" + title % "x"), mods(""), mods(title % "Empat")
    )
    assert [to_draft(r).title for r in good(content)] == ["Satu & dua", "Empat"]
    assert [(r.position, r.reason_code) for r in bad(content)] == [
        (2, "xml_malformed"),
        (3, "xml_no_description"),
    ]
    cut = collection(mods(title % "Satu"), mods(title % "Dua"))[:-40]
    assert [r.reason_code for r in bad(cut)] == ["truncated"]


@needs_shared
def test_the_real_records_are_all_of_use() -> None:
    counts = {"records": 0, "accepted": 0, "isbn": 0, "year": 0, "author": 0, "language": 0, "subject": 0}
    seconds = 0.0
    with tarfile.open(ARCHIVE) as archive:
        for number, member in enumerate(archive):
            # test_counts.py reads them all.
            if number % 10 or not (file := archive.extractfile(member)):
                continue
            content = io.BytesIO(file.read())
            started = time.perf_counter()
            for record in read_records(content):
                counts["records"] += 1
                assert isinstance(record, RawRecord)
                assert record.format == "mods"
                found = to_draft(record)
                counts["accepted"] += problem(found) is None
                for name in ("year", "author", "language"):
                    counts[name] += bool(getattr(found, name))
                counts["isbn"] += bool(found.isbns)
                counts["subject"] += bool(found.subjects)
            seconds += time.perf_counter() - started
    assert counts == {
        "records": 2000, "accepted": 2000, "isbn": 0, "year": 2000, "author": 2000, "language": 5,
        "subject": 1908,
    }  # fmt: skip
    assert counts["records"] / seconds > 200


def test_a_name_that_ends_in_an_initial_keeps_its_stop() -> None:
    found = draft(
        "<titleInfo><title>Flowmeters</title></titleInfo>"
        "<name><namePart>Brennan, J. A.</namePart></name><name><namePart>Lane, Max.</namePart></name>"
    )
    assert [person.name for person in found.contributors] == ["Brennan, J. A.", "Lane, Max"]


def test_the_address_of_a_doi_is_one() -> None:
    found = draft(
        "<titleInfo><title>Ionospheric data</title></titleInfo>"
        "<location><url>https://doi.org/10.6028/NBS.CRPL-F-A.25</url></location>"
    )
    assert [(i.scheme, i.value) for i in found.identifiers] == [("doi", "10.6028/NBS.CRPL-F-A.25".lower())]
    assert found.links == ["https://doi.org/10.6028/NBS.CRPL-F-A.25"]
