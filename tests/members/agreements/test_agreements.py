"""Agreements: drafts change, published words never; terms follow acceptances; warnings go out once."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import InternalError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from loans.money.quote import Agreement as Priced
from loans.money.quote import Facts, quote
from members.agreements import services
from members.agreements.present import changes_between, terms_changed, text_drawn
from members.choices import Role
from members.models import (
    AgreementParty,
    AgreementTerm,
    AgreementVersion,
    Library,
    Network,
    NetworkMember,
    User,
)
from members.selectors.agreements import versions_to_accept
from members.services.policies import part_save
from members.tasks_agreements import look_after
from network_portal.core.errors import Conflict, RuleViolation
from network_portal.core.models import AuditEntry, OutgoingMail
from network_portal.core.pdf import pdf_available
from tests.members.world import actor_of, client_of, make_member

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


@pytest.fixture
def makassar_manager(makassar: Library) -> User:
    return make_member("m@makassar.example", makassar, Role.MANAGER, name="Mappa")


def written(
    coordinator: User, *libraries: Library, name: str = "Silang layan", **terms: Any
) -> AgreementVersion:
    values = {
        "text_id": "# Isi\n\nKita saling meminjamkan.", "text_en": "# Text\n\nWe lend to each other.",
        "valid_from": timezone.localdate(), **terms,
    }  # fmt: skip
    scope = "pair" if len(libraries) == 2 else "group"
    return services.agreement_create(
        actor=actor_of(coordinator), name=name, scope=scope, libraries=libraries, **values
    )


def published(coordinator: User, *libraries: Library, **terms: Any) -> AgreementVersion:
    return services.version_publish(
        version=written(coordinator, *libraries, **terms), actor=actor_of(coordinator)
    )


def accept(row: AgreementVersion, person: User, library: Library) -> None:
    services.version_accept(version=row, library=library, actor=actor_of(person))
    row.refresh_from_db()


def test_published_words_are_never_changed_not_even_in_the_database(
    coordinator: User, bandung: Library, makassar: Library
) -> None:
    row = written(coordinator, bandung, makassar)
    services.version_write(version=row, actor=actor_of(coordinator), text_en="Another text")
    row = services.version_publish(version=row, actor=actor_of(coordinator))
    assert services.version_publish(version=row, actor=actor_of(coordinator)).published_at == row.published_at
    with pytest.raises(Conflict):
        services.version_write(version=row, actor=actor_of(coordinator), text_en="Secretly")
    for change in ({"text_en": "Secretly"}, {"status": "draft"}, {"amount": 5}):
        with pytest.raises(InternalError, match="never changed"), transaction.atomic():
            AgreementVersion.objects.filter(pk=row.pk).update(**change)
    assert AuditEntry.objects.filter(code="members.agreement.published").count() == 1


def test_terms_count_between_those_that_have_accepted(
    coordinator: User, bandung: Library, makassar: Library, manager: User, makassar_manager: User
) -> None:
    row = published(coordinator, bandung, makassar, free=False, amount=Decimal(5000), priority=3)
    assert [one.pk for one in versions_to_accept(bandung)] == [row.pk]
    assert not AgreementTerm.objects.exists()
    accept(row, manager, bandung)
    assert {party.library for party in row.term.parties.all()} == {bandung}
    accept(row, makassar_manager, makassar)
    accept(row, makassar_manager, makassar)  # a double click
    assert row.acceptances.count() == 2 and versions_to_accept(bandung) == []
    term = AgreementTerm.objects.get()
    assert (term.amount, term.priority, term.parties.count()) == (Decimal(5000), 3, 2)


def test_a_networks_agreement_prices_only_between_members_that_accepted() -> None:
    term = Priced(1, "Jaringan", "network", TODAY, network_id=9, parties=frozenset({1, 2}))
    whole = Priced(2, "Lama", "network", TODAY, network_id=9, priority=0)

    def named(asker: int, supplier: int, *terms: Priced) -> int | None:
        at = timezone.make_aware(timezone.datetime(2026, 3, 3))
        facts = Facts("loan", asker, supplier, at, network_ids=frozenset({9}))
        return quote(facts, None, terms, ()).agreement_id

    assert named(1, 2, term) == 1
    assert named(1, 3, term) is None
    assert named(1, 3, whole) == 2


def test_nobody_accepts_for_another_library(
    coordinator: User, bandung: Library, makassar: Library, manager: User, librarian: User
) -> None:
    row = published(coordinator, bandung, makassar)
    with pytest.raises(RuleViolation) as refused:
        accept(row, manager, makassar)
    assert refused.value.code == "not_a_party"
    url = reverse("members:agreement_accept", args=[row.agreement_id, 1])
    assert client_of(librarian).post(url, {"read": "1"}).status_code == 403
    client_of(manager).post(url)  # without the tick
    assert not row.acceptances.exists()
    client_of(manager).post(url, {"read": "1"})
    given = row.acceptances.get()
    assert (given.library, given.name, given.user_id_then) == (bandung, "Made", manager.pk)


def test_a_contradiction_is_refused_in_a_clear_sentence(
    coordinator: User, bandung: Library, makassar: Library
) -> None:
    published(coordinator, bandung, makassar, name="Gratis", services=["loan"])
    costly = {"free": False, "amount": Decimal(100)}

    def tried(**terms: Any) -> str:
        try:
            with transaction.atomic():
                published(coordinator, bandung, makassar, name="Berbayar", **terms)
        except RuleViolation as error:
            assert error.code != "agreement_contradicts" or "Gratis" in str(error)
            return error.code
        return ""

    assert tried(**costly) == "agreement_contradicts"
    assert tried(**costly, services=["copy"]) == ""
    later = AgreementVersion.objects.get(agreement__name="Berbayar")
    services.version_end(version=later, actor=actor_of(coordinator))
    assert tried(**costly, services=["loan"], priority=5) == ""
    assert tried(services=["loan"]) == ""  # the same fee is no contradiction


def test_terms_without_a_document_contradict_too(
    coordinator: User, bandung: Library, makassar: Library
) -> None:
    term = AgreementTerm.objects.create(name="Lama", scope="pair", valid_from=TODAY, valid_until=None)
    for library in (bandung, makassar):
        AgreementParty.objects.create(agreement=term, library=library)
    with pytest.raises(RuleViolation) as refused:
        published(coordinator, bandung, makassar, free=False, amount=Decimal(1))
    assert "Lama" in str(refused.value)


def test_a_next_version_shows_what_it_changes_and_takes_over_on_its_day(
    coordinator: User, bandung: Library, makassar: Library, manager: User
) -> None:
    old = published(coordinator, bandung, makassar)
    accept(old, manager, bandung)
    actor = actor_of(coordinator)
    draft = services.version_next(agreement=old.agreement, actor=actor)
    assert services.version_next(agreement=old.agreement, actor=actor).pk == draft.pk
    with pytest.raises(RuleViolation) as early, transaction.atomic():
        same = services.version_write(version=draft, actor=actor, valid_from=old.valid_from)
        services.version_publish(version=same, actor=actor)
    assert early.value.code == "begins_too_early"
    start = timezone.localdate() + timedelta(days=30)
    draft = services.version_write(
        version=draft, actor=actor, valid_from=start, text_id="# Isi\n\nKita saling menyalin."
    )
    lines = {(line.kind, line.text) for line in changes_between(old, draft, "id")}
    assert {("removed", "Kita saling meminjamkan."), ("added", "Kita saling menyalin.")} <= lines
    day = str(date_format(start, "DATE_FORMAT"))
    assert [(what, now) for what, _before, now in terms_changed(old, draft)] == [("Dari", day)]
    services.version_publish(version=draft, actor=actor)
    old.refresh_from_db()
    assert old.status == "published" and old.term.valid_until is None  # nobody has accepted the new one
    page = client_of(manager).get(reverse("members:agreement_version", args=[old.agreement_id, 2]))
    told = page.content.decode()
    assert (
        "Kita saling meminjamkan.</del>" in told and f"<ins>{day}</ins>" in told and "tidak ada lagi" in told
    )
    assert [one.number for one in versions_to_accept(bandung)] == [2]
    accept(AgreementVersion.objects.get(pk=draft.pk), manager, bandung)
    old.refresh_from_db()
    assert old.status == "replaced" and old.term.valid_until == start - timedelta(days=1)
    assert AgreementVersion.objects.get(pk=draft.pk).term.valid_from == start


def test_an_agreement_that_ends_today_gives_no_terms_from_tomorrow(
    coordinator: User, bandung: Library, makassar: Library, manager: User
) -> None:
    row = published(coordinator, bandung, makassar)
    accept(row, manager, bandung)
    services.version_end(version=row, actor=actor_of(coordinator))
    assert AgreementTerm.objects.get().valid_until == timezone.localdate()
    future = published(coordinator, bandung, makassar, valid_from=timezone.localdate() + timedelta(days=9))
    accept(future, manager, bandung)
    services.version_end(version=future, actor=actor_of(coordinator))
    assert AgreementTerm.objects.count() == 1  # what was never in force leaves nothing


@pytest.mark.parametrize(("left", "told"), [(91, 0), (90, 2), (31, 2), (30, 2), (7, 2), (0, 2)])
def test_an_end_is_warned_of_once_at_each_threshold(
    left: int, told: int, coordinator: User, bandung: Library, makassar: Library, manager: User
) -> None:
    row = published(coordinator, bandung, makassar, valid_until=timezone.localdate() + timedelta(days=left))
    accept(row, manager, bandung)
    OutgoingMail.objects.all().delete()
    assert look_after() == told
    assert look_after() == 0
    got = set(OutgoingMail.objects.values_list("to_email", flat=True))
    assert got == ({manager.email, coordinator.email} if told else set())


def test_what_is_over_is_ended_by_itself(coordinator: User, bandung: Library, makassar: Library) -> None:
    row = published(coordinator, bandung, makassar, valid_until=timezone.localdate())
    assert services.versions_expire(today=timezone.localdate(), actor=actor_of(coordinator)) == 0
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert services.versions_expire(today=tomorrow, actor=actor_of(coordinator)) == 1
    row.refresh_from_db()
    assert row.status == "ended"


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "![x](https://elsewhere.example/x.png)", "[x](javascript:alert(1))",
     "a <img src=x onerror=alert(1)> b", "[x](data:text/html,<b>)"],
)  # fmt: skip
def test_the_text_can_do_nothing(text: str) -> None:
    html = text_drawn(text)
    assert not any(acts in html for acts in ("<script", "<img", 'href="javascript', 'href="data'))


def test_headings_stand_below_the_pages_own() -> None:
    assert text_drawn("# Satu\n\n- dua").replace("\n", "") == "<h2>Satu</h2><ul><li>dua</li></ul>"


def test_networks_agreements_are_public_and_those_of_a_pair_are_theirs(
    client: Client, coordinator: User, bandung: Library, makassar: Library, manager: User
) -> None:
    network = Network.objects.create(code="JB", name="Jabar")
    NetworkMember.objects.create(network=network, library=bandung)
    row = services.agreement_create(
        actor=actor_of(coordinator), name="Piagam", scope="network", network=network, text_id="Isi",
        text_en="Text", valid_from=timezone.localdate(),
    )  # fmt: skip
    assert "Piagam" not in client.get("/agreements/").content.decode()
    services.version_publish(version=row, actor=actor_of(coordinator))
    published(coordinator, bandung, makassar, name="Berdua")
    seen = client.get("/agreements/").content.decode()
    assert "Piagam" in seen and "Berdua" not in seen
    assert "Berdua" in client_of(manager).get("/agreements/").content.decode()
    assert [one.agreement.name for one in versions_to_accept(bandung)] == ["Berdua", "Piagam"]


def test_a_coordinator_writes_publishes_and_follows_in_the_browser(
    coordinator: User, bandung: Library, makassar: Library
) -> None:
    page = client_of(coordinator)
    values = {"name": "Dua kota", "scope": "pair", "libraries": [bandung.pk], "valid_from": "2026-01-01",
              "free": "on", "amount": "0", "currency": "IDR", "priority": "0", "text_id": "Isi"}  # fmt: skip
    assert page.post("/agreements/new/", values).context["form"].errors.keys() == {"libraries"}
    where = page.post("/agreements/new/", {**values, "libraries": [bandung.pk, makassar.pk]}).headers[
        "Location"
    ]
    page.post(f"{where}publish/")
    row = AgreementVersion.objects.get()
    assert row.is_draft  # one language is missing, and the page says so
    edit = f"{where}edit/"
    assert page.get(edit).status_code == 200
    page.post(edit, {**values, "text_en": "Text"})
    page.post(f"{where}publish/")
    row.refresh_from_db()
    assert row.is_published
    assert page.post(f"/agreements/{row.agreement_id}/next/").headers["Location"].endswith("/2/edit/")
    page.post(f"{where}end/")
    row.refresh_from_db()
    assert row.status == "ended"


@pytest.mark.skipif(not pdf_available(), reason="WeasyPrint needs Pango")
def test_the_paper_names_who_accepted(
    coordinator: User, bandung: Library, makassar: Library, manager: User
) -> None:
    row = published(coordinator, bandung, makassar)
    accept(row, manager, bandung)
    answer = client_of(manager).get(reverse("members:agreement_pdf", args=[row.agreement_id, 1]))
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")


def test_the_list_costs_the_same_for_one_and_many(
    coordinator: User, bandung: Library, makassar: Library, django_assert_max_num_queries: Any
) -> None:
    for n in range(10):
        published(coordinator, bandung, makassar, name=f"Nomor {n}")
    page = client_of(coordinator)
    with django_assert_max_num_queries(14):
        assert page.get("/agreements/").status_code == 200


def test_terms_of_a_document_change_only_with_it(
    coordinator: User, bandung: Library, makassar: Library, manager: User
) -> None:
    row = published(coordinator, bandung, makassar)
    accept(row, manager, bandung)
    page = client_of(coordinator)
    page.post(reverse("members:policy_part_remove", args=["BANDUNG", "agreements", row.term_id]))
    assert AgreementTerm.objects.filter(pk=row.term_id).exists()
    with pytest.raises(RuleViolation) as refused:
        part_save(
            row=row.term, part="agreements", library=bandung, actor=actor_of(coordinator), amount=Decimal(9)
        )
    assert refused.value.code == "kept_in_a_document"
