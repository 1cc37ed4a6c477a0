"""Two small guided networks in the demo, linked, so that no coordinator's desk is empty. build.py calls it.

The readers of the first are those of a school and of a boarding school; larger libraries lend to them and stay free
otherwise. What nobody there has is asked of the second network: the two coordinators speak, their members do not.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q

from catalog.choices import ItemStatus
from catalog.models import Edition, Holding
from loans.choices import Level, RefusalReason
from loans.models import CoordinatorRule, Request
from loans.services.requests import request_submit
from loans.workflow.engine import transition
from members.models import Library, Network, NetworkLink, NetworkMember, User
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

# The second network: who leads it, and whose home it is.
FAR_CODE, FAR_NAME = "BAHTERA", "Jaringan Perpustakaan Bahtera"
FAR_LED_BY, FAR_MEMBERS = "PINISI", ("SDELI",)
# Reader, and how far the request got between the two coordinators.
FAR_WISHES = ((PATRON_GUIDED_EAST, ("send_over",)), (PATRON_GUIDED, ("send_over", "assign", "accept")))

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
    made = sum(_wish(number, *wish) for number, wish in enumerate(WISHES, start=1))
    far = _far_network(network)
    return made + sum(_far_wish(number, far, *wish) for number, wish in enumerate(FAR_WISHES, start=1) if far)


def _far_network(near: Network) -> Network | None:
    """The second network, linked with the first; None where one of its libraries is missing."""
    places = {
        one.short_code: one for one in Library.objects.filter(short_code__in=(FAR_LED_BY, *FAR_MEMBERS))
    }
    if len(places) < len(FAR_MEMBERS) + 1:
        return None
    far, _new = Network.objects.get_or_create(
        code=FAR_CODE,
        defaults={"name": FAR_NAME, "guided": True, "coordinator_library": places[FAR_LED_BY]},
    )
    for code in FAR_MEMBERS:
        NetworkMember.objects.get_or_create(network=far, library=places[code], defaults={"is_home": True})
    NetworkLink.objects.get_or_create(left=near, right=far, defaults={"is_open": True})
    return far


def _far_wish(number: int, far: Network, email: str, steps: tuple[str, ...]) -> bool:
    """A title that only the second network has: one coordinator hands it over, the other chooses a library."""
    reader, actor = User.objects.get(email=email), actor_of(email)
    home, lender = (
        Library.objects.get(pk=actor.library_id or 0),
        Library.objects.get(short_code=FAR_MEMBERS[0]),
    )
    edition = _only_far(lender, reader)
    if edition is None:
        return False
    request = request_submit(
        edition=edition, patron=reader, requesting_library=home, actor=actor, submit_key=f"demo-far-{number}"
    )
    days_pass(request, 1)
    request = transition(request, "approve", librarian_of(home))
    chosen: dict[str, dict[str, Any]] = {
        "send_over": {"network_id": far.pk},
        "assign": {"library_id": lender.pk},
    }
    by = {"send_over": actor_of(COORDINATOR), "accept": librarian_of(lender)}
    for step in steps:
        who = by.get(step) or librarian_of(Library.objects.get(short_code=FAR_LED_BY))
        request = transition(request, step, who, **chosen.get(step, {}))
    return True


def _only_far(lender: Library, reader: User) -> Edition | None:
    """A book on the lender's shelf that no library of the first network has."""
    ready = Holding.objects.filter(library=lender, status=ItemStatus.AVAILABLE)
    near = Holding.objects.filter(library__short_code__in=(*SCHOOLS, *LENDERS))
    found = Edition.objects.filter(pk__in=ready.values("edition"), merged_into=None, format="book")
    taken = Q(pk__in=near.values("edition")) | Q(requests__submit_key__startswith="demo-far-")
    return found.exclude(taken).exclude(requests__patron=reader).order_by("pk").first()


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
