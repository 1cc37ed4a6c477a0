"""Writing, publishing, accepting and ending agreements. The terms that routing reads follow each of these."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.agreements import letters
from members.agreements.binding import TERMS, bind, bind_next, close
from members.choices import AgreementScope, Role
from members.choices_agreements import VersionStatus
from members.models import (
    Agreement,
    AgreementAcceptance,
    AgreementVersion,
    Library,
)
from members.permissions import Capability, require
from members.selectors.agreements import (
    contradicting,
    fee_terms,
    fee_told,
    is_party,
    version_before,
    version_locked,
    versions_in_force_before,
)
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import Conflict, RuleViolation

WORDS = ("text_id", "text_en", "principles")


@transaction.atomic
def agreement_create(
    *,
    actor: Actor,
    name: str,
    scope: str,
    network: Any = None,
    libraries: Iterable[Library] = (),
    **words: Any,
) -> AgreementVersion:
    """A new agreement with its first draft. ValidationError for values that the model refuses."""
    agreement = Agreement(
        name=name, scope=scope, network=network if scope == AgreementScope.NETWORK else None
    )
    agreement.full_clean()
    agreement.save()
    if scope != AgreementScope.NETWORK:
        agreement.libraries.set(libraries)
    version = AgreementVersion(agreement=agreement, number=1, **words)
    version.full_clean()
    version.save()
    audit.record("members.agreement.created", actor=actor, target=agreement)
    return version


@transaction.atomic
def version_write(*, version: AgreementVersion, actor: Actor, **words: Any) -> AgreementVersion:
    """Change a draft. Conflict `not_a_draft` for anything else: published words stay."""
    row = version_locked(version)
    _be(row, VersionStatus.DRAFT)
    for name, value in words.items():
        setattr(row, name, value)
    row.proposed_at = None  # what coordinators were asked to approve was another text
    row.full_clean()
    row.save()
    audit.record("members.agreement.written", actor=actor, target=row.agreement, data={"number": row.number})
    return row


@transaction.atomic
def version_next(*, agreement: Agreement, actor: Actor) -> AgreementVersion:
    """A draft that begins as a copy of the newest version, from the day after it ends; the draft there already is."""
    Agreement.objects.select_for_update().get(pk=agreement.pk)
    last = agreement.versions.order_by("-number").first()
    if last is None or last.is_draft:
        if last is None:
            raise Conflict("no_version", _("This agreement has no version to follow."))
        return last
    copied = {name: getattr(last, name) for name in (*TERMS, *WORDS, "notice_days")}
    start = (last.valid_until or timezone.localdate()) + timedelta(days=1)
    copied |= {"valid_from": max(start, last.valid_from + timedelta(days=1)), "valid_until": None}
    row = AgreementVersion.objects.create(agreement=agreement, number=last.number + 1, **copied)
    audit.record("members.agreement.next", actor=actor, target=agreement, data={"number": row.number})
    return row


@transaction.atomic
def version_publish(*, version: AgreementVersion, actor: Actor) -> AgreementVersion:
    """Put a draft before its parties; from now on it is never changed. Pressed again: nothing happens.

    Raises RuleViolation `words_missing` (both languages are needed), `too_few_parties`, `begins_too_early` (not after
    the version before), `over_already`, and `agreement_contradicts` (same parties, service, time and priority, but
    another fee).
    """
    list(Agreement.objects.select_for_update().order_by("pk"))  # two at once: each sees the other
    row = version_locked(version)
    if row.is_published:
        return row
    _be(row, VersionStatus.DRAFT)
    version_check(row)
    row.status, row.published_at, row.published_by = (
        VersionStatus.PUBLISHED, timezone.now(), actor.user_name[:200],
    )  # fmt: skip
    row.save(update_fields=["status", "published_at", "published_by"])
    for before in versions_in_force_before(row):
        if before.term is None:  # nobody has said yes to it: nobody is without terms when it goes
            close(before, VersionStatus.REPLACED, row.valid_from - timedelta(days=1))
    audit.record(
        "members.agreement.published", actor=actor, target=row.agreement, data={"number": row.number}
    )
    letters.please_accept(row, actor)
    return row


def version_check(row: AgreementVersion) -> None:
    """What a draft must fulfil to be put before its parties; raises as `version_publish` does."""
    before = version_before(row)
    if not (row.text_id.strip() and row.text_en.strip()):
        raise RuleViolation("words_missing", _("Write the text in both languages first."))
    if row.agreement.scope != AgreementScope.NETWORK and row.agreement.libraries.count() < 2:
        raise RuleViolation("too_few_parties", _("An agreement needs two libraries at least."))
    if row.valid_until and row.valid_until < timezone.localdate():
        raise RuleViolation("over_already", _("It would be over before it begins: look at its last day."))
    if before is not None and row.valid_from <= before.valid_from:
        raise RuleViolation("begins_too_early", _("A new version must begin after the one that it follows."))
    other = contradicting(row)
    if other is not None:
        message = _(
            "This contradicts “%(name)s”: the same libraries, the same service at the same time, but another fee "
            "(there: %(theirs)s; here: %(ours)s). Give one of them a higher priority, or change the days."
        ) % {"name": other.name, "theirs": fee_told(other.fee), "ours": fee_told(fee_terms("", row).fee)}
        raise RuleViolation("agreement_contradicts", message)


@transaction.atomic
def version_accept(*, version: AgreementVersion, library: Library, actor: Actor) -> AgreementAcceptance:
    """A manager says yes for the own library. Pressed again: the first acceptance stays as it is.

    PermissionDenied for who is not a manager; RuleViolation `not_a_party`; Conflict `not_published`.
    """
    require(actor, Capability.LIBRARY_EDIT)
    row = version_locked(version)
    given = row.acceptances.filter(library=library).first()
    if given is not None:
        return given
    _be(row, VersionStatus.PUBLISHED)
    if (
        actor.role != Role.MANAGER
        or actor.library_id != library.pk
        or not is_party(row.agreement, library.pk)
    ):
        raise RuleViolation("not_a_party", _("Only a manager of a library that takes part can accept."))
    given = AgreementAcceptance.objects.create(
        version=row,
        library=library,
        user_id_then=actor.user_id,
        name=actor.user_name[:200],
        at=timezone.now(),
    )
    row.refusals.filter(library=library).delete()
    bind(row)
    data = {"number": row.number, "agreement": row.agreement.name}
    audit.record("members.agreement.accepted", actor=actor, target=library, data=data)
    return given


@transaction.atomic
def version_end(*, version: AgreementVersion, actor: Actor) -> AgreementVersion:
    """End it today: its terms no longer count from tomorrow on. Pressed again: nothing happens."""
    row = version_locked(version)
    if row.status == VersionStatus.ENDED:
        return row
    _be(row, VersionStatus.PUBLISHED)
    close(row, VersionStatus.ENDED, timezone.localdate())
    bind_next(row.agreement)
    audit.record("members.agreement.ended", actor=actor, target=row.agreement, data={"number": row.number})
    return row


@transaction.atomic
def versions_expire(*, today: date, actor: Actor) -> int:
    """Mark what is over by its own date; returns how many. Called daily."""
    over = AgreementVersion.objects.select_for_update(of=("self",)).filter(
        status=VersionStatus.PUBLISHED, valid_until__lt=today
    )
    rows = list(over.select_related("agreement", "term"))
    for row in rows:
        close(row, VersionStatus.ENDED, row.valid_until or today)
        bind_next(row.agreement)
        audit.record(
            "members.agreement.ended", actor=actor, target=row.agreement, data={"number": row.number}
        )
    return len(rows)


@transaction.atomic
def party_add(*, agreement: Agreement, library: Library, actor: Actor) -> None:
    """A library is to take part. In a network's agreement it does by being a member; it must accept in any case."""
    if agreement.scope == AgreementScope.NETWORK:
        return
    agreement.libraries.add(library)
    audit.record("members.agreement.party", actor=actor, target=library, data={"agreement": agreement.name})


def _be(row: AgreementVersion, status: VersionStatus) -> None:
    if row.status != status:
        raise Conflict(
            f"not_{status.value}", _("The agreement was changed meanwhile. Look again; nothing was changed.")
        )
