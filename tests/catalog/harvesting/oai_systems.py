"""The systems of most members as servers: what each answers, as their code has it. Used by the tests of the probe.

Each gives items and the behaviour to serve them with: `with OaiServer(*slims_oai(45)) as server:`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.catalog.harvesting.oai_server import START, Behaviour, Item, dublin_core, marcxml, records

Served = tuple[list[Item], Behaviour]


def slims_oai(count: int) -> Served:
    """lib/oai-pmh.inc.php: no datestamps, oai:slims/<n> everywhere, from only with until and by date of creation,
    the token is prefix/offset and has lost the dates, newest first by offset, no deletions, Dublin Core alone.
    """
    items = [
        Item(f"oai:slims/{n}", START + timedelta(minutes=n), dublin_core(f"Judul nomor {n}"))
        for n in range(1, count + 1)
    ]
    return items, Behaviour(
        repository="Senayan", prefixes=("oai_dc",), no_dates=True, from_needs_until=True, offset_token=True,
        newest_first=True, deleted_record="no", earliest="", count=False,
    )  # fmt: skip


def slims_oai2(count: int) -> Served:
    """lib/oaipmh: local time (Asia/Jakarta) with a Z, date of creation, few deletions, an ISBN in an element of its
    own, call number and cover both as dc:identifier, an image without a namespace, a hundred to a page.
    """
    extra = (
        "<dc:identifier_isbn>9789794338223</dc:identifier_isbn><dc:identifier>899.221 TOE b</dc:identifier>"
        "<dc:identifier>http://perpus.example.ac.id/images/docs/bumi.jpg</dc:identifier><image>bumi.jpg</image>"
    )
    items = [
        Item(
            f"oai:perpus.example.ac.id:slims-{n}",
            START + timedelta(minutes=n),
            dublin_core(f"Judul {n}", extra),
        )
        for n in range(1, count + 1)
    ]
    return items, Behaviour(prefixes=("oai_dc",), local_hours=7, deleted_record="transient", page=100)


def inlislite3(count: int) -> Served:
    """Modules/SubModule/Oai: a token only together with metadataPrefix, newest first by offset, no deletions, from
    finds only what was edited, earliestDatestamp fixed at 2020, the raw MARC_LOC (its ampersands as they are) or else
    a minimal record with the call number in 050; no copies.
    """
    items = records(count, name="inlislite.example.go.id")
    for number, item in enumerate(items):
        item.edited = number % 3 == 0
        if number % 2:
            item.metadata = marcxml(number, "XX").replace("XX", "Ekonomi & bisnis")
        else:
            call = '<datafield tag="050" ind1=" " ind2=" "><subfield code="a">330.1</subfield></datafield></record>'
            item.metadata = item.metadata.replace("</record>", call)
    return items, Behaviour(
        prefixes=("marc21", "oai_dc"), prefix_with_token=True, offset_token=True, newest_first=True,
        deleted_record="no", earliest="2020-01-01T00:00:00Z", unedited_undated=True,
    )  # fmt: skip


def koha(count: int) -> Served:
    """opac/oai.pl: by the book, deletions for good, copies in 952; a change of copies does not touch the date."""
    items = records(count, name="koha.example.ac.id")
    copy = (
        '<datafield tag="952" ind1=" " ind2=" "><subfield code="b">PUSAT</subfield><subfield code="o">899.2</subfield>'
        '<subfield code="p">B{}</subfield></datafield></record>'
    )
    for number, item in enumerate(items):
        item.metadata = item.metadata.replace("</record>", copy.format(number))
    behaviour = Behaviour(description="Koha 23.11", page=20)
    return items, replace(behaviour, prefixes=("marcxml", "marc21", "oai_dc"))
