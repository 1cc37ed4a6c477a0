"""Rows of the coordinator's desk: the request, whom the plan would ask and why, what may be decided. And its rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loans.choices import RequestStatus
from loans.coordination.rules import dry_run, sentence
from loans.models import CoordinatorRule, Request, RoutingPlan
from loans.presenters.buttons import button_of
from loans.presenters.queue import QueueRow, request_rows
from loans.routing.explain import explain
from loans.selectors.coordinator import DESKS, plans_of_rows, rules_of_network
from loans.services.routing import stored
from members.models import Library, Network
from members.permissions import Capability
from network_portal.core.actor import Actor

SHOWN = 3  # libraries of the plan in a row; the rest is on the page where one is chosen


def desk_rows(requests: Iterable[Request], actor: Actor, unread: Mapping[int, int]) -> list[QueueRow]:
    """The queue's rows, with the plan of each request that lies at a desk."""
    found = list(requests)
    plans = plans_of_rows(found)
    rows = request_rows(found, actor, unread, of_network=True)
    return [_desk_row(row, request, plans.get(request.pk)) for row, request in zip(rows, found, strict=True)]


def _desk_row(row: QueueRow, request: Request, plan: RoutingPlan | None) -> QueueRow:
    if request.status not in DESKS:
        return row
    primary = row.button.action if row.button else ""
    others = [
        button_of(step, request)
        for step in row.steps
        if step.action != primary and step.requires == Capability.NETWORK_DESK
    ]
    proposed, more = _proposed(request, plan)
    return replace(row, others=others, proposed=proposed, remark=_remark(request, proposed, more))


def _proposed(request: Request, plan: RoutingPlan | None) -> tuple[list[tuple[str, str]], int]:
    """The libraries that would be asked first, with why, and how many more."""
    if plan is None or request.status != RequestStatus.COORDINATOR_OUT:
        return [], 0
    asked = {one.supplier_id for one in request.all_attempts if one.round == request.round}  # type: ignore[attr-defined]
    told = [
        (one.name, ", ".join(told.value for told in (*one.groups, *one.factors[-1:]) if told.value))
        for stage in explain(stored(plan))
        for one in stage.candidates
        if one.library_id not in asked
    ]
    return told[:SHOWN], max(0, len(told) - SHOWN)


def _remark(request: Request, proposed: list[tuple[str, str]], more: int) -> str:
    if request.status == RequestStatus.COORDINATOR_IN:
        return _("From the network %(network)s: choose one of your libraries.") % {
            "network": request.network.name if request.network else "–"
        }
    if not proposed:
        return _("The plan finds nobody in your network who has it.")
    return ngettext("and %(n)s more", "and %(n)s more", more) % {"n": more} if more else ""


@dataclass(frozen=True)
class RuleLine:
    rule: CoordinatorRule
    text: str
    first: bool
    last: bool


@dataclass(frozen=True)
class RuleList:
    """The rules of one network in one direction, and what they would have done with the latest requests."""

    title: str
    lines: list[RuleLine]
    verdict: str


def rule_lists(network: Network) -> list[RuleList]:
    rows = list(rules_of_network(network))
    named = {str(rule.conditions.get("library")) for rule in rows} - {"None", ""}
    names = {str(pk): name for pk, name in Library.objects.filter(pk__in=named).values_list("pk", "name")}
    titles = {"out": _("Requests of our members"), "in": _("Requests from other networks")}
    return [
        RuleList(
            title,
            _lines([rule for rule in rows if rule.direction == way], names),
            _verdict(network, way, rows),
        )
        for way, title in titles.items()
    ]


def _lines(rules: list[CoordinatorRule], names: Mapping[str, str]) -> list[RuleLine]:
    return [
        RuleLine(rule, sentence(rule.conditions, rule.effect, names), place == 0, place == len(rules) - 1)
        for place, rule in enumerate(rules)
    ]


def _verdict(network: Network, way: str, rows: list[CoordinatorRule]) -> str:
    """The dry run in one sentence."""
    told, looked_at = dry_run(network.pk, way, [rule for rule in rows if rule.direction == way])
    if not looked_at:
        return _("No request has come this way yet, so there is nothing to try the rules on.")
    return _(
        "Tried on the latest requests (%(all)s): %(release)s would have been let through, %(refuse)s refused, "
        "%(hold)s kept for you."
    ) % {"all": looked_at, "release": told["release"], "refuse": told["refuse"], "hold": told["hold"]}
