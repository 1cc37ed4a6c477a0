"""The seams between the workflow and the rooms around it. A room adds its lines when the app starts (loans.rooms).

A step that names a guard or an effect nobody has registered is not offered, and refused with the code not_ready.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from loans.models import Request, RequestEvent
    from loans.workflow.taking import Taking
    from loans.workflow.vocabulary import Step
    from network_portal.core.actor import Actor

GUARDS: dict[str, Callable[[Taking], None]] = {}
EFFECTS: dict[str, Callable[[Taking], None]] = {}
MAIL_LINKS: dict[
    str, Callable[[Request, Any], str]
] = {}  # by template: an address that is its reader's alone, instead of the request's page
BEFORE: list[Callable[[Taking], None]] = []  # beside a step's own guard: may it be taken at all?
AFTER: list[Callable[[Taking], None]] = []  # in the transaction of the step, once it is written
# A request is among the new ones again: (request, action, version of the step, when its mails go out) -> as it is now.
CHECK: list[Callable[[Request, str, int, datetime | None], Request]] = []
# A step was taken back: what a room did with it (its AFTER, its effect) is set right in the same transaction.
UNDONE: list[Callable[[Request, RequestEvent, Actor], None]] = []
# A request has come to a coordinator's desk: (request, version of what brought it, when its mails go out).
ARRIVED: list[Callable[[Request, int | None, datetime | None], None]] = []
NEXT_MOVE: list[
    Callable[[Request], Any]
] = []  # the router: one, answers with a move of loans.routing.runtime
SEATS: list[
    Callable[[Request, Any], list[Any]]
] = []  # the router's columns of the attempts that a move opens


def is_ready(step: Step) -> bool:
    """Is everything there that the step names?"""
    return (not step.guard or step.guard in GUARDS) and (not step.effect or step.effect in EFFECTS)
