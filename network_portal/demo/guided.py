"""A small guided network in the demo, so that its coordinator's desk is not empty. build.py calls it.

Its readers are those of a school and of a boarding school; larger libraries lend to them and stay free otherwise.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from catalog.choices import ItemStatus
from catalog.models import Edition, Holding
from loans.choices import Level, RefusalReason
from loans.models import CoordinatorRule, Request
from loans.services.requests import request_submit
from loans.workflow.engine import transition
from members.models import Library, Network, NetworkMember, User
from network_portal.demo.accounts import (
    COORDINATOR,
    PATRON_GUIDED,
    PATRON_GUIDED_EAST,
    actor_of,
    librarian_of,
)
from network_portal.demo.past import days_pass

CODE, NAME = "PELITA", "Jaringan Perpustakaan Sekolah Pelita"
# Whose own requests are guided; and who lends to them as well.
SCHOOLS, LENDERS = ("CENDEKIA", "APONO"), ("JMERAH", "LAWANGPITU", "SARASWATI", "CANDISEWU")
LED_BY, STANDS_IN = "DEPOSIT", "CANDISEWU"

# Reader, speed, days until the librarian let it out, what the coordinator did; the titles are whatever can be lent.
WISHES = (
    (PATRON_GUIDED, Level.NORMAL, 1, ""),
    (PATRON_GUIDED_EAST, Level.RUSH, 1, ""),
    (PATRON_GUIDED, Level.NORMAL, 1, ""),
    (PATRON_GUIDED_EAST, Level.NORMAL, 1, ""),
    (PATRON_GUIDED, Level.NORMAL, 1, "coordinator_release"),
    (PATRON_GUIDED_EAST, Level.NORMAL, 2, "refuse_out"),
)


@transaction.atomic
def ensure_guided() -> int:
    """The network, its rules and what waits at its desk; returns how many requests were made. Safe to repeat."""
    network = _network()
    if network is None or Request.objects.filter(submit_key__startswith="demo-guided-").exists():
        return 0
    return sum(_wish(number, *wish) for number, wish in enumerate(WISHES, start=1))


def _network() -> Network | None:
    places = {
        one.short_code: one for one in Library.objects.filter(short_code__in=(*SCHOOLS, *LENDERS, LED_BY))
    }
    if len(places) < len(SCHOOLS) + len(LENDERS) + 1:
        return None
    network, new = Network.objects.get_or_create(
        code=CODE,
        defaults={
            "name": NAME, "topology": "star", "guided": True, "hub": places[LED_BY],
            "coordinator_library": places[LED_BY], "deputy_library": places[STANDS_IN],
        },
    )  # fmt: skip
    for code in (*SCHOOLS, *LENDERS):
        home = (
            code in SCHOOLS and not NetworkMember.objects.filter(library=places[code], is_home=True).exists()
        )
        NetworkMember.objects.get_or_create(network=network, library=places[code], defaults={"is_home": home})
    if new:
        CoordinatorRule.objects.create(
            network=network, effect="hold", conditions={"level": "rush"}, position=1
        )
        CoordinatorRule.objects.create(
            network=network, effect="release", conditions={"service": "copy"}, position=2
        )
    return network


def _wish(number: int, email: str, level: Level, days: int, decision: str) -> bool:
    reader, actor = User.objects.get(email=email), actor_of(email)
    home = Library.objects.get(pk=actor.library_id or 0)
    edition = _lendable(home, reader)
    if edition is None:
        return False
    request = request_submit(
        edition=edition, patron=reader, requesting_library=home, actor=actor, level=level.value,
        submit_key=f"demo-guided-{number}",
    )  # fmt: skip
    days_pass(request, days)
    request = transition(request, "approve", librarian_of(home))
    if decision:
        reason: dict[str, Any] = {"reason": RefusalReason.NOT_LENT.value} if decision == "refuse_out" else {}
        transition(request, decision, actor_of(COORDINATOR), **reason)
    return True


def _lendable(home: Library, reader: User) -> Edition | None:
    """A book on the shelf of two lending libraries that the school has not, nor the reader asked for."""
    ready = Holding.objects.filter(library__short_code__in=LENDERS, status=ItemStatus.AVAILABLE)
    found = Edition.objects.filter(
        pk__in=ready.values("edition"), merged_into=None, format="book", library_count__gte=3
    )
    found = found.exclude(holdings__library=home).exclude(requests__patron=reader)
    for edition in found.order_by("-library_count", "pk")[:50]:
        if ready.filter(edition=edition).values("library").distinct().count() > 1:
            return edition
    return None
