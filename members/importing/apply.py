"""Some hundred rows at a time: who is known, what changes, and writing it with a handful of statements.

Only the library's own readers are changed. An account that somebody has elsewhere stays as it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from members.choices import MembershipStatus, Role
from members.choices_people import Problem, RowOutcome
from members.importing.rows import BadRow, PersonRow
from members.models import Library, Membership, PatronCategory, PatronImport, PatronImportRow, User
from network_portal.core.bulk import update_changed, values_of

LIVE = (MembershipStatus.PENDING, MembershipStatus.CONFIRMED)
MEMBERSHIP_FIELDS = ("card_number", "category_id", "expires_on", "status")
USER_FIELDS = ("name", "phone")


@dataclass
class Known:
    """What the database holds about the people of a portion."""

    by_card: dict[str, list[Membership]] = field(default_factory=dict)
    by_email: dict[str, User] = field(default_factory=dict)
    own: dict[int, Membership] = field(default_factory=dict)  # person -> reader of this library
    shared: set[int] = field(default_factory=set)  # people whom another library, or staff work, knows too
    categories: dict[str, int] = field(default_factory=dict)


@dataclass
class Verdict:
    """What is to be done with one row."""

    row: PersonRow
    problem: str = ""
    membership: Membership | None = None
    changes: dict[str, list[Any]] = field(default_factory=dict)  # "user.name": [before, after]

    @property
    def is_new(self) -> bool:
        return not self.problem and self.membership is None

    @property
    def outcome(self) -> str:
        """As it is counted: refused, created, updated or unchanged."""
        if self.problem:
            return RowOutcome.REFUSED
        if self.is_new:
            return RowOutcome.CREATED
        return RowOutcome.UPDATED if self.changes else "unchanged"


def known_people(library: Library, rows: Sequence[PersonRow]) -> Known:
    """Five questions, however many rows."""
    known = Known(categories=_categories(library))
    cards = {row.card_number for row in rows if row.card_number}
    for membership in _readers(library).filter(card_number__in=cards):
        known.by_card.setdefault(membership.card_number, []).append(membership)
    emails = {row.email for row in rows if row.email}
    users = User.objects.annotate(small=Lower("email")).filter(small__in=emails)
    known.by_email = {user.email.lower(): user for user in users}
    people = {user.pk for user in known.by_email.values()}
    people |= {one.user_id for found in known.by_card.values() for one in found}
    known.own = {one.user_id: one for one in _readers(library).filter(user_id__in=people)}
    elsewhere = Membership.objects.filter(user_id__in=people, status__in=LIVE)
    known.shared = set(
        elsewhere.exclude(library=library, role=Role.PATRON).values_list("user_id", flat=True)
    ) | set(
        User.objects.filter(pk__in=people)
        .filter(Q(is_superuser=True) | Q(is_staff=True))
        .values_list("pk", flat=True)
    )
    return known


def _readers(library: Library) -> Any:
    rows = Membership.objects.filter(library=library, role=Role.PATRON, status__in=LIVE)
    return rows.select_related("user").order_by("pk")


def _categories(library: Library) -> dict[str, int]:
    found: dict[str, int] = {}
    for pk, name, code in PatronCategory.objects.filter(library=library).values_list("pk", "name", "code"):
        found[name.casefold()] = pk
        if code:
            found.setdefault(code.casefold(), pk)
    return found


def judge(row: PersonRow, known: Known) -> Verdict:
    """Card number first, then e-mail address. What the file does not say is not changed."""
    held = known.by_card.get(row.card_number, []) if row.card_number else []
    user = known.by_email.get(row.email) if row.email else None
    membership = held[0] if held else (known.own.get(user.pk) if user else None)
    if problem := _problem(row, known, held, user, membership):
        return Verdict(row, problem=problem)
    verdict = Verdict(row, membership=membership)
    if membership is not None:
        verdict.changes = _changes(row, known, membership)
    return verdict


def _problem(
    row: PersonRow, known: Known, held: list[Membership], user: User | None, membership: Membership | None
) -> str:
    checks = (
        (bool(row.category) and row.category.casefold() not in known.categories, Problem.CATEGORY_UNKNOWN),
        (len(held) > 1, Problem.CARD_SHARED),
        (bool(held) and user is not None and held[0].user_id != user.pk, Problem.CARD_OTHER),
        (bool(held) and bool(row.email) and user is None, Problem.EMAIL_OTHER),
        (user is not None and membership is None, Problem.ELSEWHERE),
        (membership is None and not row.email, Problem.EMAIL_MISSING),
    )
    return next((str(problem) for wrong, problem in checks if wrong), "")


def _changes(row: PersonRow, known: Known, membership: Membership) -> dict[str, list[Any]]:
    wanted: dict[str, Any] = {
        "card_number": row.card_number, "expires_on": row.expires_on,
        "category_id": known.categories.get(row.category.casefold()),
        "status": MembershipStatus.CONFIRMED.value,
    }  # fmt: skip
    changes = {
        name: [_plain(getattr(membership, name)), _plain(value)]
        for name, value in wanted.items()
        if value and value != getattr(membership, name)
    }
    if membership.user_id not in known.shared:  # a person whom others know too changes the own name alone
        for name in USER_FIELDS:
            if (value := getattr(row, name)) and value != getattr(membership.user, name):
                changes[f"user.{name}"] = [getattr(membership.user, name), value]
    return changes


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def write(source: PatronImport, verdicts: Sequence[Verdict], bad: Iterable[BadRow]) -> Counter[str]:
    """Write a portion in the caller's transaction; returns how many rows became what."""
    counts: Counter[str] = Counter(verdict.outcome for verdict in verdicts)
    rows = [
        PatronImportRow(source=source, position=one.position, outcome=RowOutcome.REFUSED, problem=one.problem,
                        line=list(one.line))
        for one in bad
    ]  # fmt: skip
    counts[RowOutcome.REFUSED] += len(rows)
    rows += _created(source, [verdict for verdict in verdicts if verdict.is_new])
    rows += _updated(source, [verdict for verdict in verdicts if verdict.changes])
    PatronImportRow.objects.bulk_create(rows)
    return counts


