"""Who is told that a library stops, leaves or comes back: its own managers, and those with whom something is open."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.choices_standing import StandingKind
from members.letters import Letter, letter_queue
from members.models import StandingChange, User
from members.selectors.agreements import managers_of
from members.selectors.joining import coordinators
from members.standing.open_business import open_items
from members.standing.present import standing_words
from network_portal.core.actor import Actor


def told_of(library_id: int) -> list[User]:
    """Managers of the library and of every library with which a request is under way."""
    partners = {item.partner_id for item in open_items(library_id) if item.partner_id}
    return list(managers_of({library_id, *partners}))


def standing_told(change: StandingChange, actor: Actor) -> None:
    """What nobody decided on the spot - the portal did it on its day - coordinators are told too."""

    def write() -> Letter:
        words = [str(StandingKind(change.kind).label)]
        if change.kind in (StandingKind.SUSPENDED, StandingKind.LEAVING):
            words.append(_("Nothing new can be asked of it or by it. What is under way goes on to its end."))
        days = standing_words(change)
        return Letter(
            subject=f"{change.library.name}: {words[0]}", paragraphs=(*words, *([days] if days else ())),
            path=reverse("members:library", args=[change.library.short_code]), button=_("Membership"),
            quoted=change.reason,
        )  # fmt: skip

    people = told_of(change.library_id)
    if actor.is_system:
        people = list({one.pk: one for one in (*people, *coordinators())}.values())
    for person in people:
        key = f"standing-{change.pk}-{person.pk}"
        letter_queue(
            write, to=person, actor=actor, target=change, dedupe_key=key, library_id=change.library_id
        )


def held_up(change: StandingChange, actor: Actor) -> int:
    """Once for each leaving: to coordinators and the library's managers, what still has to end."""
    items = open_items(change.library_id)

    def write() -> Letter:
        listed = tuple(
            " · ".join(part for part in (item.number, item.title[:80], item.partner, item.state) if part)
            for item in items[:20]
        )
        first = ngettext(
            "The announced day has come, but %(count)s request is still under way. "
            "Once it has ended, the library has left by itself.",
            "The announced day has come, but %(count)s requests are still under way. "
            "Once they have ended, the library has left by itself.",
            len(items),
        ) % {"count": len(items)}
        return Letter(
            subject=_("%(name)s has not left yet") % {"name": change.library.name}, paragraphs=(first, *listed),
            path=reverse("members:standing", args=[change.library.short_code]), button=_("Membership"),
        )  # fmt: skip

    people = {one.pk: one for one in (*managers_of({change.library_id}), *coordinators())}
    sent = 0
    for person in people.values():
        key = f"standing-held-{change.pk}-{person.pk}"
        queued = letter_queue(
            write, to=person, actor=actor, target=change, dedupe_key=key, library_id=change.library_id
        )
        sent += queued is not None
    return sent
