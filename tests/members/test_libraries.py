"""Library pages: who sees which, who changes what."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from members.choices import LibraryStatus
from members.models import Library, User
from members.services.libraries import library_create
from members.standing.services import standing_return, standing_suspend
from network_portal.core.actor import Actor
from network_portal.core.models import AuditEntry
from tests.members.world import actor_of, client_of, make_library, make_member

pytestmark = pytest.mark.django_db

FORM = {
    "name": "Perpustakaan Kota Bandung", "library_type": "public", "city": "Bandung", "time_zone": "Asia/Jakarta",
    "lends": "on", "loan_days": 14, "email": "meja@bandung.example",
}  # fmt: skip


def test_anybody_finds_libraries_by_name_city_and_type(
    client: Client, bandung: Library, makassar: Library
) -> None:
    make_library("UNPAD", name="Universitas Padjadjaran", library_type="academic")

    def found(query: str) -> list[str]:
        return [library.short_code for library in client.get(f"/members/?{query}").context["page"]]

    assert found("") == ["BANDUNG", "MAKASSAR", "UNPAD"]
    assert found("q=padja") == ["UNPAD"]
    assert found("city=Makassar") == ["MAKASSAR"]
    assert found("type=academic&city=Bandung") == ["UNPAD"]
    assert found("q=tidak+ada") == []


def test_libraries_that_left_are_shown_to_the_coordinator_only(
    client: Client, bandung: Library, coordinator: User
) -> None:
    gone = make_library("LAMA", status=LibraryStatus.LEFT)
    assert client.get(f"/members/{gone.short_code}/").status_code == 404
    assert "LAMA" not in [library.short_code for library in client.get("/members/").context["page"]]
    assert client_of(coordinator).get(f"/members/{gone.short_code}/").status_code == 200


@pytest.mark.parametrize(
    ("fields", "language", "sentence"),
    [
        ({"lends": True, "loan_days": 28}, "en", "Lends to the other members for 28 days."),
        ({"lends": True, "loan_days": 1}, "en", "Lends to the other members for 1 day."),
        ({"lends": False}, "en", "Borrows for its own readers, but does not lend to other libraries."),
        ({"status": "suspended"}, "en", "Does not lend to other libraries at the moment."),
    ],
)
def test_lending_terms_are_a_sentence(
    client: Client, fields: dict, language: str, sentence: str, db: None
) -> None:
    make_library("X1", **fields)
    assert sentence in client.get("/members/X1/", headers={"accept-language": language}).content.decode()


def test_a_manager_changes_the_own_librarys_page_and_the_trail_says_what(
    bandung: Library, manager: User
) -> None:
    answer = client_of(manager).post("/members/BANDUNG/edit/", FORM)
    assert answer.status_code == 302
    bandung.refresh_from_db()
    assert bandung.loan_days == 14 and bandung.short_code == "BANDUNG"
    entry = AuditEntry.objects.get(code="members.library.updated")
    assert entry.data == {"fields": ["loan_days"]} and entry.actor_name == "Made"


def test_nothing_changed_leaves_no_trace(bandung: Library, manager: User) -> None:
    client_of(manager).post("/members/BANDUNG/edit/", {**FORM, "loan_days": 28})
    assert not AuditEntry.objects.exists()


def test_errors_keep_what_was_typed_and_write_nothing(bandung: Library, manager: User) -> None:
    answer = client_of(manager).post(
        "/members/BANDUNG/edit/", {**FORM, "website": "not an address", "city": "Cimahi"}
    )
    assert answer.status_code == 200
    assert answer.context["form"].errors.keys() == {"website"}
    assert 'value="Cimahi"' in answer.content.decode()
    bandung.refresh_from_db()
    assert bandung.city == "Bandung"


def test_a_page_belongs_to_the_own_manager_and_the_coordinator(bandung: Library, manager: User, librarian: User,
                                                              stranger: User, coordinator: User) -> None:  # fmt: skip
    codes = {
        person.name: client_of(person).get("/members/BANDUNG/edit/").status_code
        for person in (manager, librarian, stranger, coordinator)
    }
    assert codes == {"Made": 200, "Dewi": 403, "Andi": 404, "Sri": 200}


def test_the_coordinator_admits_a_library_and_its_short_code_is_checked(coordinator: User) -> None:
    client = client_of(coordinator)
    bad = client.post("/members/new/", {**FORM, "short_code": "kecil"})
    assert bad.context["form"].errors.keys() == {"short_code"}
    good = client.post("/members/new/", {**FORM, "short_code": "PALU", "isil": ""})
    assert good.headers["Location"] == "/members/PALU/staff/"
    assert AuditEntry.objects.filter(code="members.library.created", target_name=FORM["name"]).exists()
    again = client.post("/members/new/", {**FORM, "short_code": "PALU"})
    assert again.context["form"].errors.keys() == {"short_code"}


def test_a_suspended_librarys_readers_can_ask_for_nothing_until_it_takes_part_again(
    bandung: Library, coordinator: User
) -> None:
    reader = make_member("budi@example.org", bandung)
    by = actor_of(coordinator)
    standing_suspend(library=bandung, reason="Pindah gedung", actor=by)
    assert not actor_of(reader).can("request.create")
    assert "Perpustakaan Kota Bandung" in client_of(reader).get("/account/").context["overview"].notice
    standing_return(library=bandung, actor=by)
    assert actor_of(reader).can("request.create")


def test_one_library_and_twenty_cost_the_same_number_of_queries(client: Client, bandung: Library) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/members/").status_code == 200
        return len(seen)

    one = queries()
    for n in range(20):
        make_library(f"L{n}", city=f"Kota {n}")
    assert queries() == one


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" bandung ", "Bandung"), ("BANDUNG", "Bandung"), ("Kota  Bandung", "Kota Bandung"), ("KUPANG", "Kupang"),
        ("palu", "Palu"), ("DKI Jakarta", "DKI Jakarta"), ("DIY", "DIY"),
    ],
)  # fmt: skip
def test_a_city_is_spelt_as_members_write_it(bandung: Library, typed: str, kept: str) -> None:
    assert bandung.city == "Bandung"
    made = library_create(
        actor=Actor.system(), short_code="BARU", name="Perpustakaan Baru", city=typed, library_type="public",
        province=typed,
    )  # fmt: skip
    assert made.city == kept