def _created(source: PatronImport, verdicts: list[Verdict]) -> list[PatronImportRow]:
    language, now = source.library.language, timezone.now()
    categories = _categories(source.library)
    users = User.objects.bulk_create(
        User(email=one.row.email, name=one.row.name, phone=one.row.phone, language=language,
             password=make_password(None))
        for one in verdicts
    )  # fmt: skip
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, primary=True, verified=False) for user in users
    )
    memberships = Membership.objects.bulk_create(
        Membership(
            user=user, library=source.library, role=Role.PATRON, status=MembershipStatus.CONFIRMED,
            card_number=one.row.card_number, category_id=categories.get(one.row.category.casefold()),
            expires_on=one.row.expires_on, decided_at=now, decided_by_id=source.by_id,
        )
        for user, one in zip(users, verdicts, strict=True)
    )  # fmt: skip
    return [
        PatronImportRow(source=source, position=one.row.position, outcome=RowOutcome.CREATED,
                        user=membership.user, membership=membership)
        for membership, one in zip(memberships, verdicts, strict=True)
    ]  # fmt: skip


def _updated(source: PatronImport, verdicts: list[Verdict]) -> list[PatronImportRow]:
    memberships = [one.membership for one in verdicts if one.membership is not None]
    users = [membership.user for membership in memberships]
    before, users_before = [values_of(row) for row in memberships], [values_of(row) for row in users]
    for one, membership in zip(verdicts, memberships, strict=True):
        for name, (_old, new) in one.changes.items():
            target = membership.user if name.startswith("user.") else membership
            value = date.fromisoformat(new) if name == "expires_on" else new
            setattr(target, name.removeprefix("user."), value)
        if "status" in one.changes:
            membership.decided_at, membership.decided_by_id = timezone.now(), source.by_id
    update_changed(memberships, before)
    update_changed(users, users_before)
    return [
        PatronImportRow(source=source, position=one.row.position, outcome=RowOutcome.UPDATED, changes=one.changes,
                        user=membership.user, membership=membership)
        for one, membership in zip(verdicts, memberships, strict=True)
    ]  # fmt: skip
