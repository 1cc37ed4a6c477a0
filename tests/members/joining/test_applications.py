"""A library applies, proves its address, is asked, accepted or refused; and what its manager still has to do."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from catalog.models import Source, SourceRecord
from catalog.services.push import source_may_receive
from members.choices import LibraryStatus, Role
from members.forms_joining import OPENED
from members.joining import links, services
from members.joining.checklist import checklist_of
from members.models import JoinApplication, Library, Membership, Network, User
from members.selectors.joining import code_proposed, doubles_of
from network_portal.core.actor import Actor
from network_portal.core.errors import Conflict, RuleViolation
from network_portal.core.models import AuditEntry, OutgoingMail
from tests.members.world import actor_of, client_of, last_mail, link_in, make_library

pytestmark = pytest.mark.django_db

FACTS = {
    "name": "Perpustakaan Daerah Palu", "library_type": "public", "isil": "ID-PALU", "address": "Jalan Baca 3",
    "city": "Palu", "province": "Sulawesi Tengah", "website": "", "system": "slims", "titles": 4000,
    "offers": "Koleksi Kaili", "needs": "Buku anak", "contact_name": "Nurul", "contact_role": "Kepala",
    "contact_email": "nurul@palu.example", "contact_phone": "0451",
}  # fmt: skip


def form(**changes: Any) -> dict[str, Any]:
    opened = signing.dumps(int(time.time()) - 60, salt=OPENED)
    return {**FACTS, "consent": "on", "homepage": "", "opened": opened, **changes}


def applied(**facts: Any) -> JoinApplication:
    """An application whose address is confirmed."""
    row = services.application_submit(actor=Actor.anonymous(), language="id", **{**FACTS, **facts})
    assert row is not None
    confirmed = services.application_confirm(pk=row.pk, email=row.contact_email, actor=Actor.anonymous())
    assert confirmed is not None
    return confirmed


def test_an_application_waits_for_its_address_and_reaches_the_coordinators_after_it(
    client: Client, coordinator: User
) -> None:
    assert client.get("/join/").status_code == 200
    assert client.post("/join/", form()).headers["Location"] == "/join/sent/"
    row = JoinApplication.objects.get()
    assert row.status == "unconfirmed" and row.consent_at
    assert row.name not in client_of(coordinator).get("/applications/").content.decode()

    link = link_in(last_mail("members_letter"))
    assert client.get(link).status_code == 200
    row.refresh_from_db()
    assert row.status == "unconfirmed"  # a mail program that opens links in advance confirms nothing
    status = client.post(link).headers["Location"]
    row.refresh_from_db()
    assert row.status == "waiting"
    assert client.post(link).headers["Location"] == status  # pressed twice
    told = OutgoingMail.objects.filter(to_email=coordinator.email)
    assert [row.name in one.subject for one in told] == [True]
    assert row.name in client.get(status).content.decode()
    assert row.name in client_of(coordinator).get("/applications/").content.decode()


def test_a_mail_speaks_the_applicants_language(client: Client) -> None:
    client.post("/join/", form(), headers={"accept-language": "en"})
    mail = last_mail("members_letter")
    assert mail.language == "en" and mail.subject.startswith("Please confirm") and mail.sensitive


@pytest.mark.parametrize("trap", [{"homepage": "https://spam.example"}, {"opened": ""}, {"opened": "forged"}])
def test_programs_are_thanked_and_forgotten(client: Client, trap: dict[str, str]) -> None:
    assert client.post("/join/", form(**trap)).headers["Location"] == "/join/sent/"
    assert not JoinApplication.objects.exists() and not OutgoingMail.objects.exists()


def test_a_form_that_comes_back_at_once_is_a_programs(client: Client) -> None:
    client.post("/join/", form(opened=signing.dumps(int(time.time()), salt=OPENED)))
    assert not JoinApplication.objects.exists()


def test_without_consent_nothing_is_kept(client: Client) -> None:
    answer = client.post("/join/", form(consent=""))
    assert answer.context["form"].errors.keys() == {"consent"}
    assert not JoinApplication.objects.exists()


def test_too_many_applications_from_one_address_wait(client: Client, settings: Any) -> None:
    settings.RATE_LIMITS = True
    codes = {client.get("/join/", REMOTE_ADDR="192.0.2.77").status_code for _time in range(14)}
    assert codes == {200, 429}


@pytest.mark.parametrize("forged", [False, True])
def test_forged_links_open_nothing(client: Client, forged: bool) -> None:
    token = signing.dumps([1, "x@y.example"], salt="another") if forged else "nonsense"
    assert client.get(reverse("members:join_confirm", args=[token])).status_code == 410
    assert client.get(reverse("members:join_status", args=[token])).status_code == 404


def test_a_confirmation_is_good_for_the_address_it_was_sent_to(client: Client) -> None:
    row = services.application_submit(actor=Actor.anonymous(), language="id", **FACTS)
    assert row is not None
    assert client.post(links.confirm_path(row.pk, "other@palu.example")).status_code == 404


def test_a_question_goes_out_and_its_answer_comes_back(client: Client, coordinator: User) -> None:
    row, page = applied(), client_of(coordinator)
    ask = reverse("members:application_do", args=[row.pk, "ask"])
    assert page.post(ask, {"text": ""}).status_code == 200
    page.post(ask, {"text": "Berapa rak?"})
    page.post(ask, {"text": "Berapa rak?"})  # a double click
    assert row.words.count() == 1
    status = link_in(last_mail("members_letter"))
    assert "Berapa rak?" in client.get(status).content.decode()
    client.post(status, {"text": "Dua belas."})
    row.refresh_from_db()
    assert row.status == "waiting"
    assert "Dua belas." in last_mail("members_letter").body_text
    assert client.post(status, {"text": "Dua belas."}).status_code == 409
    assert [word.by_applicant for word in row.words.all()] == [False, True]


def test_a_refusal_needs_words_and_is_told(coordinator: User) -> None:
    row, actor = applied(), actor_of(coordinator)
    with pytest.raises(RuleViolation) as without_words:
        services.application_refuse(application=row, text=" ", actor=actor)
    assert without_words.value.code == "words_missing"
    services.application_refuse(application=row, text="Belum ada katalog.", actor=actor)
    services.application_refuse(application=row, text="Belum ada katalog.", actor=actor)
    assert OutgoingMail.objects.filter(body_text__contains="Belum ada katalog.").count() == 1
    with pytest.raises(Conflict):
        services.application_accept(application=row, short_code="PALU", actor=actor)
    assert not Library.objects.filter(short_code="PALU").exists()


def test_accepting_makes_library_place_and_account_once(coordinator: User, client: Client) -> None:
    network = Network.objects.create(code="SUL", name="Jaringan Sulawesi")
    row, page = applied(), client_of(coordinator)
    url = reverse("members:application_do", args=[row.pk, "accept"])
    assert 'value="PALU"' in page.get(url).content.decode()
    for _time in range(2):
        answer = page.post(url, {"short_code": "palu", "network": network.pk, "text": "Selamat datang"})
        assert answer.headers["Location"] == reverse("members:application", args=[row.pk])
    row.refresh_from_db()
    library = Library.objects.get(short_code="PALU")
    assert row.library == library and library.status == LibraryStatus.PROSPECTIVE
    assert library.networks.get().network == network
    manager = Membership.objects.get(library=library)
    assert (manager.role, manager.user.email) == (Role.MANAGER, "nurul@palu.example")
    assert OutgoingMail.objects.filter(template="members_staff_invited").count() == 1
    assert AuditEntry.objects.filter(code="members.join.accepted").count() == 1


def test_a_code_that_is_taken_leaves_everything_as_it_was(coordinator: User) -> None:
    make_library("PALU")
    row = applied()
    url = reverse("members:application_do", args=[row.pk, "accept"])
    answer = client_of(coordinator).post(url, {"short_code": "PALU"})
    assert answer.context["form"].errors.keys() == {"short_code"}
    row.refresh_from_db()
    assert row.status == "waiting" and not Membership.objects.filter(user__email=row.contact_email).exists()


def test_an_isil_that_another_member_has_is_told_and_nothing_is_made(coordinator: User) -> None:
    make_library("LAMA", isil="ID-PALU")
    row = applied()
    url = reverse("members:application_do", args=[row.pk, "accept"])
    answer = client_of(coordinator).post(url, {"short_code": "PALU"})
    assert answer.status_code == 200 and answer.context["form"].non_field_errors()
    assert not Library.objects.filter(short_code="PALU").exists()


@pytest.mark.parametrize(
    ("facts", "same"),
    [
        ({"name": "Perpustakaan Palu Daerah"}, ("name",)),
        ({"address": "jalan baca, 3"}, ("address",)),
        ({"isil": "id-palu", "city": "Donggala"}, ("isil",)),
        ({"contact_email": "NURUL@palu.example", "city": "Poso"}, ("email",)),
        ({}, ()),
    ],
)
def test_doubles_are_found_by_what_agrees(facts: dict[str, str], same: tuple[str, ...]) -> None:
    other = {
        "name": "Perpustakaan Lain",
        "isil": "",
        "address": "Jalan Lain 1",
        "contact_email": "a@b.example",
    }
    applied(**{**other, **facts})
    found = doubles_of(applied())
    assert [one.same for one in found] == ([same] if same else [])


def test_a_member_is_a_double_too(coordinator: User) -> None:
    make_library("PALU1", name="Perpustakaan Daerah Palu", city="palu")
    row = applied()
    assert [(one.library is not None, one.same) for one in doubles_of(row)] == [(True, ("name",))]
    page = client_of(coordinator).get(reverse("members:application", args=[row.pk])).content.decode()
    assert "PALU1" in page
    assert code_proposed(row) == "PALU"


def test_the_list_filters_sorts_and_is_saved_without_formulas(coordinator: User) -> None:
    applied(name="=SUM(A1)", contact_email="x@y.example", city="Ambon")
    applied(city="Palu")
    page = client_of(coordinator)

    def names(query: str) -> list[str]:
        return [row.name for row in page.get(f"/applications/?{query}").context["page"]]

    assert names("") == [FACTS["name"], "=SUM(A1)"]
    assert names("sort=city") == ["=SUM(A1)", FACTS["name"]]
    assert names("q=ambon") == ["=SUM(A1)"]
    assert names("status=refused") == []
    csv = b"".join(page.get("/applications/?format=csv")).decode()
    assert "'=SUM(A1)" in csv and "\n=SUM" not in csv


def test_the_list_costs_the_same_for_one_and_many(
    coordinator: User, django_assert_max_num_queries: Any
) -> None:
    for n in range(12):
        applied(name=f"Perpustakaan {n}", contact_email=f"p{n}@palu.example", isil="")
    page = client_of(coordinator)
    with django_assert_max_num_queries(14):
        assert page.get("/applications/").status_code == 200


def accepted(coordinator: User) -> tuple[Library, User]:
    row = services.application_accept(application=applied(), short_code="PALU", actor=actor_of(coordinator))
    assert row.library is not None
    return row.library, User.objects.get(email=row.contact_email)


def test_the_list_of_first_steps_knows_by_itself_what_is_done(coordinator: User) -> None:
    library, manager = accepted(coordinator)
    page, url = client_of(manager), reverse("members:first_steps", args=["PALU"])
    undone = {one.step.code for one in checklist_of(library).steps if not one.done}
    assert undone == {"details", "hours", "policies", "source", "records", "staff", "search"}
    assert page.get(url).status_code == 200
    Library.objects.filter(pk=library.pk).update(latitude=-0.9, longitude=119.9)
    answer = page.post(reverse("members:first_search", args=["PALU"]))
    assert answer.headers["Location"] == f"/search?library={library.pk}"
    library.refresh_from_db()
    assert {one.step.code for one in checklist_of(library).steps if one.done} == {
        "details",
        "search",
        "agreement",
    }
    assert "PALU" in page.get("/account/").content.decode()


def test_a_library_takes_part_when_the_coordinator_opens_it_and_not_before_its_steps(
    coordinator: User,
) -> None:
    library, manager = accepted(coordinator)
    url = reverse("members:first_steps", args=["PALU"])
    page = client_of(coordinator)
    page.post(url)
    library.refresh_from_db()
    assert library.status == LibraryStatus.PROSPECTIVE
    Library.objects.filter(pk=library.pk).update(latitude=-0.9, longitude=119.9)
    source = Source.objects.create(library=library, name="Katalog")
    SourceRecord.objects.create(
        source=source, identifier="1", raw=b"", raw_format="marcxml", content_hash=b"",
        first_seen_at=library.created_at, changed_at=library.created_at,
    )  # fmt: skip
    client_of(manager).post(url)
    library.refresh_from_db()
    assert library.status == LibraryStatus.PROSPECTIVE  # the manager cannot
    page.post(url)
    page.post(url)
    library.refresh_from_db()
    assert library.status == LibraryStatus.ACTIVE
    assert AuditEntry.objects.filter(code="members.join.opened").count() == 1


def test_a_joining_librarys_agent_may_send_its_first_records(coordinator: User) -> None:
    library, _manager = accepted(coordinator)
    source_may_receive(Source.objects.create(library=library, name="SLiMS", kind="push"))
    Library.objects.filter(pk=library.pk).update(status=LibraryStatus.LEFT)
    with pytest.raises(RuleViolation):
        source_may_receive(Source.objects.get(library=library))


def test_another_librarys_first_steps_are_not_there(coordinator: User, manager: User) -> None:
    accepted(coordinator)
    assert client_of(manager).get(reverse("members:first_steps", args=["PALU"])).status_code == 404


def test_the_form_speaks_english(client: Client) -> None:
    with override("en"):
        assert "Join the network" in client.get("/join/", headers={"accept-language": "en"}).content.decode()


@pytest.mark.parametrize("action", ["accept", "ask", "refuse"])
def test_what_is_decided_is_told_and_not_asked_again(coordinator: User, action: str) -> None:
    row = services.application_refuse(application=applied(), text="Terlalu jauh", actor=actor_of(coordinator))
    client, address = client_of(coordinator), f"/applications/{row.pk}/{action}/"
    for answer in (client.get(address), client.post(address, {"text": "Baik", "short_code": "PALU"})):
        assert answer.headers["Location"] == f"/applications/{row.pk}/"
    page = client.get(f"/applications/{row.pk}/").content.decode()
    row.refresh_from_db()
    assert "sudah diputuskan" in page and row.status == "refused" and row.library is None
