"""Whom a library may write to about a request, and whether it learns who the other end is.

In a guided network members never write to each other directly. Whether they know each other is the network's own
setting: through an opaque hub (`hub_mode`) they do not, on no page, mail, list or paper; else words alone are led.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from loans.models import Request, SupplyAttempt
from members.choices import HubMode
from members.models import Library, Network, NetworkMember

Home = Callable[[int], "Network | None"]


@dataclass(frozen=True)
class Ends:
    """Borrower and lender as one library sees them: behind an opaque hub, the hub stands for the other end."""

    borrower: Library
    supplier: Library | None
    hides: int | None = None  # the library that is not to be named
    hub: Library | None = None  # the coordinator that is named in its place

    def name_of(self, library: Library) -> str:
        """What stands for a library: the coordinator's name for the end that is hidden."""
        return self.hub.name if self.hub is not None and library.pk == self.hides else library.name


def ends_seen(
    request: Request, attempt: SupplyAttempt | None, library_id: int | None, home: Home | None = None
) -> Ends:
    """The two ends as the staff of a library, or the borrowing library's reader, may know them."""
    supplier = attempt.supplier if attempt is not None else None
    way = veiled(request, attempt, home)
    if way and library_id == way[0].pk:
        return Ends(way[0], way[1], way[-1].pk, way[1])
    if way and library_id == way[-1].pk:
        return Ends(way[-2], supplier, way[0].pk, way[-2])
    return Ends(request.requesting_library, supplier)


def veiled(request: Request, attempt: SupplyAttempt | None, home: Home | None = None) -> list[Library]:
    """The way of words where the two ends do not learn who the other is; else empty."""
    way = apart(request, attempt, home)
    guided = (
        one for one in (_networks(request, attempt, home) if way else ()) if one is not None and one.guided
    )
    return way if any(one.hub_mode == HubMode.OPAQUE for one in guided) else []


def plan_hidden(request: Request, library_id: int | None) -> bool:
    """Is the order of libraries the coordinator's own matter, of which the borrowing library learns nothing?"""
    network = request.network
    if network is None or not network.guided or network.hub_mode != HubMode.OPAQUE:
        return False
    desks = (network.coordinator_library_id, network.deputy_library_id)
    return library_id == request.requesting_library_id and library_id not in desks


def numbers_by(library: Library) -> Library:
    """The library whose code and count a new request's number bears: the coordinator's where its hub is opaque.

    A number stands on every page, mail and slip, and would tell the lender who borrows.
    """
    network = home_network(library.pk)
    if network is None or not network.guided or network.hub_mode != HubMode.OPAQUE:
        return library
    return network.coordinator_library or library


def homes_of(requests: Iterable[Request], attempts: Iterable[SupplyAttempt]) -> Home:
    """`home_network` for many rows: the networks of all their libraries in one query, asked for only when needed."""
    rows, parts = list(requests), list(attempts)
    wanted = {row.network_id for row in rows if row.network_id and not Request.network.is_cached(row)}
    if wanted:
        networks = Network.objects.select_related("coordinator_library").in_bulk(wanted)
        for row in rows:
            if row.network_id in networks:
                row.network = networks[row.network_id]
    found: dict[int, Network] = {}
    asked = False

    def home(library_id: int) -> Network | None:
        nonlocal asked
        if not asked:
            asked = True
            ids = {row.requesting_library_id for row in rows} | {part.supplier_id for part in parts}
            for member in _home_members().filter(library_id__in=ids):
                found.setdefault(member.library_id, member.network)
        return found.get(library_id)

    return home


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


def chain(request: Request, attempt: SupplyAttempt | None, home: Home | None = None) -> list[Library]:
    """Everybody a word passes between borrower and lender, in order, nobody twice."""
    way = [request.requesting_library]
    for network in _networks(request, attempt, home):
        if network is not None and network.guided and network.coordinator_library is not None:
            way.append(network.coordinator_library)
    if attempt is not None:
        way.append(attempt.supplier)
    return list({one.pk: one for one in way}.values())


def apart(request: Request, attempt: SupplyAttempt | None, home: Home | None = None) -> list[Library]:
    """The way of words where coordinators stand between borrower and lender; empty where the two speak directly."""
    guided = request.network is not None and request.network.guided
    if attempt is None or not (guided or attempt.via_id is not None):
        return []
    way = chain(request, attempt, home)
    return way if len(way) > 2 else []


def parcel_to(
    request: Request, attempt: SupplyAttempt, *, going_back: bool, here: int | None = None
) -> Library:
    """Where a parcel is sent: to the other end, or where the hub is opaque, to the coordinator who sends it on.

    `here`: the library it leaves, which may be such a coordinator; else one of the two ends.
    """
    end = attempt.supplier if going_back else request.requesting_library
    way = veiled(request, attempt)
    if not way:
        return end
    places = [one.pk for one in way]
    start = 0 if going_back else len(way) - 1
    place = places.index(here) if here in places else start
    return way[min(place + 1, len(way) - 1)] if going_back else way[max(place - 1, 0)]


def forwards(request: Request, attempt: SupplyAttempt, library_id: int | None) -> bool:
    """Does the parcel pass this library on its way, which is neither of the two ends?"""
    return any(one.pk == library_id for one in veiled(request, attempt)[1:-1])


def heard_by(request: Request, attempt: SupplyAttempt | None, library_id: int | None) -> set[int] | None:
    """The libraries whose words one of the two ends reads: its own and its coordinator's. None: everybody's."""
    way = apart(request, attempt)
    if not way or library_id not in (way[0].pk, way[-1].pk):
        return None
    near = way[1] if library_id == way[0].pk else way[-2]
    return {library_id or 0, near.pk}


def _networks(
    request: Request, attempt: SupplyAttempt | None, home: Home | None = None
) -> list[Network | None]:
    home = home or home_network
    own = request.network or home(request.requesting_library_id)
    return [own, home(attempt.supplier_id)] if attempt is not None else [own]


def home_network(library_id: int) -> Network | None:
    """The network a library's own requests begin in."""
    member = _home_members().filter(library_id=library_id).first()
    return member.network if member else None


def _home_members() -> QuerySet[NetworkMember]:
    rows = NetworkMember.objects.filter(is_home=True, is_active=True, network__is_active=True)
    return rows.select_related("network__coordinator_library", "network__deputy_library")


def _standing_for(request: Request, attempt: SupplyAttempt | None, library_id: int | None) -> int | None:
    """A deputy writes in the coordinator's place, unless it borrows or lends itself."""
    if library_id in (request.requesting_library_id, attempt.supplier_id if attempt else None):
        return library_id
    for network in _networks(request, attempt):
        if network is not None and network.guided and library_id == network.deputy_library_id:
            return network.coordinator_library_id
    return library_id
