"""Applications: sending, confirming, asking back, accepting, refusing. One transaction each; twice does no harm."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.agreements.services import party_add
from members.choices import LibraryStatus, Role
from members.choices_joining import ApplicationStatus
from members.joining import letters
from members.models import Agreement, FirstStep, JoinApplication, JoinWord, Library, Network
from members.selectors.joining import application_read_now, application_waits_unconfirmed
from members.services.libraries import library_create
from members.services.networks import member_add
from members.services.staff import staff_add
from members.standing.services import LIBRARY_SHOWN
from network_portal.core import audit, events
from network_portal.core.actor import Actor
from network_portal.core.errors import Conflict, RuleViolation

FACTS = ("name", "library_type", "address", "city", "province", "website")


@transaction.atomic
def application_submit(*, actor: Actor, language: str, **facts: Any) -> JoinApplication | None:
    """Keep an application and ask for proof of its address.

    None when the same one waits for that already, or is with the coordinators: then its own link is mailed once more.
    """
    if application_waits_unconfirmed(facts["contact_email"], facts["name"]):
        return None
    here = application_read_now(facts["contact_email"], facts["name"])
    if here is not None:
        letters.here_already(here, actor)
        return None
    row = JoinApplication.objects.create(language=language, consent_at=timezone.now(), **facts)
    letters.ask_confirmation(row, actor)
    audit.record("members.join.sent", actor=actor, target=row)
    return row


@transaction.atomic
def application_confirm(*, pk: int, email: str, actor: Actor) -> JoinApplication | None:
    """The address is its sender's: now coordinators read it. None for a link that fits no application."""
    row = JoinApplication.objects.select_for_update().filter(pk=pk, contact_email__iexact=email).first()
    if row is None or row.status != ApplicationStatus.UNCONFIRMED:
        return row  # pressed again: the page is shown, nothing more
    row.status, row.confirmed_at = ApplicationStatus.WAITING, timezone.now()
    row.save(update_fields=["status", "confirmed_at"])
    audit.record("members.join.confirmed", actor=actor, target=row)
    letters.received(row, actor)
    return row


@transaction.atomic
def application_answer(*, application: JoinApplication, text: str, actor: Actor) -> JoinApplication:
    """The applicant answers; the application waits for a decision again. Conflict `not_asked` otherwise."""
    row = _locked(application)
    if row.status != ApplicationStatus.ASKED:
        raise Conflict("not_asked", _("Your answer is here already, or the application was decided."))
    _say(row, row.contact_name, text, by_applicant=True)
    row.status = ApplicationStatus.WAITING
    row.save(update_fields=["status"])
    audit.record("members.join.answered", actor=actor, target=row)
    letters.answered(row, text, actor)
    return row


@transaction.atomic
def application_ask(*, application: JoinApplication, text: str, actor: Actor) -> JoinApplication:
    """Ask the applicant something. RuleViolation `words_missing`; Conflict `decided` after a decision."""
    _need_words(text)
    row = _undecided(application)
    if row.status == ApplicationStatus.ASKED and _said_last(row, text):
        return row  # the same question, pressed twice
    _say(row, actor.user_name, text)
    row.status = ApplicationStatus.ASKED
    row.save(update_fields=["status"])
    audit.record("members.join.asked", actor=actor, target=row)
    letters.asked(row, text, actor)
    return row


@transaction.atomic
def application_refuse(*, application: JoinApplication, text: str, actor: Actor) -> JoinApplication:
    """Refuse with words, which the applicant reads. RuleViolation `words_missing`; Conflict `decided`."""
    _need_words(text)
    row = _locked(application)
    if row.status == ApplicationStatus.REFUSED:
        return row
    row = _undecided(row)
    _say(row, actor.user_name, text)
    _decide(row, ApplicationStatus.REFUSED, actor)
    audit.record("members.join.refused", actor=actor, target=row)
    letters.refused(row, text, actor)
    return row


@transaction.atomic
def application_accept(
    *,
    application: JoinApplication,
    short_code: str,
    actor: Actor,
    network: Network | None = None,
    agreement: Agreement | None = None,
    text: str = "",
) -> JoinApplication:
    """Make the library, its place in the network and its manager's account, all or nothing.

    It is "joining" until it takes part (`library_open`). Raises Conflict `decided`, and django's ValidationError for
    a short code that is taken or an ISIL that another member has. A second press returns what the first one made.
    """
    row = _locked(application)
    if row.status == ApplicationStatus.ACCEPTED:
        return row
    row = _undecided(row)
    row.library = library_create(
        actor=actor, short_code=short_code, isil=row.isil or None, status=LibraryStatus.PROSPECTIVE,
        email=row.contact_email, phone=row.contact_phone, language=row.language,
        **{name: getattr(row, name) for name in FACTS},
    )  # fmt: skip
    row.network, row.agreement = network, agreement
    if agreement is not None:
        party_add(agreement=agreement, library=row.library, actor=actor)
    if network is not None:
        member_add(network=network, library=row.library, actor=actor)
    if text.strip():
        _say(row, actor.user_name, text)
    _decide(row, ApplicationStatus.ACCEPTED, actor)
    audit.record("members.join.accepted", actor=actor, target=row, data={"code": short_code})
    letters.accepted(row, text.strip(), actor)
    staff_add(
        library=row.library, email=row.contact_email, name=row.contact_name, role=Role.MANAGER,
        language=row.language, actor=actor,
    )  # fmt: skip
    return row


@transaction.atomic
def library_open(*, library: Library, actor: Actor) -> Library:
    """A joining library takes part from now on. Pressed again: nothing happens; Conflict `not_joining` otherwise."""
    row = Library.objects.select_for_update().get(pk=library.pk)
    if row.status == LibraryStatus.ACTIVE:
        return row
    if row.status != LibraryStatus.PROSPECTIVE:
        raise Conflict("not_joining", _("This library is not joining. Nothing was changed."))
    row.status = LibraryStatus.ACTIVE
    row.save(update_fields=["status"])
    audit.record("members.join.opened", actor=actor, target=row)
    events.publish(LIBRARY_SHOWN, library_id=row.pk)
    return row


def step_take(*, library: Library, step: str) -> None:
    """Remember a step that leaves no other trace; again does nothing."""
    FirstStep.objects.get_or_create(library=library, step=step)


def _locked(application: JoinApplication) -> JoinApplication:
    return JoinApplication.objects.select_for_update().get(pk=application.pk)


def _undecided(application: JoinApplication) -> JoinApplication:
    row = _locked(application)
    if not row.is_open:
        raise Conflict(
            "decided", _("A colleague was faster: this application is decided. Nothing was changed.")
        )
    return row


def _decide(row: JoinApplication, status: ApplicationStatus, actor: Actor) -> None:
    row.status, row.decided_at = status, timezone.now()
    row.decided_by_id, row.decided_by_name = actor.user_id, actor.user_name[:200]
    row.save(
        update_fields=[
            "status",
            "decided_at",
            "decided_by_id",
            "decided_by_name",
            "library",
            "network",
            "agreement",
        ]
    )


def _say(row: JoinApplication, author: str, text: str, *, by_applicant: bool = False) -> None:
    JoinWord.objects.create(
        application=row, by_applicant=by_applicant, author=author[:200], text=text.strip()[:2000]
    )


def _said_last(row: JoinApplication, text: str) -> bool:
    last = row.words.order_by("-pk").first()
    return last is not None and not last.by_applicant and last.text == text.strip()[:2000]


def _need_words(text: str) -> None:
    if not text.strip():
        raise RuleViolation("words_missing", _("Please write why, so that the library knows what to do."))
