"""The pages of a source's rules: adding with a preview, changing, moving, deleting, applying."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from catalog.models import Holding, Run, Source
from catalog.services.rules import rules_preview, state_of
from catalog.services.runs import run_execute
from members.models import Library
from network_portal.core.models import AuditEntry
from tests.catalog.building import SYSTEM, library, load, marc, source, write

from .test_pages import client_of

pytestmark = pytest.mark.django_db
BOOK, LANGUAGE = {"do": "set_format", "to": "map"}, {"do": "set_language", "to": "ind"}


@pytest.fixture
def home() -> Library:
    return library("UNPAD")


@pytest.fixture
def own(home: Library, tmp_path: Path) -> Source:
    made = source(home, name="Koha")
    load(made, write(tmp_path, *[marc(str(n), f"Judul nomor {n}", call="899") for n in range(12)],
                     marc("x", "Tanpa eksemplar")))  # fmt: skip
    return made


def address(name: str, own: Source, *args: Any) -> str:
    return reverse(f"catalog:{name}", args=[own.pk, *args])


def test_a_rule_is_shown_on_stored_records_before_it_is_saved(home: Library, own: Source) -> None:
    client = client_of("manager", home)
    answers = {"where": "location", "from": "Umum", "to": "map", "state": state_of(own)}
    shown = client.post(address("source_rule_new", own, "set_format"), {**answers, "look": "1"})
    preview = shown.context["preview"]
    assert (preview.sampled, preview.changed, len(preview.examples)) == (13, 12, 10)
    assert "<del>Book</del>" in shown.content.decode()
    assert "<ins>Map</ins>" in shown.content.decode()
    own.refresh_from_db()
    assert own.rules == []
    saved = client.post(address("source_rule_new", own, "set_format"), {**answers, "save": "1"})
    assert saved["Location"] == address("source_rules", own)
    own.refresh_from_db()
    assert own.rules == [{"do": "set_format", "where": "location", "from": "Umum", "to": "map"}]
    assert AuditEntry.objects.get(code="catalog.rules.changed").data == {"before": [], "after": own.rules}
    assert (
        "the place of the copy is “Umum” → Map" in client.get(address("source_rules", own)).content.decode()
    )


def test_places_are_listed_with_their_counts_and_only_their_names_are_typed(
    home: Library, own: Source
) -> None:
    client = client_of("manager", home)
    new = address("source_rule_new", own, "map_location")
    places = client.get(new).context["form"].places
    assert [(p.code, p.records, p.name) for p in places] == [("Umum", 12, "")]
    answers = {"code_0": "Umum", "name_0": "Lantai 1", "code_new": "REF", "name_new": "Rujukan"}
    client.post(new, {**answers, "state": state_of(own), "save": "1"})
    own.refresh_from_db()
    assert own.rules == [{"do": "map_location", "map": {"Umum": "Lantai 1", "REF": "Rujukan"}}]
    client.post(address("source_rules_apply", own))
    run_execute(run_id=Run.objects.latest("id").pk, actor=SYSTEM)
    assert Holding.objects.filter(location="Lantai 1").count() == 12
    again = client.get(new, follow=True)
    assert again.redirect_chain[0][0] == address("source_rule", own, 0)
    listed = [(p.code, p.records, p.name) for p in again.context["form"].places]
    assert listed == [("Umum", 12, "Lantai 1"), ("REF", 0, "Rujukan")]


def test_the_preview_is_of_the_change_against_the_rules_in_use(own: Source) -> None:
    own.rules = [BOOK]
    assert rules_preview(own, [BOOK]).changed == 0
    found = rules_preview(own, [BOOK, {"do": "leave_out", "where": "location", "from": "Umum"}])
    assert (found.changed, found.left_out) == (12, 12)


def test_rules_are_moved_and_deleted(home: Library, own: Source) -> None:
    Source.objects.update(rules=[BOOK, LANGUAGE])
    client = client_of("manager", home)

    def change(place: int, action: str) -> list[Any]:
        own.refresh_from_db()
        data = {"state": state_of(own), "action": action}
        client.post(address("source_rule_change", own, place), data)
        own.refresh_from_db()
        return own.rules

    assert change(1, "up") == [LANGUAGE, BOOK]
    assert change(0, "down") == [BOOK, LANGUAGE]
    assert change(0, "up") == [BOOK, LANGUAGE]
    assert change(9, "up") == [BOOK, LANGUAGE]
    assert change(0, "delete") == [LANGUAGE]


def test_rules_that_somebody_else_changed_meanwhile_are_not_overwritten(home: Library, own: Source) -> None:
    client, state = client_of("manager", home), state_of(own)
    Source.objects.update(rules=[LANGUAGE])
    client.post(address("source_rule_change", own, 0), {"state": state, "action": "delete"})
    refused = client.post(
        address("source_rule_new", own, "set_language"), {"to": "eng", "state": state, "save": "1"}
    )
    own.refresh_from_db()
    assert (refused.status_code, own.rules) == (422, [LANGUAGE])


@pytest.mark.parametrize(
    ("do", "answers"),
    [
        ("set_format", {"to": "novel"}),
        ("leave_out", {"where": "location", "from": ""}),
        ("leave_out", {"where": "format", "from": "novel"}),
        ("drop_field", {"field": "title"}),
        ("strip_call_number", {"from": "  "}),
        ("map_location", {"code_0": "Umum", "name_0": ""}),
    ],
)
def test_an_incomplete_rule_is_refused(home: Library, own: Source, do: str, answers: dict[str, str]) -> None:
    data = {**answers, "state": state_of(own), "save": "1"}
    response = client_of("manager", home).post(address("source_rule_new", own, do), data)
    assert response.status_code == 422
    own.refresh_from_db()
    assert own.rules == []


def test_stored_junk_is_shown_as_what_it_is_and_can_be_deleted(home: Library, own: Source) -> None:
    Source.objects.update(rules=[{"do": "nothing"}])
    client = client_of("manager", home)
    assert "Not understood" in client.get(address("source_rules", own)).content.decode()
    assert client.get(address("source_rule", own, 0)).status_code == 404
    assert client.get(address("source_rule_new", own, "nothing")).status_code == 404
    own.refresh_from_db()
    client.post(address("source_rule_change", own, 0), {"state": state_of(own), "action": "delete"})
    own.refresh_from_db()
    assert own.rules == []


def test_every_kind_of_rule_has_its_form_and_its_sentence(home: Library, own: Source) -> None:
    client = client_of("manager", home)
    answers: dict[str, dict[str, str]] = {
        "set_status": {"where": "location", "from": "Umum", "to": "reference"}, "drop_field": {"field": "notes"},
        "strip_call_number": {"from": "P "}, "set_format": {"to": "book"}, "set_language": {"to": "ind"},
        "leave_out": {"where": "format", "from": "MAP"}, "map_location": {"code_new": "A", "name_new": "B"},
    }  # fmt: skip
    for do, told in answers.items():
        own.refresh_from_db()
        response = client.post(
            address("source_rule_new", own, do), {**told, "state": state_of(own), "save": "1"}
        )
        assert response.status_code == 302, do
    text = client.get(address("source_rules", own)).content.decode()
    for words in ("the place of the copy is “Umum” → Use in the library only", "“P ” at the beginning",
                  "all records → Book", "→ Indonesian", "the kind of material is “Map”", "A → B", "Notes"):  # fmt: skip
        assert words in text


def test_librarians_look_and_do_not_change(home: Library, own: Source) -> None:
    Source.objects.update(rules=[LANGUAGE])
    client = client_of("librarian", home)
    text = client.get(address("source_rules", own)).content.decode()
    assert "Set the language" in text
    assert "Delete" not in text
    assert client.get(address("source_rule", own, 0)).status_code == 403
