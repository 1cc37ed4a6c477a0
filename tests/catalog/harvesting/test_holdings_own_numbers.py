"""Holdings records of a server that calls records otherwise than they call themselves: 004 is a bare 001."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog.harvesting.holdings_join import _OWNERS
from catalog.models import Holding, HoldingsRecord, Run, Source, SourceRecord
from catalog.presenters.marc import marc_views
from catalog.services.rekey import rekey_start
from catalog.services.runs import run_execute
from tests.catalog.building import SYSTEM, library, person, source
from tests.catalog.harvesting.oai_helpers import harvest_now as harvest
from tests.catalog.harvesting.oai_helpers import impatience, oai_source
from tests.catalog.harvesting.oai_server import MARC, START, Item, OaiServer, marcxml

pytestmark = pytest.mark.django_db
impatient = pytest.fixture(autouse=True)(impatience)


def title(name: str, number: int, text: str = "Majalah Komunikasi", after: int = 0) -> Item:
    return Item(f"oai:uji:{name}", START + timedelta(minutes=after), marcxml(number, text))


def holdings(name: str, host: str, years: str = "1990-2005", after: int = 0) -> Item:
    text = (
        f'<record xmlns="{MARC}"><leader>00000ny  a2200000i 4500</leader>'
        f'<controlfield tag="001">{name}</controlfield><controlfield tag="004">{host}</controlfield>'
        '<datafield tag="852" ind1=" " ind2=" "><subfield code="b">Pusat</subfield></datafield>'
        f'<datafield tag="866" ind1=" " ind2="0"><subfield code="a">{years}</subfield></datafield></record>'
    )
    return Item(f"oai:uji:{name}", START + timedelta(minutes=after), text)


def others(count: int = 5) -> list[Item]:
    return [title(f"x{n}", 100 + n, f"Judul lain {n}") for n in range(count)]


def years_of(own: Source) -> list[tuple[str, str]]:
    found = Holding.objects.filter(record__source=own).exclude(textual="")
    return sorted(found.values_list("record__identifier", "textual"))


def later(own: Source, items: list[Item], *changed: Item) -> Run:
    """The next harvest, to which the server has these as new or changed."""
    assert own.oai_since is not None
    for item in changed:
        item.stamp = own.oai_since + timedelta(hours=47)
        if item not in items:
            items.append(item)
    return harvest(own)


def test_holdings_find_their_title_by_its_001() -> None:
    items = [*others(), title("a7", 7), holdings("h1", "7")]
    with OaiServer(items) as server:
        own = oai_source(server)
        run = harvest(own)
    assert (run.rejected, run.warnings.get("holdings_waiting")) == (0, None)
    assert years_of(own) == [("oai:uji:a7", "1990-2005")]
    held = Holding.objects.get(textual="1990-2005")
    (view,) = marc_views(held.edition)
    assert [part[1].text for part in view.parts] == ["7", "h1"]


def test_holdings_that_come_first_wait_for_the_title_with_that_001() -> None:
    items = [holdings("h1", "7"), *others()]
    with OaiServer(items) as server:
        own = oai_source(server)
        assert harvest(own).warnings == {"holdings_waiting": 1}
        later(own, items, title("a7", 7))
        assert years_of(own) == [("oai:uji:a7", "1990-2005")]


def test_a_title_that_is_called_so_comes_before_one_that_calls_itself_so() -> None:
    items = [title("a7", 7), holdings("h1", "7")]
    with OaiServer(items) as server:
        own = oai_source(server)
        harvest(own)
        exact = title("b", 8, "Tempo")
        exact.identifier = "7"
        later(own, items, exact)
        assert years_of(own) == [("7", "1990-2005")]


def test_a_001_of_two_titles_tells_nothing_and_the_holdings_wait_until_one_is_left() -> None:
    items = [*others(), title("a7", 7), holdings("h1", "7")]
    with OaiServer(items) as server:
        own = oai_source(server)
        harvest(own)
        twin = title("b7", 7, "Tempo")
        later(own, items, twin)
        assert years_of(own) == []
        assert HoldingsRecord.objects.get().is_ambiguous
        twin.deleted = True
        later(own, items, twin)
        assert years_of(own) == [("oai:uji:a7", "1990-2005")]
        assert not HoldingsRecord.objects.get().is_ambiguous


def test_the_source_page_says_how_many_holdings_wait_and_why() -> None:
    items = [title("a7", 7), title("b7", 7, "Tempo"), holdings("h1", "7"), holdings("h2", "9")]
    with OaiServer(items) as server:
        own = oai_source(server, of=library("UJI"))
        harvest(own)
    client = Client(headers={"accept-language": "en"})
    client.force_login(person("manager", own.library), backend="django.contrib.auth.backends.ModelBackend")
    text = client.get(reverse("catalog:source", args=[own.pk])).content.decode()
    assert "2 holdings records wait for their title." in text
    assert "1 of them names a number that several titles have" in text
    assert "oai:uji:h1" in text


def test_a_holdings_record_that_is_given_to_another_title_leaves_the_first() -> None:
    items = [title("a7", 7), title("a8", 8, "Tempo"), holdings("h1", "7")]
    with OaiServer(items) as server:
        own = oai_source(server)
        harvest(own)
        items.pop()
        later(own, items, holdings("h1", "8"))
        assert years_of(own) == [("oai:uji:a8", "1990-2005")]


def test_a_title_that_changes_its_001_lets_the_holdings_go() -> None:
    items = [title("a7", 7), *others(), holdings("h1", "7")]
    with OaiServer(items) as server:
        own = oai_source(server)
        harvest(own)
        items[0].metadata = marcxml(70, "Majalah Komunikasi")
        later(own, items, items[0])
        assert years_of(own) == []
        items[0].metadata = marcxml(7, "Majalah Komunikasi")
        later(own, items, items[0])
        assert years_of(own) == [("oai:uji:a7", "1990-2005")]


def test_holdings_that_the_server_announces_as_deleted_go() -> None:
    items = [title("a7", 7), *others(), holdings("h1", "7")]
    with OaiServer(items) as server:
        own = oai_source(server)
        harvest(own)
        items[-1].deleted = True
        later(own, items, items[-1])
    assert not HoldingsRecord.objects.exists()
    assert years_of(own) == []


def test_changing_the_numbers_over_tells_again_whom_a_001_means(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setattr("catalog.services.rekey.run_send", lambda number: None)
    items = [title(f"old{n}", n, f"Majalah {n} kota") for n in range(12)]
    items.append(holdings("h1", "7"))
    with OaiServer(items) as server:
        own = oai_source(server)
        harvest(own)
        before = SourceRecord.objects.get(identifier="oai:uji:old7").pk
        changed = [title(f"new{n}", n, f"Majalah {n} kota") for n in range(12)]
        for item in items[:12]:
            item.deleted = True
        with django_capture_on_commit_callbacks(execute=True):
            later(own, items, *items[:12], *changed)
    assert HoldingsRecord.objects.get().is_ambiguous, "both are there until somebody decides"
    run_execute(run_id=rekey_start(source=own, actor=SYSTEM).pk, actor=SYSTEM)
    assert years_of(own) == [("oai:uji:new7", "1990-2005")]
    assert HoldingsRecord.objects.get().record_id == before


def test_looking_for_a_001_uses_the_index() -> None:
    own = source()
    SourceRecord.objects.bulk_create(
        SourceRecord(source=own, identifier=f"oai:uji:{n}", raw=b"", raw_format="marcxml", content_hash=b"",
                     draft={"identifier": str(n)}, first_seen_at=timezone.now(), changed_at=timezone.now())
        for n in range(3000)
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE catalog_sourcerecord")  # an empty table has no plan to speak of
        cursor.execute("EXPLAIN " + _OWNERS, {"source": own.pk, "names": ["7"]})
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "record_own_number" in plan, plan
