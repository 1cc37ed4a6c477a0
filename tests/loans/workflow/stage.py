"""Requests built standing in any state, with everything open that a row of the table needs: no walk leads there.

A row that names a guard nobody here knows how to meet raises Unreachable: the table has grown beyond its tests.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from loans.choices import ChargeKind, ChargeState, FlagKind
from loans.delivery.handover import deliver
from loans.models import (
    Charge,
    DeclarationAcceptance,
    Request,
    RequestEvent,
    RequestFlag,
    SupplyAttempt,
)
from loans.services.copies import decision_store
from loans.services.delivery import declaration_of
from loans.workflow.flags import FLAGS
from loans.workflow.states import STATES
from loans.workflow.vocabulary import Form, Side, Step
from members.models import LibraryPolicy
from network_portal.core.actor import Actor
from tests.loans.coordination.scene import person, two_networks
from tests.loans.copies.scene import PART, send_pdf
from tests.loans.routing.networks import make_network
from tests.loans.world import World

DESKS = ("coordinator_out", "coordinator_in")
AHEAD, LATER = timedelta(days=34), timedelta(days=48)


class Unreachable(Exception):
    """Nobody has told how to bring a request before this step."""


@dataclass
class Stand:
    """A request before a step, and whatever the step is to be given."""

    world: World
    step: Step
    request: Request
    attempt: SupplyAttempt | None

    def actor(self, side: Side) -> Actor:
        if side is Side.PORTAL:
            return Actor.system("timer")
        if side is Side.PATRON:
            return self.world.reader
        if side is Side.REQUESTING:
            return self.world.desk
        if side is Side.SUPPLYING and self.attempt is not None:
            return self.world.actor(self.attempt.supplier.short_code)
        if side is Side.COORDINATOR and self.request.status in DESKS:
            return person(self.world, "MKS" if self.request.status == "coordinator_in" else "JKT")
        if side is Side.COORDINATOR:
            return self.world.actor("coordinator")
        raise Unreachable(f"nobody stands at the side {side.value}")


def stand(world: World, source: str, step: Step, service: str) -> Stand:
    """A request in `source`, ready for `step`."""
    if source in DESKS or step.action in ("hand_over", "hand_in"):
        two_networks(world)
    if step.action == "hand_in":  # nobody at home has it
        world.edition.holdings.filter(library=world.libraries["JKT"]).delete()
    elif step.action == "offer_all":
        make_network(world, topology="bus")
    elif step.action == "end_rota":
        world.edition.holdings.all().delete()
    request = request_in(world, source, service, network=_network(world, source, step))
    attempt = _attempt(world, request, step)
    here = Stand(world, step, request, attempt)
    for kind in {*step.needs[:1], *step.clears} - set(step.unless):
        raise_flag(request, attempt, kind)
    if step.guard:
        GUARDED.get(step.guard, _unknown)(here)
    WORKED_ON.get(step.effect, _nothing)(here)
    return here


def request_in(world: World, status: str, service: str, **values: Any) -> Request:
    """One row, and the line of history that says how it came there."""
    now = timezone.now()
    state = STATES[status]
    copy = service == "copy"
    due = timezone.localdate() + AHEAD - timedelta(days=3)
    request = Request.objects.create(**{
        "number": f"BDG-2026-{Request.objects.count():06}", "service": service,
        "genre": "article" if copy else "book", "title": "Laskar Pelangi", "edition": world.edition,
        "citation": {"author": "Hirata, Andrea", "year": 2005}, "purpose": "research", "part": PART if copy else {},
        "patron": world.patron, "requesting_library": world.home, "status": status, "version": 1, "round": 1,
        "owner_side": state.side.value, "deadline_at": None if state.is_terminal else now, "waiting_since": now,
        "outcome": state.outcome.value if state.outcome else "", "closed_at": now if state.is_terminal else None,
        "due_on": due if status in ("lent", "returned", "sent_back") else None,
    } | values)  # fmt: skip
    RequestEvent.objects.create(
        request=request, version=1, action="submit", to_status=status, actor_id=world.patron.pk, channel="web"
    )
    return request


def _network(world: World, source: str, step: Step) -> Any:
    guided = source in DESKS or step.action in ("hand_over", "hand_in", "offer_all")
    place = world.home.networks.select_related("network").first() if guided else None
    network = place.network if place else None
    if step.action == "hand_in":  # let through by the own coordinator already
        network.guided = False
        network.save()
    return network


def _attempt(world: World, request: Request, step: Step) -> SupplyAttempt | None:
    """The supplier who has it, or to whom it is shown; dates and numbers as a real one has them."""
    status = STATES[request.status].attempt
    if request.status == "offered":
        status = step.attempt_in[0] if step.attempt_in else None
        return _offered(world, request, step) if status or step.action == "award" else None
    if status is None:
        return None
    if step.attempt_in:
        status = next(one for one in step.attempt_in if one == status or one in LIKE.get(status, ()))
    now = timezone.now()
    code = "MKS" if request.status == "coordinator_in" else "JKT"
    return SupplyAttempt.objects.create(
        request=request, round=1, position=1, supplier=world.libraries[code], status=status, asked_at=now,
        deadline_at=now, mode="seq", due_on=timezone.localdate() + AHEAD, due_original=timezone.localdate() + AHEAD,
        condition_amount=Decimal(15000) if status == "conditional" else None, condition_currency="IDR",
    )  # fmt: skip


LIKE = {"asked": ("considering",)}


def _offered(world: World, request: Request, step: Step) -> SupplyAttempt:
    mode = step.attempt_modes[0] if step.attempt_modes else "offers"
    rows = [
        SupplyAttempt(
            request=request, round=1, position=place, supplier=world.libraries[code], status="offered", mode=mode,
            asked_at=timezone.now(), deadline_at=timezone.now(),
        )
        for place, code in enumerate(("JKT", "SMG"), start=1)
    ]  # fmt: skip
    return SupplyAttempt.objects.bulk_create(rows)[0]


def raise_flag(request: Request, attempt: SupplyAttempt | None, kind: FlagKind) -> None:
    told = FLAGS[kind.value]
    RequestFlag.objects.create(
        request=request, attempt=attempt, kind=kind, side=told.side.value, library=request.requesting_library,
        deadline_at=timezone.now() + timedelta(days=3),
    )  # fmt: skip


def params_of(here: Stand, side: Side) -> dict[str, Any]:
    """What a person fills in, from the form that the table names: a new row with a known form needs nothing here."""
    from loans.coordination.proposals import networks_beyond, proposals

    step, today = here.step, timezone.localdate()
    if step.form is Form.REASON and step.reasons is not None:
        return {"reason": next(value for value in step.reasons.values if value != "other")}
    if step.form is Form.DUE:
        return {"due_on": today + (timedelta(days=9) if step.guard == "recall" else LATER)}
    if step.form is Form.LIBRARY:
        return {"library_id": proposals(here.request, here.attempt)[0][0].library_id}
    if step.form is Form.NETWORK:
        return {"network_id": networks_beyond(here.request)[0].network_id}
    return {
        Form.SHIP: {"due_on": today + AHEAD, "barcode": "B-1"}, Form.NOTE: {"note": "Agreed by telephone."},
        Form.AMOUNT: {"amount": Decimal(15000)}, Form.CONDITIONS: {"conditions": ["library_use_only"]},
        Form.CHANGE: {"year": "2006"}, Form.DESK: {"level": "rush"},
    }.get(step.form, {})  # fmt: skip


def _past_due(here: Stand) -> None:
    past = timezone.localdate() - timedelta(days=3)
    here.request.due_on = past
    here.request.save()
    if here.attempt is not None:
        here.attempt.due_on = past
        here.attempt.save()


def _by_rule(here: Stand) -> None:
    LibraryPolicy.objects.create(library=here.world.libraries["JKT"], service="loan", auto_renew=True)


def _claim(here: Stand) -> None:
    Charge.objects.create(
        request=here.request, attempt=here.attempt, kind=ChargeKind.REPLACEMENT, state=ChargeState.QUOTED,
        payer_library=here.world.home, payee_library=here.world.libraries["JKT"], amount=Decimal(90000),
        currency="IDR",
    )  # fmt: skip


def _deputy(here: Stand) -> None:
    from members.models import Network

    Network.objects.update(deputy_library=here.world.libraries["SMG"])
    here.request.refresh_from_db()
    led = here.attempt.supplier if here.attempt else here.world.libraries["JKT"]
    here.request.owner_library = led
    here.request.save()


def _scan(here: Stand) -> None:
    attempt = here.attempt
    assert attempt is not None
    status, attempt.status = attempt.status, "scanning"
    attempt.save()
    send_pdf(attempt, here.world.actor("JKT"))
    attempt.status = status
    attempt.save()


def _delivered(here: Stand) -> None:
    """The reader has the link; in `downloaded`, the supplier's part is over."""
    attempt = here.attempt or SupplyAttempt.objects.create(
        request=here.request, round=1, position=1, supplier=here.world.libraries["JKT"], status="delivered",
        closed_at=timezone.now(),
    )  # fmt: skip
    deliver(attempt, here.world.desk)


