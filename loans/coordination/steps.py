"""What a coordinator's steps do, and what the portal does at the desk by rule. Registered in loans.rooms.

The engine calls `arrived` when a request comes to a desk, the timer `time_is_up` when nobody looked at it in time.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from loans.choices import AskMode, AttemptStatus, Level, RequestStatus
from loans.coordination.proposals import Proposal, networks_beyond, proposals
from loans.models import CoordinatorRule, Request, RoutingPlan, SupplyAttempt
from loans.routing import guided
from loans.workflow.duties import deputy_of
from network_portal.core.errors import RuleViolation

if TYPE_CHECKING:
    from loans.workflow.taking import Taking

DESKS = (RequestStatus.COORDINATOR_OUT, RequestStatus.COORDINATOR_IN)


def guard_assign(taking: Taking) -> None:
    """Only a library of the list may be named; one with a warning, too: that is the coordinator's to weigh."""
    if _named(taking) is None:
        raise RuleViolation("library_missing", _("Please choose one of the libraries of the list."))


def effect_assign(taking: Taking) -> None:
    """The named library gets the request: as a new attempt, or in the place of the coordinator who was asked."""
    chosen, request = _named(taking), taking.request
    if chosen is None:
        raise RuntimeError("an unnamed library passed its guard")
    request.epoch += 1
    if taking.attempt is None:
        request.released_round = request.round
        via = request.network.coordinator_library_id if request.network else None
        taking.attempt = _opened(taking, chosen.library_id, via)
    else:
        taking.attempt.via_id = taking.attempt.supplier_id
        taking.attempt.supplier_id = chosen.library_id
        taking.attempt.epoch, taking.attempt.asked_at = request.epoch, taking.now
    taking.attempt.mode = AskMode.ASSIGNED
    for name, value in chosen.seat.items():
        setattr(taking.attempt, name, value)
    taking.params["library"] = chosen.told.name


def guard_send_over(taking: Taking) -> None:
    if _beyond(taking) is None:
        raise RuleViolation("network_missing", _("Please choose one of the networks of the list."))


def effect_send_over(taking: Taking) -> None:
    """The other network's coordinator is asked; nobody but the two coordinators speaks across."""
    beyond = _beyond(taking)
    if beyond is None:
        raise RuntimeError("an unnamed network passed its guard")
    taking.request.epoch += 1
    taking.attempt = _opened(taking, beyond.coordinator_id, None)
    taking.params["network"] = beyond.name


def effect_edit(taking: Taking) -> None:
    """Speed and description; another speed is planned for anew, as long as nobody was asked."""
    from loans.workflow.hooks import EFFECTS

    level, request = str(taking.params.get("level") or ""), taking.request
    if level in Level.values and level != request.level:
        request.level = level
        if not request.attempts.filter(round=request.round).exists():
            RoutingPlan.objects.filter(request=request, round=request.round).delete()
    EFFECTS["change"](taking)


def guard_deputy(taking: Taking) -> None:
    """Once, and only where there is a deputy other than the coordinator."""
    deputy = deputy_of(taking.request, taking.attempt)
    if deputy is None or deputy == taking.request.owner_library_id:
        raise RuleViolation("no_deputy", _("Nobody stands in for this coordinator."))


def effect_deputy(taking: Taking) -> None:
    """Both may act from now on; the clock begins again in the deputy's working hours."""
    taking.request.owner_library_id = deputy_of(taking.request, taking.attempt)
    taking.request.waiting_since = taking.now


def arrived(request: Request, after: int | None, send_after: datetime | None) -> None:
    """A request lies at a desk: the first rule of that network that fits may let it through or refuse it at once."""
    rule = rule_for(request)
    again = request.status == RequestStatus.COORDINATOR_OUT and request.released_round >= request.round
    if rule is not None and again and rule.effect == guided.RELEASE:
        return  # it was let through, nobody at home could help: whether it goes further is a person's decision
    if rule is not None and rule.effect != guided.HOLD:
        by_rule(request, rule, after=after, send_after=send_after)


