"""Letters about programmes. Each is written in its reader's language when it is queued."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _t

from members.learning.times import sessions_told
from members.letters import Letter, letter_queue
from members.models import Programme, Registration, User
from members.services.notices import Desk
from network_portal.core.actor import Actor


def _path(programme: Programme) -> str:
    return reverse("members:learning_programme", args=[programme.pk])


def _send(
    registration: Registration, actor: Actor, subject: str, words: Sequence[str], quoted: str = ""
) -> None:
    """`subject` and `words` are msgids with %(title)s; they are translated for who gets the letter."""
    user, programme = registration.user, registration.programme
    if user is None:
        return

    def write() -> Letter:
        values = {"title": programme.title, "host": programme.host.name, "library": registration.library.name}
        lines = tuple(_(word) % values for word in words)
        return Letter(_(subject) % values, (*lines, *sessions_told(programme)), _path(programme),
                      _("See the programme"), quoted)  # fmt: skip

    letter_queue(write, to=user, actor=actor, target=programme, library_id=registration.library_id)


def placed(registration: Registration, actor: Actor, *, moved_up: bool = False) -> None:
    """A place, at once or after waiting."""
    first = _t("A place became free: it is yours now.") if moved_up else _t("You have a place.")
    rest = _t("If you can't come, please withdraw on the programme's page, so that somebody else can.")
    _send(registration, actor, _t("Your place: %(title)s"), [first, rest])


def queued(registration: Registration, actor: Actor) -> None:
    words = _t(
        "All places are taken. You are on the waiting list, and move up by yourself when one becomes free."
    )
    _send(registration, actor, _t("Waiting list: %(title)s"), [words])


def refused(registration: Registration, actor: Actor) -> None:
    _send(registration, actor, _t("Your registration was refused: %(title)s"),
          [_t("The reason that was given:")], registration.reason)  # fmt: skip


def changed(programme: Programme, people: Iterable[Registration], actor: Actor) -> None:
    for registration in people:
        _send(registration, actor, _t("Changed: %(title)s"),
              [_t("%(host)s changed the programme. Please look at day, time and place again.")])  # fmt: skip


def cancelled(programme: Programme, people: Iterable[Registration], actor: Actor) -> None:
    for registration in people:
        _send(registration, actor, _t("Cancelled: %(title)s"),
              [_t("%(host)s had to cancel the programme. The reason:")], programme.reason)  # fmt: skip


def asked_opinion(people: Iterable[Registration], actor: Actor) -> None:
    for registration in people:
        _send(registration, actor, _t("How was it? %(title)s"),
              [_t("A few short questions, without your name, help %(host)s to do it better.")])  # fmt: skip


def certificate_ready(registration: Registration, actor: Actor) -> None:
    _send(registration, actor, _t("Your certificate: %(title)s"),
          [_t("%(host)s has made your certificate. You find it under “My programmes”.")])  # fmt: skip


def sender_asked(registration: Registration, managers: Iterable[User], actor: Actor) -> None:
    """The managers of the sending library are asked to agree."""
    for manager in managers:

        def write() -> Letter:
            values = {"name": str(registration.user), "title": registration.programme.title}
            return Letter(
                _("%(name)s would like to take part: %(title)s") % values,
                (_("Please say whether your library agrees. The place is kept for nobody until then."),),
                reverse("members:learning_host"), _("Say yes or no"), registration.words,
            )  # fmt: skip

        letter_queue(write, to=manager, actor=actor, target=registration.programme,
                     library_id=registration.library_id)  # fmt: skip


def decided(programme: Programme, actor: Actor) -> None:
    """The host's desk hears what the coordinator said."""
    host = programme.host
    if not host.email:
        return

    def write() -> Letter:
        values = {"title": programme.title}
        subject = _("Opened: %(title)s") if programme.is_open else _("Not accepted: %(title)s")
        said = _("The coordinator has looked at your programme.")
        return Letter(subject % values, (said,), _path(programme), _("See the programme"), programme.reason)

    desk = Desk(email=host.email, name=host.name, language=host.language or Desk.language)
    letter_queue(write, to=desk, actor=actor, target=programme, library_id=host.pk)
