"""A small network for the loan tests: one library that asks, three that lend, and the people at their desks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from catalog.choices import ItemStatus
from catalog.models import Edition, Holding, Source, SourceRecord
from loans.choices import Service
from loans.models import Request
from loans.services import request_submit
from loans.workflow import engine
from loans.workflow.steps import STEPS
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
            return self.offered(request) if request.status == "offered" else self.supplier(request)
        people = {"patron": self.reader, "requesting": self.desk, "coordinator": self.actor("coordinator")}
        return people.get(side) or Actor.system()

    def offered(self, request: Request) -> Actor:
        """A librarian of the first library to which it is shown."""
        attempt = (
            request.attempts.filter(status__in=("offered", "volunteered")).select_related("supplier").first()
        )
        assert attempt is not None
        return self.actor(attempt.supplier.short_code)

    def take(self, request: Request, *actions: str) -> Request:
        for action in actions:
            actor = self.acting(request, action)
            request = engine.transition(request, action, actor, **params_for(action, request))
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

    def request_for(self, source: str, action: str) -> Request:
        """A request in a status, with everything open that the step needs."""
        request = self.request_in(source)
        before = BEFOREHAND.get(action, ())
        if source == "asked" and action in ("cancel_ask", "cancel_yes", "cancel_no"):
            before = ("acknowledge", *before)
        return self.take(request, *before)

    def hold(self, code: str, edition: Edition | None = None, **values: Any) -> Holding:
        return make_holding(self.libraries[code], edition or self.edition, **values)


GOOD = ("approve", "accept", "ship", "receive", "make_ready", "lend", "take_back", "send_back", "complete")
WAYS: dict[str, tuple[str, ...]] = {
    "submitted": (), "asked": GOOD[:1], "will_supply": GOOD[:2], "shipped": GOOD[:3], "received": GOOD[:4],
    "ready": GOOD[:5], "lent": GOOD[:6], "returned": GOOD[:7], "sent_back": GOOD[:8], "completed": GOOD,
    "end_of_rota": ("approve",), "unfilled": ("approve", "close_unfilled"), "refused": ("refuse",),
    "cancelled": ("cancel",), "needs_patron_fix": ("ask_patron",), "needs_metadata": ("flag_metadata",),
    "duplicate_review": ("flag_duplicate",), "local_review": ("flag_local",), "cost_approval": ("ask_cost",),
    "conditional": ("approve", "set_conditions"), "retry_asked": ("approve", "ask_retry"),
    "filled_locally": ("fill_locally",),
}  # fmt: skip


# What has to be open before a step can be taken.
BEFOREHAND: dict[str, tuple[str, ...]] = {
    "renew_yes": ("renew_ask",), "renew_no": ("renew_ask",), "recall_off": ("recall",), "found": ("report_lost",),
    "claim_cost": ("report_lost",), "dispute_cost": ("report_lost", "claim_cost"),
    "settle_cost": ("report_lost", "claim_cost"), "write_off": ("report_lost",), "cancel_yes": ("cancel_ask",),
    "cancel_no": ("cancel_ask",), "accept_condition_cost": ("ask_patron_cost",),
    "decline_condition_cost": ("ask_patron_cost",),
}  # fmt: skip
# Walked elsewhere, with the day, the rule or the network they need.
ELSEWHERE = ("mark_overdue", "renew_auto", "offer_all", "hand_over", "hand_in")


def arrows_walked() -> list[tuple[str, str]]:
    """Every arrow that a plain loan can take in this small network, as source and action."""
    return [
        (source.value, step.action)
        for step in STEPS
        for source in step.sources
        if Service.LOAN in step.services
        and (source.value in WAYS or source.value == "approved")
        and step.action not in ELSEWHERE
    ]


def params_for(action: str, request: Request | None = None) -> dict[str, Any]:
    """What a person would fill in."""
    ahead = timezone.localdate() + timedelta(days=34)
    later = timezone.localdate() + timedelta(days=48)
    return {
        "ship": {"due_on": ahead, "barcode": "B-1", "tracking": "JX-8841"},
        "decline": {"reason": "on_loan"},
        "refuse": {"reason": "held_here"},
        "refuse_out": {"reason": "not_lent"},
        "close_duplicate": {"reason": "other", "note": "Asked for yesterday."},
        "block_copyright": {"reason": "not_lent"},
        "withdraw": {"reason": "reader_asked"},
        "close_unfilled": {"reason": "no_library"},
        "ask_patron": {"note": "Which edition?"},
        "fix": {"year": "2006"},
        "complete_metadata": {"year": "2006"},
        "fill_locally": {"note": "Second floor."},
        "ask_cost": {"amount": Decimal(15000)},
        "set_conditions": {"conditions": ["library_use_only"], "amount": Decimal(15000)},
        "ask_retry": {"reason": "not_found_as_cited"},
        "resubmit": {"year": "2007"},
        "correct_due": {"due_on": later},
        "renew_yes": {"due_on": later},
        "renew_no": {"note": "Somebody waits for it."},
        "recall": {"due_on": timezone.localdate() + timedelta(days=9)},
        "not_arrived": {"note": "The post knows nothing."},
        "report_lost": {"note": "Left on a train."},
        "report_damaged": {"reason": "wet"},
        "claim_cost": {"amount": Decimal(90000)},
        "dispute_cost": {"note": "It was like that."},
        "settle_cost": {"reason": "waived"},
        "ask_resend": {"reason": "cut_off"},
        "close_manually": {"note": "Agreed by telephone."},
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
