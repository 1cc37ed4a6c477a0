"""Agreements that managers propose: sent, answered with words, replaced, left with notice; and the days they count."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from loans.money.quote import Facts
from loans.selectors.money import Prices
from members.agreements import answers, services
from members.agreements.proposals import agreement_propose, proposal_send
from members.agreements.rivals import rivals_told
from members.choices import Role
from members.models import AgreementVersion, Library, Network, NetworkMember, User
from members.selectors.agreements import versions_proposed, versions_to_accept, versions_visible_to
from network_portal.core.errors import Conflict, RuleViolation
from network_portal.core.models import OutgoingMail
from tests.members.world import actor_of, client_of, make_library, make_member

pytestmark = pytest.mark.django_db
DAY = date(2026, 5, 4)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Set the day; noon in Jakarta, or the very end of the day."""

    def turn(day: date, hour: int = 12, minute: int = 0) -> None:
        now = datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo("Asia/Jakarta"))
        monkeypatch.setattr(timezone, "now", lambda: now)

    turn(DAY)
    return turn


@pytest.fixture
def mappa(makassar: Library) -> User:
    return make_member("m@makassar.example", makassar, Role.MANAGER, name="Mappa")


def words(**terms: Any) -> dict[str, Any]:
    return {
        "name": "Berbagi", "text_id": "# Isi", "text_en": "# Text", "valid_from": timezone.localdate(),
        "services": ["loan"], **terms,
    }  # fmt: skip


def proposed(manager: User, *others: Library, **terms: Any) -> AgreementVersion:
    scope = "pair" if len(others) == 1 else "group"
    return agreement_propose(actor=actor_of(manager), scope=scope, libraries=others, **words(**terms))


def sent(manager: User, *others: Library, **terms: Any) -> AgreementVersion:
    return proposal_send(version=proposed(manager, *others, **terms), actor=actor_of(manager))


def yes(row: AgreementVersion, person: User) -> None:
    actor = actor_of(person)
    services.version_accept(version=row, library=Library.objects.get(pk=actor.library_id), actor=actor)


def fee(asker: Library, supplier: Library) -> Decimal | None:
    """What the supplier would ask for a loan now, as routing and money read it; None without an agreement."""
    prices = Prices({supplier.pk}, {asker.pk}, "loan")
    quote = prices.of(Facts("loan", asker.pk, supplier.pk, timezone.localtime()))
    return quote.amount if quote.agreement_id else None


def mailed(start: str) -> set[str]:
    return set(OutgoingMail.objects.filter(dedupe_key__startswith=start).values_list("to_email", flat=True))


def test_a_proposal_is_seen_by_its_library_alone_until_it_is_sent(
    bandung: Library, makassar: Library, manager: User, librarian: User, mappa: User, coordinator: User
) -> None:
    draft = proposed(manager, makassar)
    assert set(draft.agreement.libraries.all()) == {bandung, makassar}
    seeing = [p for p in (manager, librarian, mappa) if versions_visible_to(actor_of(p)).exists()]
    assert seeing == [manager]
    for _twice in range(2):
        row = proposal_send(version=draft, actor=actor_of(manager))
    assert row.is_published and [one.library for one in row.acceptances.all()] == [bandung]
    assert [one.pk for one in versions_to_accept(makassar)] == [row.pk]
    assert mailed("agreement-proposed-") == {coordinator.email}
    assert mailed("agreement-accept-") >= {mappa.email}


def test_only_managers_propose_and_only_for_networks_of_their_own(
    manager: User, librarian: User, makassar: Library, bandung: Library
) -> None:
    with pytest.raises(PermissionDenied):
        proposed(librarian, makassar)
    network = Network.objects.create(code="N", name="N")
    with pytest.raises(RuleViolation) as refused:
        agreement_propose(actor=actor_of(manager), scope="network", network=network, **words())
    assert refused.value.code == "not_a_party"


def test_what_binds_a_network_waits_for_a_coordinator(
    bandung: Library, manager: User, coordinator: User
) -> None:
    network = Network.objects.create(code="N", name="N")
    NetworkMember.objects.create(network=network, library=bandung)
    draft = agreement_propose(actor=actor_of(manager), scope="network", network=network, **words())
    for _twice in range(2):
        row = proposal_send(version=draft, actor=actor_of(manager))
    assert row.is_draft and row.proposed_at and not row.acceptances.exists()
    assert mailed("agreement-proposed-") == {coordinator.email}
    assert list(versions_proposed()) == [row]
    page = client_of(coordinator).get(reverse("pages:overview"), headers={"accept-language": "en"})
    assert "Agreements proposed for a whole network" in page.content.decode()
    row = services.version_write(version=row, actor=actor_of(manager), text_en="Something else")
    assert row.proposed_at is None  # another text than coordinators were asked to read
    services.version_publish(version=row, actor=actor_of(coordinator))
    row.refresh_from_db()
    assert row.is_published


