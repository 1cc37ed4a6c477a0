"""What applicants and coordinators are written about an application. Called by members.joining.services."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse
from django.utils.translation import gettext as _

from members.joining.links import confirm_path, status_path
from members.letters import Correspondent, Letter, letter_queue
from members.models import JoinApplication
from members.netsettings import CONFIRM_DAYS
from members.selectors.joining import coordinators
from network_portal.core.actor import Actor
from network_portal.core.netsettings.portal import NAME


def _to_applicant(row: JoinApplication, actor: Actor, write: Callable[[], Letter], key: str = "") -> bool:
    to = Correspondent(row.contact_email, row.contact_name, row.language)
    # The link is the applicant's key: the outbox shows staff that the mail went, not what stands in it.
    sent = letter_queue(write, to=to, actor=actor, target=row, dedupe_key=key, sensitive=True)
    return sent is not None


def ask_confirmation(row: JoinApplication, actor: Actor) -> None:
    def write() -> Letter:
        return Letter(
            subject=_("Please confirm your address: %(name)s") % {"name": row.name},
            paragraphs=(
                _("Somebody asked with this address that %(name)s may join %(portal)s.")
                % {"name": row.name, "portal": NAME.now()},
                _("Open the link within %(days)s days, then your application is read. If it was not you, do nothing.")
                % {"days": CONFIRM_DAYS.now()},
            ),
            path=confirm_path(row.pk, row.contact_email), button=_("Confirm my address"),
        )  # fmt: skip

    _to_applicant(row, actor, write)


def confirmation_missed(row: JoinApplication, actor: Actor) -> bool:
    """Once; True when it was queued now."""

    def write() -> Letter:
        return Letter(
            subject=_("Your application still waits: %(name)s") % {"name": row.name},
            paragraphs=(
                _("The application of %(name)s is read once you have confirmed this address.") % {"name": row.name},
                _("If it was not you, do nothing: it is deleted soon, and we do not write again."),
            ),
            path=confirm_path(row.pk, row.contact_email), button=_("Confirm my address"),
        )  # fmt: skip

    return _to_applicant(row, actor, write, f"join-reminded-{row.pk}")


def here_already(row: JoinApplication, actor: Actor) -> None:
    """To who applies again with the same name and address while the first application is read."""

    def write() -> Letter:
        return Letter(
            subject=_("Your application is here already: %(name)s") % {"name": row.name},
            paragraphs=(_("It was sent once more; the first one counts. With this link you see how it stands."),),
            path=status_path(row.pk), button=_("See how it stands"),
        )  # fmt: skip

    _to_applicant(row, actor, write, f"join-again-{row.pk}")


def withdrawn(row: JoinApplication, actor: Actor) -> None:
    def write() -> Letter:
        return Letter(
            subject=_("Taken back: the application of %(name)s") % {"name": row.name},
            paragraphs=(_("The library took its application back. Nothing more is to be done."),),
            path=reverse("members:application", args=[row.pk]), button=_("Read the application"),
        )  # fmt: skip

    for person in coordinators():
        key = f"join-withdrawn-{row.pk}-{person.pk}"
        letter_queue(write, to=person, actor=actor, target=row, dedupe_key=key)


def received(row: JoinApplication, actor: Actor) -> None:
    """To the applicant, and to every coordinator."""

    def write() -> Letter:
        return Letter(
            subject=_("Your application has arrived: %(name)s") % {"name": row.name},
            paragraphs=(
                _("Thank you. A coordinator reads your application and writes to you."),
                _("With this link you see at any time how it stands. Keep it to yourself: it needs no password."),
            ),
            path=status_path(row.pk), button=_("See how it stands"),
        )  # fmt: skip

    _to_applicant(row, actor, write, f"join-received-{row.pk}")
    for person in coordinators():
        letter_queue(lambda: _for_coordinators(row), to=person, actor=actor, target=row,
                     dedupe_key=f"join-waiting-{row.pk}-{person.pk}")  # fmt: skip


def _for_coordinators(row: JoinApplication) -> Letter:
    return Letter(
        subject=_("A library wants to join: %(name)s") % {"name": row.name},
        paragraphs=(
            _("%(name)s in %(city)s wants to join the network.") % {"name": row.name, "city": row.city},
        ),
        path=reverse("members:application", args=[row.pk]), button=_("Read the application"),
    )  # fmt: skip


def answered(row: JoinApplication, text: str, actor: Actor) -> None:
    def write() -> Letter:
        return Letter(
            subject=_("An answer from %(name)s") % {"name": row.name},
            paragraphs=(_("%(contact)s answered your question.") % {"contact": row.contact_name},),
            path=reverse("members:application", args=[row.pk]), button=_("Read the application"), quoted=text,
        )  # fmt: skip

    for person in coordinators():
        letter_queue(write, to=person, actor=actor, target=row)


def asked(row: JoinApplication, text: str, actor: Actor) -> None:
    def write() -> Letter:
        return Letter(
            subject=_("A question about your application: %(name)s") % {"name": row.name},
            paragraphs=(_("Before we decide we would like to know:"),),
            path=status_path(row.pk), button=_("Answer"), quoted=text,
        )  # fmt: skip

    _to_applicant(row, actor, write)


def refused(row: JoinApplication, text: str, actor: Actor) -> None:
    def write() -> Letter:
        return Letter(
            subject=_("About your application: %(name)s") % {"name": row.name},
            paragraphs=(_("We cannot take your library on at the moment. The reason:"),),
            path=status_path(row.pk), button=_("See how it stands"), quoted=text,
        )  # fmt: skip

    _to_applicant(row, actor, write, f"join-decided-{row.pk}")


def accepted(row: JoinApplication, text: str, actor: Actor) -> None:
    def write() -> Letter:
        return Letter(
            subject=_("Welcome: %(name)s joins the network") % {"name": row.name},
            paragraphs=(
                _("Your library is accepted. A second mail brings you the account with which you manage it."),
                _("After that a list leads you through the first steps: details, hours, terms, your catalogue."),
            ),
            path=status_path(row.pk), button=_("See how it stands"), quoted=text,
        )  # fmt: skip

    _to_applicant(row, actor, write, f"join-decided-{row.pk}")
