"""What managers and coordinators are written about agreements."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from members.letters import Letter, letter_queue
from members.models import AgreementNotice, AgreementRefusal, AgreementVersion
from members.netsettings import WARN_DAYS
from members.selectors.agreements import managers_of, parties_of
from members.selectors.joining import coordinators
from network_portal.core.actor import Actor


def _path(row: AgreementVersion) -> str:
    return reverse("members:agreement_version", args=[row.agreement_id, row.number])


def please_accept(row: AgreementVersion, actor: Actor) -> None:
    """To the managers of every party."""

    def write() -> Letter:
        return Letter(
            subject=_("Please read and accept: %(name)s") % {"name": row.agreement.name},
            paragraphs=(
                _("Version %(number)s of “%(name)s” is published. It counts for your library once you accept it.")
                % {"number": row.number, "name": row.agreement.name},
            ),
            path=_path(row), button=_("Read the agreement"),
        )  # fmt: skip

    for person in managers_of(parties_of(row.agreement).values_list("pk", flat=True)):
        key = f"agreement-accept-{row.pk}-{person.pk}"
        letter_queue(write, to=person, actor=actor, target=row, dedupe_key=key)


def proposed(row: AgreementVersion, actor: Actor) -> None:
    """To the coordinators: one that binds a whole network waits for them, others they only get to know."""
    library = row.agreement.proposed_by.name if row.agreement.proposed_by else ""

    def write() -> Letter:
        words = (
            _("It would bind the whole network: read it, and publish it or write back to the library.")
            if row.is_draft
            else _("It was sent to the libraries that it is meant for. You need not do anything.")
        )
        return Letter(
            subject=_("%(library)s proposes: %(name)s") % {"library": library, "name": row.agreement.name},
            paragraphs=(words,), path=_path(row), button=_("Read the agreement"),
        )  # fmt: skip

    for person in coordinators():
        key = f"agreement-proposed-{row.pk}-{row.proposed_at or ''}-{person.pk}"
        letter_queue(write, to=person, actor=actor, target=row, dedupe_key=key)


def declined(row: AgreementVersion, refusal: AgreementRefusal, actor: Actor) -> None:
    """To who wrote it - the proposing library's managers - and to the coordinators."""

    def write() -> Letter:
        return Letter(
            subject=_("%(library)s declines: %(name)s")
            % {"library": refusal.library.name, "name": row.agreement.name},
            paragraphs=(_("A new version can take its words into account."),),
            path=_path(row), button=_("Read the agreement"), quoted=refusal.words,
        )  # fmt: skip

    _to_others(row, [row.agreement.proposed_by_id or 0], write, actor, f"agreement-no-{refusal.pk}")


def notice_given(row: AgreementVersion, notice: AgreementNotice, actor: Actor) -> None:
    """To every other party's managers, and to the coordinators."""

    def write() -> Letter:
        day = date_format(notice.last_day, "DATE_FORMAT")
        return Letter(
            subject=_("%(library)s leaves: %(name)s")
            % {"library": notice.library.name, "name": row.agreement.name},
            paragraphs=(_("It is bound until %(day)s. After that its own terms and fees count again.") % {"day": day},),
            path=_path(row), button=_("Read the agreement"), quoted=notice.words,
        )  # fmt: skip

    others = row.acceptances.exclude(library=notice.library_id).values_list("library_id", flat=True)
    _to_others(row, others, write, actor, f"agreement-notice-{notice.pk}")


def _to_others(
    row: AgreementVersion, libraries: Iterable[int], write: Callable[[], Letter], actor: Actor, key: str
) -> None:
    people = {one.pk: one for one in (*managers_of(libraries), *coordinators())}
    for person in people.values():
        letter_queue(write, to=person, actor=actor, target=row, dedupe_key=f"{key}-{person.pk}")


def ends_soon(row: AgreementVersion, today: date, actor: Actor) -> int:
    """One warning per person and threshold (90, 30, 7 days); returns how many mails were queued."""
    ends = row.term.valid_until if row.term and row.term.valid_until else row.valid_until
    if ends is None:
        return 0
    left = (ends - today).days
    step = min((days for days in WARN_DAYS.now() if 0 <= left <= days), default=None)
    if step is None:
        return 0

    def write() -> Letter:
        last = date_format(ends, "DATE_FORMAT")
        return Letter(
            subject=_("Ends soon: %(name)s") % {"name": row.agreement.name},
            paragraphs=(
                _("“%(name)s” ends on %(day)s. After that the libraries' own terms and fees count again.")
                % {"name": row.agreement.name, "day": last},
                _("A coordinator can publish a new version before that day."),
            ),
            path=_path(row), button=_("Read the agreement"),
        )  # fmt: skip

    people = {one.pk: one for one in managers_of(row.acceptances.values_list("library_id", flat=True))}
    people |= {one.pk: one for one in coordinators()}
    sent = 0
    for person in people.values():
        key = f"agreement-ends-{row.pk}-{step}-{person.pk}"
        sent += letter_queue(write, to=person, actor=actor, target=row, dedupe_key=key) is not None
    return sent