def _declared(here: Stand) -> None:
    _delivered(here)
    decision_store(request=here.request, actor=here.world.desk)
    delivery = here.request.deliveries.get()
    DeclarationAcceptance.objects.create(
        delivery=delivery, text=declaration_of(delivery, "id"), user_id=here.world.patron.pk, language="id"
    )


def _nothing(here: Stand) -> None:
    """The state itself is enough."""


def _unknown(here: Stand) -> None:
    raise Unreachable(f"{here.step.action}: nobody has told how to meet {here.step.guard}")


# What must be there before a guard lets a request through; a guard that stands nowhere here has no test.
GUARDED: dict[str, Callable[[Stand], None]] = {
    "overdue": _past_due, "renewable_by_rule": _by_rule, "claimed": _claim, "deputy": _deputy, "upload_done": _scan,
    "download": _declared,
} | dict.fromkeys(
    ("rounds", "changed", "convertible", "costs", "not_shorter", "later", "recall", "renewable", "one_claim",
     "settled", "copyright", "resend", "assign", "send_over"), _nothing,
)  # fmt: skip
# What an effect works on.
WORKED_ON: dict[str, Callable[[Stand], None]] = {
    "settle_cost": _claim, "not_downloaded": _delivered, "purge": _delivered, "release": _delivered,
}  # fmt: skip