def test_a_no_needs_words_and_a_later_yes_takes_its_place(
    makassar: Library, manager: User, mappa: User, coordinator: User
) -> None:
    row = sent(manager, makassar)
    with pytest.raises(RuleViolation) as empty:
        answers.version_decline(version=row, library=makassar, words=" ", actor=actor_of(mappa))
    assert empty.value.code == "words_missing"
    for text in ("Terlalu mahal", "pressed twice"):
        answers.version_decline(version=row, library=makassar, words=text, actor=actor_of(mappa))
    assert [one.words for one in row.refusals.all()] == ["Terlalu mahal"]
    assert mailed("agreement-no-") == {manager.email, coordinator.email}
    page = client_of(manager).get(reverse("members:agreement_version", args=[row.agreement_id, 1]))
    assert "Terlalu mahal" in page.content.decode()
    yes(row, mappa)
    assert not row.refusals.exists() and row.acceptances.count() == 2
    with pytest.raises(Conflict):
        answers.version_decline(version=row, library=makassar, words="x", actor=actor_of(mappa))


def test_nobody_declines_or_gives_notice_for_another_library(
    makassar: Library, bandung: Library, manager: User, librarian: User, mappa: User
) -> None:
    row = sent(manager, makassar, notice_days=5)
    for service in (answers.version_decline, answers.notice_give):
        with pytest.raises(RuleViolation):
            service(version=row, library=bandung, words="x", actor=actor_of(mappa))
        with pytest.raises(PermissionDenied):
            service(version=row, library=bandung, words="x", actor=actor_of(librarian))


def test_fees_follow_only_what_is_accepted_and_valid_on_the_very_days(
    clock: Any, bandung: Library, makassar: Library, manager: User, mappa: User, coordinator: User
) -> None:
    first, last = DAY + timedelta(days=10), DAY + timedelta(days=20)
    row = sent(manager, makassar, free=False, amount=Decimal(7000), valid_from=first, valid_until=last)
    clock(first)
    assert fee(bandung, makassar) is None  # only one of the two has accepted
    yes(row, mappa)
    assert fee(bandung, makassar) == 7000
    for day, hour, minute, amount in (
        (first - timedelta(days=1), 23, 59, None), (first, 0, 0, 7000), (last, 23, 59, 7000),
        (last + timedelta(days=1), 0, 0, None),
    ):  # fmt: skip
        clock(day, hour, minute)
        assert fee(bandung, makassar) == amount, day


def test_the_old_version_counts_until_all_it_binds_have_accepted_the_new_one(
    clock: Any, bandung: Library, makassar: Library, manager: User, mappa: User
) -> None:
    old = sent(manager, makassar, free=False, amount=Decimal(1000))
    yes(old, mappa)
    new = services.version_next(agreement=old.agreement, actor=actor_of(manager))
    new = services.version_write(
        version=new, actor=actor_of(manager), amount=Decimal(2000), valid_from=DAY + timedelta(days=5)
    )
    new = proposal_send(version=new, actor=actor_of(manager))
    clock(DAY + timedelta(days=6))
    assert fee(bandung, makassar) == 1000  # Makassar has not said yes
    clock(DAY + timedelta(days=8))
    yes(new, mappa)
    assert fee(bandung, makassar) == 2000
    old.refresh_from_db()
    assert old.status == "replaced" and old.term.valid_until == DAY + timedelta(days=7)


def test_a_version_that_only_waited_counts_when_the_old_one_ends(
    clock: Any, bandung: Library, makassar: Library, manager: User, mappa: User, coordinator: User
) -> None:
    old = sent(manager, makassar, free=False, amount=Decimal(1000))
    yes(old, mappa)
    new = services.version_next(agreement=old.agreement, actor=actor_of(manager))
    new = proposal_send(version=new, actor=actor_of(manager))
    services.version_end(version=old, actor=actor_of(coordinator))
    new.refresh_from_db()
    assert [party.library for party in new.term.parties.all()] == [bandung]