def pass_on_note(taking: Taking) -> None:
    """After a step: what one end wrote with it goes to the coordinator, who tells the other end what it should know."""
    from loans.services.addressing import apart
    from loans.services.messages import WRITERS, message_send

    actor, way = taking.actor, apart(taking.request, taking.attempt) if taking.note else []
    writes = any(actor.can(one) for one in WRITERS)
    if way and writes and actor.library_id in (way[0].pk, way[-1].pk):
        message_send(request=taking.request, attempt=taking.attempt, body=taking.note, actor=actor)


@transaction.atomic
def time_is_up(pk: int) -> bool:
    """Neither coordinator nor deputy looked in time: a rule that fits may let it through. False: it stays, late."""
    from loans.workflow import engine

    request = engine.lock(pk)
    if request.status not in DESKS:
        return False
    rule = rule_for(request)
    return rule is not None and rule.effect == guided.RELEASE and by_rule(request, rule)


def rule_for(request: Request) -> CoordinatorRule | None:
    """The first rule that fits, of the network at whose desk the request lies."""
    from loans.workflow.engine import live_attempt

    if request.status == RequestStatus.COORDINATOR_OUT:
        networks, direction = ([request.network_id] if request.network_id else []), "out"
    else:
        from members.models import Network

        attempt, direction = live_attempt(request), "in"
        leads = Network.objects.filter(
            guided=True, coordinator_library=attempt.supplier_id if attempt else None
        )
        networks = list(leads.values_list("pk", flat=True))
    facts = guided.facts_of(request)
    rows = [rule for rules in guided.rules_of(networks, direction).values() for rule in rules]
    return next((rule for rule in rows if guided.fits(rule.conditions, facts)), None)


def by_rule(
    request: Request, rule: CoordinatorRule, *, after: int | None = None, send_after: datetime | None = None
) -> bool:
    """Take the rule's step; the history keeps the rule's wording. False where the step finds nobody to ask."""
    from loans.workflow import engine, moving
    from loans.workflow.raising import open_flags
    from loans.workflow.steps import STEP_BY
    from loans.workflow.taking import Taking
    from network_portal.core.actor import Actor
    from network_portal.core.mail import mail_withdraw

    attempt = engine.live_attempt(request)
    params: dict[str, Any] = {"rule": _wording(rule)}
    incoming = request.status == RequestStatus.COORDINATOR_IN
    if rule.effect == guided.REFUSE:
        action = "refuse_in" if incoming else "refuse_out"
        params |= {"reason": "other", "note": _("The rules of the network do not allow requests like this.")}
    else:
        action = "assign" if incoming else "coordinator_release"
        if incoming:
            free = [one for one in proposals(request, attempt)[0] if not one.broken]
            if not free:
                return False
            params["library_id"] = free[0].library_id
    actor = Actor.system(channel="rule")
    # Nobody needs to hear that it came, who hears at the same time that it went.
    mail_withdraw(target=request, since_key=f":{request.pk}:{request.version}:", actor=actor)
    step = STEP_BY[request.status, action, request.service]
    after = request.version if after is None else after
    taking = Taking(request, attempt, step, actor, timezone.now(), params, open_flags(request))
    moving.take(taking, after=after, send_after=send_after)
    if step.then_route:
        moving.route(request, after=after, send_after=send_after)
    return True


def _wording(rule: CoordinatorRule) -> dict[str, Any]:
    return {"effect": rule.effect, "conditions": rule.conditions, "position": rule.position}


def _named(taking: Taking) -> Proposal | None:
    wanted = taking.params.get("library_id")
    found = proposals(taking.request, taking.attempt)[0]
    return next((one for one in found if str(one.library_id) == str(wanted)), None)


def _beyond(taking: Taking) -> Any:
    wanted = taking.params.get("network_id")
    return next((one for one in networks_beyond(taking.request) if str(one.network_id) == str(wanted)), None)


def _opened(taking: Taking, supplier_id: int, via_id: int | None) -> SupplyAttempt:
    request = taking.request
    place = request.attempts.filter(round=request.round).count() + 1
    return SupplyAttempt(
        request=request, round=request.round, position=place, supplier_id=supplier_id, via_id=via_id,
        mode=AskMode.ASSIGNED, epoch=request.epoch, asked_at=taking.now, status=AttemptStatus.ASKED,
    )  # fmt: skip
