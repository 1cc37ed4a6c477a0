"""The probe tells what a server can do, and knows the systems of most members by what they let slip."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from catalog.harvesting.oai.client import OaiClient
from catalog.harvesting.oai.probe import choose_prefix, probe
from catalog.harvesting.oai.quirks import GRADES, QUIRKS, SYSTEMS, Profile
from catalog.harvesting.oai.types import MetadataFormat
from tests.catalog.harvesting.oai_helpers import harvest_now, impatience, live, oai_source
from tests.catalog.harvesting.oai_server import START, Behaviour, Item, OaiServer, records
from tests.catalog.harvesting.oai_systems import Served, inlislite3, koha, slims_oai, slims_oai2

DC_ONLY = ("oai_dc",)


impatient = pytest.fixture(autouse=True)(impatience)


def probed(items: list[Item], **behaviour: Any) -> Profile:
    with OaiServer(items, Behaviour(**behaviour)) as server:
        return probe(OaiClient(server.url))


def test_a_server_by_the_book_gets_the_best_grade() -> None:
    profile = probed(records(45))
    assert (profile.grade, profile.quirks, profile.error) == ("A", [], "")
    assert (profile.prefix, profile.seconds, profile.complete_list_size) == ("marcxml", True, 45)
    assert profile.tried == ["identify", "token", "from", "token_dates"]
    assert profile.dates_work


@pytest.mark.parametrize(
    ("behaviour", "quirk"),
    [
        ({"no_dates": True}, "no_dates"),
        ({"ignore_dates": True}, "ignores_from"),
        ({"from_needs_until": True}, "from_needs_until"),
        ({"token_loses_dates": True}, "token_loses_dates"),
        ({"local_hours": 7}, "local_time_as_z"),
        ({"refuse_seconds": True}, "days_only"),
        ({"prefix_with_token": True}, "prefix_with_token"),
        ({"offset_token": True}, "offset_token"),
        ({"deleted_record": "no"}, "no_deletes"),
        ({"deleted_record": "transient"}, "some_deletes"),
        ({"prefixes": DC_ONLY}, "no_marc"),
        ({"after": b"<br />Notice: x"}, "broken_xml"),
        ({"page": 50}, "no_token"),
        ({"endless_token": True}, "endless_list"),
        ({"endless_pages": True}, "endless_list"),
        ({"expire": 9}, "broken_token"),
    ],
)
def test_each_oddity_is_found(behaviour: dict[str, Any], quirk: str) -> None:
    profile = probed(records(45), **behaviour)
    assert quirk in profile.quirks
    assert profile.grade >= QUIRKS[quirk].best
    assert (QUIRKS[quirk].says, QUIRKS[quirk].ask) in profile.sentences()


def test_default_names_and_numbers_given_twice_are_found() -> None:
    assert "dup_ids" in probed(records(15, name="localhost")).quirks
    koha = [replace(item, identifier=f"KOHA-OAI-TEST:{n}") for n, item in enumerate(records(15))]
    assert "dup_ids" in probed(koha).quirks
    twice = records(15)
    twice[7].identifier = twice[2].identifier
    assert "dup_ids" in probed(twice).quirks


@pytest.mark.parametrize(
    ("make", "system", "grade", "more"),
    [
        (slims_oai, "slims_oai", "D", set()),
        (slims_oai2, "slims_oai2", "D", set()),
        (inlislite3, "inlislite3", "C", {"broken_xml"}),
        (koha, "koha", "B", set()),
    ],
)
def test_the_systems_of_most_members_are_known_by_their_answers(
    make: Callable[[int], Served], system: str, grade: str, more: set[str]
) -> None:
    """All that their code is known for, and nothing that it is not."""
    with OaiServer(*make(245)) as server:
        profile = probe(OaiClient(server.url))
    assert (profile.system, profile.error) == (system, "")
    assert set(profile.quirks) == SYSTEMS[system][1] | more
    assert profile.grade == grade
    assert profile.prefix == {"koha": "marcxml", "inlislite3": "marc21"}.get(system, "oai_dc")
    assert profile.dates_work == (system == "koha"), "of the others the whole list is fetched and compared"


@pytest.mark.parametrize("make", [slims_oai, slims_oai2, inlislite3])
def test_edits_and_deletions_arrive_though_no_date_tells_of_them(
    make: Callable[[int], Served], db: None
) -> None:
    """What every SLiMS and INLISLite keeps to itself: a record changed, one taken out, one made and never edited."""
    items, behaviour = make(245)
    with OaiServer(items, behaviour) as server:
        own = oai_source(server, is_snapshot=True)
        assert harvest_now(own).created == 245
        items[3].metadata = (
            items[3].metadata.replace("Judul", "Judul baru").replace("Ekonomi", "Ilmu ekonomi")
        )
        gone = items.pop(7).identifier
        items.append(replace(items[8], identifier="oai:baru:1", edited=False, stamp=START))
        run = harvest_now(own)
    assert (run.created, run.updated, run.deleted) == (1, 1, 1)
    assert gone not in live(own)
    assert "oai:baru:1" in live(own)


def test_times_that_are_promised_and_not_understood_are_found_and_days_asked_for(db: None) -> None:
    with OaiServer(records(45), Behaviour(refuse_seconds=True)) as server:
        own = oai_source(server)
        assert harvest_now(own).status == "done"
        assert "days_only" in own.oai_profile["quirks"]
        assert harvest_now(own).status == "done"
        dated = [r["from"] for r in server.requests if "from" in r]
    assert len(dated[-1]) == len("2024-03-01")


@pytest.mark.parametrize(
    ("behaviour", "error"), [({"login_page": True}, "html_page"), ({"error": "badArgument"}, "badArgument")]
)
def test_what_ends_the_probe_is_its_error(behaviour: dict[str, Any], error: str) -> None:
    profile = probed(records(3), **behaviour)
    assert (profile.error, profile.grade) == (error, "E")


def test_an_empty_catalogue_is_not_usable() -> None:
    profile = probed([])
    assert (profile.quirks, profile.grade) == (["no_records"], "E")


def test_dates_refused_in_the_future_are_dates_that_are_looked_at() -> None:
    later = (datetime.now(timezone.utc) + timedelta(days=300)).strftime("%Y-%m-%d")
    profile = probed(records(45), refuse_from=later)
    assert (profile.error, profile.quirks, profile.grade) == ("", [], "A")


def test_the_richest_format_is_chosen() -> None:
    def formats(*pairs: tuple[str, str]) -> list[MetadataFormat]:
        return [MetadataFormat(prefix, namespace=space) for prefix, space in pairs]

    marc = "http://www.loc.gov/MARC21/slim"
    assert choose_prefix(formats(("oai_dc", ""), ("marcxml", ""))) == "marcxml"
    assert choose_prefix(formats(("oai_dc", ""), ("MARC21", ""))) == "MARC21"
    assert choose_prefix(formats(("oai_dc", ""), ("kbib", marc))) == "kbib"
    assert choose_prefix(formats(("mods", ""), ("oai_dc", ""))) == "oai_dc"
    assert choose_prefix([]) == "oai_dc"


def test_a_profile_survives_being_stored() -> None:
    profile = probed(records(45), local_hours=7)
    stored = profile.as_json()
    assert stored["grade"] == profile.grade
    assert Profile.from_json(stored) == profile


def test_known_quirks_and_grades_fit_together() -> None:
    assert {q.best for q in QUIRKS.values()} <= set(GRADES)
    assert all(quirks <= set(QUIRKS) for _, quirks in SYSTEMS.values())
