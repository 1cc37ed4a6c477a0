"""What the staff of a library see first: today's work by its state, what waits beside it, four figures, ways on.

Each room says in one statement what waits there; a new one is a function here and its name in ROOMS. Nothing is shown
that the person may not do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.core.cache import cache
from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.acquiring.selectors.waiting import acquiring_todo
from catalog.selectors.health import care_count
from loans.balance.limits import limits_of
from loans.selectors.today import Pile, Week, piles_of, weeks_of
from loans.selectors.unread import library_unread
from members.joining.present import checklist_for
from members.learning.selectors import registrations_waiting_for_host, registrations_waiting_for_sender
from members.permissions import Capability
from members.selectors.agreements import agreements_visible_to, versions_published, versions_to_accept
from members.selectors.libraries import library_of
from members.selectors.people import readers_in, readers_visible_to
from network_portal.core.actor import Actor
from network_portal.pages.decisions import Decision, Room, counted
from network_portal.pages.trends import WEEKS, Trend, mean, share, total, trend_of

SOON = timedelta(days=90)  # an agreement that ends within them needs a word
KEPT_SECONDS = 600


@dataclass(frozen=True)
class Counter:
    """One of the two counters: its title, its queue, what is to do there."""

    title: str
    url: str
    work: list[Decision]


def counters(actor: Actor) -> list[Counter]:
    """Borrowing and lending, as far as the person works there."""
    piles = piles_of(actor)
    shown = (
        ("requesting", _("We borrow"), Capability.REQUEST_MANAGE),
        ("supplying", _("We lend"), Capability.SUPPLY_MANAGE),
    )
    return [
        Counter(title, url, [_pile(one, url) for one in piles if one.queue == queue])
        for queue, title, needed in shown
        if actor.can(needed)
        for url in (reverse(f"loans:queue_{queue}"),)
    ]


def _pile(pile: Pile, url: str) -> Decision:
    query = urlencode({"tab": "todo", "status": pile.status})
    # A state that asks nothing by itself is here for a renewal, a damage or the like.
    label = pile.label if pile.is_work else _("%(state)s, with a question") % {"state": pile.label}
    return Decision(label, pile.count, f"{url}?{query}", pile.since, late=bool(pile.late))


def _messages(actor: Actor) -> Decision:
    return Decision(_("New messages"), library_unread(actor), reverse("loans:inbox"))


def _readers(actor: Actor) -> Decision | None:
    if not actor.can(Capability.PEOPLE_CONFIRM):
        return None
    rows = readers_in(readers_visible_to(actor), "pending")
    return counted(_("Readers to confirm"), rows, "created_at", f"{reverse('members:people')}?tab=pending")


def _sources(actor: Actor) -> Decision | None:
    if not actor.can(Capability.SOURCE_MANAGE):
        return None
    return Decision(_("Catalogues that need care"), care_count(actor), reverse("catalog:sources"))


def _buying(actor: Actor) -> Decision | None:
    if not actor.can(Capability.ACQUIRE):
        return None
    return Decision(_("Plans to buy and offered books"), acquiring_todo(actor), reverse("acquiring:wanted"))


def _agreements_to_accept(actor: Actor) -> Decision | None:
    if not actor.can(Capability.LIBRARY_EDIT):
        return None
    count = len(versions_to_accept(library_of(actor)))
    return Decision(_("Agreements to accept"), count, reverse("members:agreements"))


def _agreements_ending(actor: Actor) -> Decision | None:
    if not actor.can(Capability.LIBRARY_EDIT):
        return None
    today = timezone.localdate()
    rows = versions_published().filter(
        agreement__in=agreements_visible_to(actor).order_by().values("pk"), acceptances__library_id=actor.library_id,
        valid_until__gte=today, valid_until__lte=today + SOON,
    )  # fmt: skip
    found = rows.order_by().aggregate(n=Count("pk", distinct=True), until=Min("valid_until"))
    url = reverse("members:agreements")
    return Decision(_("Agreements that end within 90 days"), found["n"], url, until=found["until"])


def _registrations(actor: Actor) -> Decision | None:
    if not actor.can(Capability.LEARNING_AGREE):
        return None
    rows = registrations_waiting_for_sender(actor.library_id)
    return counted(
        _("Colleagues who want to take part in a programme"),
        rows,
        "created_at",
        reverse("members:learning_host"),
    )


def _guests(actor: Actor) -> Decision | None:
    if not actor.can(Capability.LEARNING_HOST):
        return None
    rows = registrations_waiting_for_host(actor.library_id)
    return counted(
        _("Registrations for our programmes"), rows, "created_at", reverse("members:learning_host")
    )


def _limits(actor: Actor) -> Decision | None:
    if not actor.can(Capability.RULES_EDIT):
        return None
    library = library_of(actor)
    count = sum(limit.near or limit.reached for limit in limits_of(library))
    url = reverse("loans:balance_library", args=[library.short_code])
    return Decision(_("Limits of lending reached or near"), count, url)


def _first_steps(actor: Actor) -> Decision | None:
    checklist = checklist_for(actor)
    if checklist is None:
        return None
    url = reverse("members:first_steps", args=[library_of(actor).short_code])
    return Decision(_("First steps left"), checklist.total - checklist.done, url)


ROOMS: tuple[Room, ...] = (
    _messages, _readers, _registrations, _guests, _agreements_to_accept, _agreements_ending, _limits, _sources,
    _buying, _first_steps,
)  # fmt: skip


def figures(library_id: int) -> list[Trend]:
    """Lent, borrowed, how many wishes were filled, days until the book was there; kept for some minutes."""
    key = f"pages.today.weeks.{library_id}"
    weeks: list[Week] | None = cache.get(key)
    if weeks is None:
        weeks = weeks_of(library_id, WEEKS, timezone.now())
        cache.set(key, weeks, KEPT_SECONDS)
    return [
        trend_of(_("Lent"), [week.lent for week in weeks], total),
        trend_of(_("Borrowed"), [week.came for week in weeks], total),
        trend_of(_("Wishes filled"), [(week.filled, week.closed) for week in weeks], share),
        trend_of(_("Days until it is there"), [week.days for week in weeks], mean),
    ]


def ways_on(actor: Actor, code: str) -> list[tuple[str, str]]:
    """Where else the work of a library is done: label and address."""
    ways: tuple[tuple[str, str, str, list[str]], ...] = (
        (Capability.REQUEST_MANAGE, _("Ask for a reader"), "catalog:search", []),
        (Capability.STATS_VIEW, _("Figures"), "loans:figures_library", [code]),
        (Capability.STATS_VIEW, _("Balance and benefit"), "loans:balance_library", [code]),
        (Capability.LIBRARY_EDIT, _("Terms"), "members:policies", [code]),
        (Capability.LIBRARY_EDIT, _("Opening hours and closed days"), "members:library_calendar", [code]),
        (Capability.LIBRARY_EDIT, _("Staff"), "members:staff", [code]),
        (Capability.SOURCE_VIEW, _("Sources"), "catalog:sources", []),
        (Capability.REQUEST_MANAGE, _("The library's page"), "members:library", [code]),
    )  # fmt: skip
    return [(label, reverse(name, args=args)) for needed, label, name, args in ways if actor.can(needed)]
