"""A small network for the loan tests: one library that asks, three that lend, and the people at their desks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from catalog.choices import ItemStatus
from catalog.models import Edition, Holding, Source, SourceRecord
from loans.models import Request
from loans.services import request_submit
from loans.workflow import engine
from members.choices import LibraryType, MembershipStatus, Role
from members.models import Library, Membership, User
from members.working import working_of
from network_portal.core.actor import Actor

# Short code, name, city, latitude, longitude: from Bandung, Jakarta is near, Semarang farther, Makassar far.
PLACES = (
    ("BDG", "Perpustakaan Kota Bandung", "Bandung", -6.91, 107.61),
    ("JKT", "Perpustakaan Jakarta", "Jakarta", -6.19, 106.84),
    ("SMG", "Perpustakaan Semarang", "Semarang", -6.98, 110.42),
    ("MKS", "Perpustakaan Makassar", "Makassar", -5.15, 119.43),
)


@dataclass
class World:
    libraries: dict[str, Library] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    edition: Edition = None  # type: ignore[assignment]

    @property
    def patron(self) -> User:
        return self.people["patron"]

    @property
    def home(self) -> Library:
        return self.libraries["BDG"]

    def actor(self, who: str) -> Actor:
        return working_of(self.people[who]).actor

    @property
    def reader(self) -> Actor:
        return self.actor("patron")

    @property
    def desk(self) -> Actor:
        """The requesting librarian."""
        return self.actor("BDG")

    def supplier(self, request: Request) -> Actor:
        """The librarian of the library that has the request now."""
        attempt = engine.live_attempt(request)
        assert attempt is not None
        return self.actor(attempt.supplier.short_code)

    def submit(self, **extra: Any) -> Request:
        values = {"edition": self.edition, "patron": self.patron, "requesting_library": self.home}
        values |= {"actor": self.reader} | extra
        return request_submit(**values)

    def acting(self, request: Request, action: str) -> Actor:
        """Whoever the table lets take a step."""
        side = engine.ACTIONS[action].side.value
        if side == "supplying":
            return self.supplier(request)
        return {"patron": self.reader, "requesting": self.desk}.get(side) or Actor.system()

    def take(self, request: Request, *actions: str) -> Request:
        for action in actions:
            request = engine.transition(request, action, self.acting(request, action), **params_for(action))
        return request

    def request_in(self, status: str) -> Request:
        """A new request, brought to a status by the shortest way."""
        request = self.submit()
        if (
            status == "approved"
        ):  # passed through at once; a request only rests there when routing was interrupted
            Request.objects.filter(pk=request.pk).update(status="approved", round=1)
            return Request.objects.get(pk=request.pk)
        if status in ("end_of_rota", "unfilled"):
            Holding.objects.all().delete()
        return self.take(request, *WAYS[status])

    def hold(self, code: str, edition: Edition | None = None, **values: Any) -> Holding:
        return make_holding(self.libraries[code], edition or self.edition, **values)


GOOD = ("approve", "accept", "ship", "receive", "make_ready", "lend", "take_back", "send_back", "complete")
WAYS: dict[str, tuple[str, ...]] = {
    "submitted": (), "asked": GOOD[:1], "will_supply": GOOD[:2], "shipped": GOOD[:3], "received": GOOD[:4],
    "ready": GOOD[:5], "lent": GOOD[:6], "returned": GOOD[:7], "sent_back": GOOD[:8], "completed": GOOD,
    "end_of_rota": ("approve",), "unfilled": ("approve", "close_unfilled"), "refused": ("refuse",),
    "cancelled": ("cancel",),
}  # fmt: skip


def params_for(action: str) -> dict[str, Any]:
    """What a person would fill in."""
    return {
        "ship": {
            "due_on": timezone.localdate() + timedelta(days=34),
            "barcode": "B-1",
            "tracking": "JX-8841",
        },
        "decline": {"reason": "on_loan"},
        "refuse": {"reason": "held_here"},
        "withdraw": {"reason": "reader_asked"},
        "close_unfilled": {"reason": "no_library"},
    }.get(action, {})


def make_world() -> World:
    world = World()
    for code, name, city, latitude, longitude in PLACES:
        world.libraries[code] = Library.objects.create(
            short_code=code, name=name, city=city, latitude=latitude, longitude=longitude,
            library_type=LibraryType.PUBLIC, email=f"desk@{code.lower()}.example",
        )  # fmt: skip
        world.people[code] = make_person(
            f"lib-{code.lower()}@example.org", world.libraries[code], Role.LIBRARIAN
        )
    world.people["patron"] = make_person("ayu@example.org", world.home, Role.PATRON, name="Ayu Lestari")
    world.people["coordinator"] = make_person("net@example.org", world.home, Role.COORDINATOR)
    world.edition = make_edition("Laskar Pelangi")
    for code in ("JKT", "SMG", "MKS"):
        world.hold(code)
    return world


def make_person(email: str, library: Library, role: str, *, name: str = "", confirmed: bool = True) -> User:
    user = User.objects.create(
        email=email, name=name or email.split("@")[0], password="!"
    )  # logged in by force
    status = MembershipStatus.CONFIRMED if confirmed else MembershipStatus.PENDING
    Membership.objects.create(user=user, library=library, role=role, status=status)
    return user


def make_edition(title: str, **values: Any) -> Edition:
    now = timezone.now()
    return Edition.objects.create(
        **{"title": title, "author": "Hirata, Andrea", "year": 2005, "created_at": now, "changed_at": now}
        | values
    )


def make_holding(library: Library, edition: Edition, **values: Any) -> Holding:
    now = timezone.now()
    source, _new = Source.objects.get_or_create(library=library, name="File")
    record = SourceRecord.objects.create(
        source=source, identifier=f"{edition.pk}-{SourceRecord.objects.count()}", raw=b"", raw_format="iso2709",
        content_hash=b"0" * 16, edition=edition, first_seen_at=now, changed_at=now,
    )  # fmt: skip
    defaults = {
        "status": ItemStatus.AVAILABLE,
        "call_number": "899.221 3 HIR l",
        "location": "Lt. 2",
        "as_of": now,
    }
    return Holding.objects.create(library=library, edition=edition, record=record, **defaults | values)
