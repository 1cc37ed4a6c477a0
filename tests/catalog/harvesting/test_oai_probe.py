"""The probe tells what a server can do, and knows the systems of most members by what they let slip."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from catalog.harvesting.oai.client import OaiClient
from catalog.harvesting.oai.probe import choose_prefix, probe
from catalog.harvesting.oai.quirks import GRADES, QUIRKS, SYSTEMS, Profile
from catalog.harvesting.oai.types import MetadataFormat
from tests.catalog.harvesting.oai_server import Behaviour, Item, OaiServer, dublin_core, records

DC_ONLY = ("oai_dc",)


@pytest.fixture(autouse=True)
def loopback(settings: Any) -> None:
    settings.ALLOW_PRIVATE_ADDRESSES = True


def probed(items: list[Item], **behaviour: Any) -> Profile:
    with OaiServer(items, Behaviour(**behaviour)) as server:
        return probe(OaiClient(server.url))


def short(items: list[Item], extra: str = "") -> list[Item]:
    for item in items:
        item.metadata = dublin_core("Judul", extra)
    return items


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
    twice = records(15)
    twice[7].identifier = twice[2].identifier
    assert "dup_ids" in probed(twice).quirks


def test_slims_with_its_old_endpoint_is_known() -> None:
    profile = probed(
        short(records(45, name="slims/1")), prefixes=DC_ONLY, no_dates=True, from_needs_until=True,
        offset_token=True, newest_first=True, deleted_record="no", earliest="", count=False,
    )  # fmt: skip
    assert profile.system == "slims_oai"
    assert SYSTEMS["slims_oai"][1] == set(profile.quirks)
    assert (profile.grade, profile.dates_work) == ("D", False)


def test_slims_with_its_new_endpoint_is_known() -> None:
    isbn = "<dc:identifier_isbn>9789794338223</dc:identifier_isbn>"
    profile = probed(short(records(45), isbn), prefixes=DC_ONLY, local_hours=7, deleted_record="transient")
    assert profile.system == "slims_oai2"
    assert SYSTEMS["slims_oai2"][1] == set(profile.quirks)
    assert (profile.grade, profile.dates_work) == ("D", False)


def test_inlislite_is_known() -> None:
    profile = probed(
        records(45), prefixes=("marc21", "oai_dc"), prefix_with_token=True, offset_token=True, newest_first=True,
        deleted_record="no", earliest="2020-01-01T00:00:00Z",
    )  # fmt: skip
    assert profile.system == "inlislite3"
    assert {"prefix_with_token", "offset_token", "no_deletes"} <= set(profile.quirks)
    assert profile.prefix == "marc21"


def test_koha_is_known() -> None:
    profile = probed(records(45), description="Koha 23.11", page=20)
    assert (profile.system, profile.system_name, profile.grade) == ("koha", "Koha", "A")


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