def test_a_notice_binds_to_its_last_day_and_the_others_are_told_once(
    clock: Any, bandung: Library, makassar: Library, manager: User, mappa: User, coordinator: User
) -> None:
    row = sent(manager, makassar, free=False, amount=Decimal(1000), notice_days=30)
    yes(row, mappa)
    for _twice in range(2):
        answers.notice_give(version=row, library=makassar, words="Pindah", actor=actor_of(mappa))
    assert mailed("agreement-notice-") == {manager.email, coordinator.email}
    last = DAY + timedelta(days=30)
    clock(last, 23, 59)
    assert (
        answers.notices_due(today=last, actor=actor_of(coordinator)) == 0 and fee(bandung, makassar) == 1000
    )
    clock(last + timedelta(days=1), 0, 0)
    assert fee(bandung, makassar) is None
    done = [
        answers.notices_due(today=timezone.localdate(), actor=actor_of(coordinator)) for _twice in range(2)
    ]
    row.refresh_from_db()
    assert done[0] > 0 and done[1] == 0 and row.status == "ended"


def test_a_group_goes_on_without_who_leaves_it(
    clock: Any, bandung: Library, makassar: Library, manager: User, mappa: User, coordinator: User
) -> None:
    palu = make_library("PALU")
    boss = make_member("b@palu.example", palu, Role.MANAGER)
    row = sent(manager, makassar, palu, free=False, amount=Decimal(900), notice_days=3)
    for person in (mappa, boss):
        yes(row, person)
    answers.notice_give(version=row, library=palu, words="", actor=actor_of(boss))
    clock(DAY + timedelta(days=4))
    assert answers.notices_due(today=timezone.localdate(), actor=actor_of(coordinator)) == 1
    assert (fee(bandung, makassar), fee(bandung, palu)) == (900, None)
    row.refresh_from_db()
    assert row.is_published


def test_without_days_of_notice_only_a_coordinator_ends_it(
    makassar: Library, manager: User, mappa: User
) -> None:
    row = sent(manager, makassar)
    yes(row, mappa)
    with pytest.raises(RuleViolation) as refused:
        answers.notice_give(version=row, library=makassar, words="", actor=actor_of(mappa))
    assert refused.value.code == "no_notice"


def test_two_that_differ_are_shown_as_sentences_with_the_one_that_counts(
    makassar: Library, bandung: Library, manager: User, mappa: User
) -> None:
    low = sent(manager, makassar, name="Lama", free=False, amount=Decimal(1000), priority=1)
    high = sent(manager, makassar, name="Baru", priority=2)
    for row in (low, high):
        yes(row, mappa)
    with override("en"):
        told = rivals_told(AgreementVersion.objects.get(pk=low.pk), actor_of(mappa)).rows
    assert [(one.name, one.wins) for one in told] == [("Lama", False), ("Baru", True)]
    assert "IDR 1,000" in told[0].sentence and "Free of charge" in told[1].sentence
    assert fee(bandung, makassar) == 0
    with pytest.raises(RuleViolation) as refused:
        sent(manager, makassar, name="Lain", free=False, amount=Decimal(3), priority=2)
    assert refused.value.code == "agreement_contradicts" and "IDR 3)" in str(refused.value)


def test_a_manager_proposes_and_the_other_answers_in_the_browser(
    makassar: Library, bandung: Library, manager: User, mappa: User
) -> None:
    mine, theirs = client_of(manager), client_of(mappa)
    values = {
        "name": "Dari halaman", "scope": "pair", "libraries": [makassar.pk], "text_id": "# Isi", "text_en": "# Text",
        "valid_from": timezone.localdate().isoformat(), "free": "on", "currency": "IDR", "amount": "0",
        "priority": "0", "notice_days": "30",
    }  # fmt: skip
    answer = mine.post(reverse("members:agreement_new"), values)
    assert answer.status_code == 302
    row = AgreementVersion.objects.get()
    at = [row.agreement_id, 1]
    assert set(row.agreement.libraries.all()) == {bandung, makassar}
    assert theirs.get(reverse("members:agreement_version", args=at)).status_code == 404
    for name in ("agreement_edit", "agreement_publish", "agreement_decline", "agreement_accept"):
        assert (
            theirs.post(reverse(f"members:{name}", args=at), {"read": "1", "words": "x"}).status_code == 404
        )
    assert mine.get(reverse("members:agreement_edit", args=at)).status_code == 200
    mine.post(reverse("members:agreement_publish", args=at))
    page = theirs.get(reverse("members:agreement_version", args=at)).content.decode()
    assert reverse("members:agreement_decline", args=at) in page
    theirs.post(reverse("members:agreement_decline", args=at), {"words": "Belum"})
    theirs.post(reverse("members:agreement_accept", args=at), {"read": "1"})
    page = theirs.get(reverse("members:agreement_version", args=at)).content.decode()
    assert reverse("members:agreement_notice", args=at) in page
    theirs.post(reverse("members:agreement_notice", args=at), {"words": "Pindah"})
    row.refresh_from_db()
    assert row.notices.count() == 1 and row.term.valid_until == timezone.localdate() + timedelta(days=30)
