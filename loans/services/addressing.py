"""Whom a library may write to about a request. In a guided network members never write to each other directly."""

from __future__ import annotations

from loans.models import Request, SupplyAttempt
from members.choices import HubMode
from members.models import Library, Network, NetworkMember


def neighbours(request: Request, attempt: SupplyAttempt | None, library_id: int | None) -> list[Library]:
    """The libraries one may write to, the next toward the lender first; none for a library that has no part in it.

    The way of words is borrower – its coordinator – the lender's coordinator – lender, without those that are not
    there: two libraries of a network without guidance stand next to each other.
    """
    way = chain(request, attempt)
    places = [place for place, one in enumerate(way) if one.pk == _standing_for(request, attempt, library_id)]
    if not places:
        return []
    place = places[0]
    return [*way[place + 1 : place + 2], *way[max(place - 1, 0) : place]]


def chain(request: Request, attempt: SupplyAttempt | None) -> list[Library]:
    """Everybody a word passes between borrower and lender, in order, nobody twice."""
    way = [request.requesting_library]
    for network in _networks(request, attempt):
        if network is not None and network.guided and network.coordinator_library is not None:
            way.append(network.coordinator_library)
    if attempt is not None:
        way.append(attempt.supplier)
    return list({one.pk: one for one in way}.values())


def apart(request: Request, attempt: SupplyAttempt | None) -> list[Library]:
    """The way of words where coordinators stand between borrower and lender; empty where the two speak directly."""
    guided = request.network is not None and request.network.guided
    if attempt is None or not (guided or attempt.via_id is not None):
        return []
    way = chain(request, attempt)
    return way if len(way) > 2 else []


def parcel_to(request: Request, attempt: SupplyAttempt, *, going_back: bool) -> Library:
    """Where a parcel is sent: to the other end, or where the hub is opaque, to the coordinator who sends it on."""
    end = attempt.supplier if going_back else request.requesting_library
    way, network = apart(request, attempt), request.network
    if not way or network is None or network.hub_mode != HubMode.OPAQUE:
        return end
    return way[1] if going_back else way[-2]


def heard_by(request: Request, attempt: SupplyAttempt | None, library_id: int | None) -> set[int] | None:
    """The libraries whose words one of the two ends reads: its own and its coordinator's. None: everybody's."""
    way = apart(request, attempt)
    if not way or library_id not in (way[0].pk, way[-1].pk):
        return None
    near = way[1] if library_id == way[0].pk else way[-2]
    return {library_id or 0, near.pk}


def _networks(request: Request, attempt: SupplyAttempt | None) -> list[Network | None]:
    own = request.network or home_network(request.requesting_library_id)
    return [own, home_network(attempt.supplier_id)] if attempt is not None else [own]


def home_network(library_id: int) -> Network | None:
    """The network a library's own requests begin in."""
    member = (
        NetworkMember.objects.filter(
            library_id=library_id, is_home=True, is_active=True, network__is_active=True
        )
        .select_related("network__coordinator_library", "network__deputy_library")
        .first()
    )
    return member.network if member else None


def _standing_for(request: Request, attempt: SupplyAttempt | None, library_id: int | None) -> int | None:
    """A deputy writes in the coordinator's place, unless it borrows or lends itself."""
    if library_id in (request.requesting_library_id, attempt.supplier_id if attempt else None):
        return library_id
    for network in _networks(request, attempt):
        if network is not None and network.guided and library_id == network.deputy_library_id:
            return network.coordinator_library_id
    return library_id
