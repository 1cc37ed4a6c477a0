"""One step taken with many requests. Each goes on its own: what cannot be done is told and stops nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from loans.models import Request
from loans.selectors.requests import requests_visible_to
from loans.workflow import engine
from loans.workflow.states import state_of
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation

MOST = 100


@dataclass(frozen=True)
class BulkRow:
    number: str
    title: str
    done: bool
    text: str  # where it stands now, or why it could not be done


@dataclass(frozen=True)
class BulkOutcome:
    rows: list[BulkRow]

    @property
    def done(self) -> int:
        return sum(row.done for row in self.rows)

    @property
    def refused(self) -> int:
        return len(self.rows) - self.done


def chosen_requests(actor: Actor, numbers: Sequence[str]) -> list[Request]:
    """The requests named, in that order, without those the actor may not see. Raises RuleViolation: none, too_many."""
    wanted = list(dict.fromkeys(numbers))
    if not wanted:
        raise RuleViolation("none", _("Please tick at least one request first."))
    if len(wanted) > MOST:
        raise RuleViolation("too_many", _("At most %(count)s requests at once, please.") % {"count": MOST})
    found = {row.number: row for row in requests_visible_to(actor).filter(number__in=wanted)}
    return [found[number] for number in wanted if number in found]


def bulk(
    *, requests: Sequence[Request], action: str, actor: Actor, params: dict[str, Any], key: str = ""
) -> BulkOutcome:
    """Take `action` with each request for which the actor may; the others are told with the engine's own sentence."""
    result = engine.transition_many([one.pk for one in requests], action, actor, key=key, **params)
    refused = {number: text for number, _code, text in result.refused}
    labels = dict(
        requests_visible_to(actor).filter(pk__in=[one.pk for one in requests]).values_list("pk", "status")
    )
    return BulkOutcome(
        [
            BulkRow(
                number=one.number, title=one.title, done=one.number not in refused,
                text=refused.get(one.number) or state_of(labels.get(one.pk, one.status)).label,
            )
            for one in requests
        ]
    )  # fmt: skip
