"""What a party answers beside a yes: no, with words; and that it leaves, at the end of the period of notice."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.agreements import letters
from members.agreements.binding import bind_next, close, shorten
from members.choices import Role
from members.choices_agreements import VersionStatus
from members.models import AgreementNotice, AgreementRefusal, AgreementVersion, Library
from members.permissions import Capability, require
from members.selectors.agreements import is_party, notices_over, version_locked, versions_given_up
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import Conflict, RuleViolation


@transaction.atomic
def version_decline(
    *, version: AgreementVersion, library: Library, words: str, actor: Actor
) -> AgreementRefusal:
    """A manager says no for the own library, and why; a later yes takes its place. Pressed again: the first one stays.

    PermissionDenied; RuleViolation `words_missing`, `not_a_party`; Conflict `not_published`, `accepted_already`.
    """
    row = _decided_by(version, library, actor)
    if not words.strip():
        raise RuleViolation("words_missing", _("Please write why, so that the others know what to change."))
    if row.acceptances.filter(library=library).exists():
        raise Conflict(
            "accepted_already", _("Your library has accepted already. It can give notice instead.")
        )
    given, new = AgreementRefusal.objects.get_or_create(
        version=row, library=library,
        defaults={"user_id": actor.user_id, "user_name": actor.user_name[:200], "words": words.strip()[:2000]},
    )  # fmt: skip
    if new:
        _record("members.agreement.declined", row, library, actor)
        letters.declined(row, given, actor)
    return given


@transaction.atomic
def notice_give(*, version: AgreementVersion, library: Library, words: str, actor: Actor) -> AgreementNotice:
    """The library leaves the agreement when its days of notice are over; the last day still counts.

    Where fewer than two stay, the terms end for all. Pressed again: the first notice stays.
    PermissionDenied; RuleViolation `not_a_party`, `no_notice`, `ends_before`; Conflict `not_published`.
    """
    row = _decided_by(version, library, actor)
    given = row.notices.filter(library=library).first()
    if given is not None:
        return given
    if not row.acceptances.filter(library=library).exists():
        raise RuleViolation("not_a_party", _("Only a library that has accepted can give notice."))
    if row.notice_days is None:
        raise RuleViolation(
            "no_notice", _("This agreement names no period of notice. Ask a coordinator to end it.")
        )
    last = timezone.localdate() + timedelta(days=row.notice_days)
    if row.valid_until is not None and row.valid_until <= last:
        raise RuleViolation("ends_before", _("The agreement ends by itself before the notice would be over."))
    given = AgreementNotice.objects.create(
        version=row, library=library, user_id=actor.user_id, user_name=actor.user_name[:200],
        words=words.strip()[:2000], last_day=last,
    )  # fmt: skip
    if row.term is not None and _staying(row) < 2:
        shorten(row.term, last)
    _record("members.agreement.notice", row, library, actor)
    letters.notice_given(row, given, actor)
    return given


@transaction.atomic
def notices_due(*, today: date, actor: Actor) -> int:
    """After the last day of a notice its library is no longer bound; an agreement given up by all but one has ended.

    Returns how many libraries and versions were changed. Called every hour.
    """
    done = 0
    for notice in notices_over(today):
        row = version_locked(notice.version)
        if row.term is not None:
            done += row.term.parties.filter(library=notice.library_id).delete()[0]
    for row in versions_given_up(today):
        locked = version_locked(row)
        close(locked, VersionStatus.ENDED, (row.term and row.term.valid_until) or today)
        bind_next(locked.agreement)
        audit.record(
            "members.agreement.ended", actor=actor, target=row.agreement, data={"number": row.number}
        )
        done += 1
    return done


def _staying(row: AgreementVersion) -> int:
    gone = row.notices.values("library")
    return row.acceptances.exclude(library__in=gone).count()


def _decided_by(version: AgreementVersion, library: Library, actor: Actor) -> AgreementVersion:
    require(actor, Capability.LIBRARY_EDIT)
    row = version_locked(version)
    if (
        actor.role != Role.MANAGER
        or actor.library_id != library.pk
        or not is_party(row.agreement, library.pk)
    ):
        raise RuleViolation("not_a_party", _("Only a manager of a library that takes part can decide this."))
    if not row.is_published:
        raise Conflict(
            "not_published", _("The agreement was changed meanwhile. Look again; nothing was changed.")
        )
    return row


def _record(code: str, row: AgreementVersion, library: Library, actor: Actor) -> None:
    audit.record(
        code, actor=actor, target=library, data={"number": row.number, "agreement": row.agreement.name}
    )
