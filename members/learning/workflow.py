"""The states of a programme as data: who may take which step, and what it means. Buttons and docs are made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from members.choices_learning import ProgrammeStatus as S

HOST, NETWORK = "host", "network"


@dataclass(frozen=True)
class Step:
    """`told`: whether everybody who registered gets a letter."""

    action: str
    sources: tuple[str, ...]
    target: str
    by: str
    label: Any
    meaning: Any
    needs_reason: bool = False
    closing: bool = False
    told: bool = False


STEPS: tuple[Step, ...] = (
    Step("open", (S.PROPOSED,), S.OPEN, NETWORK, _("Open for registration"),
         _("Everybody can read it, and whom it is for can register.")),
    Step("refuse", (S.PROPOSED,), S.REFUSED, NETWORK, _("Do not accept"),
         _("The host gets a letter with your reason, can change the programme and propose it again."),
         needs_reason=True, closing=True),
    Step("repropose", (S.REFUSED,), S.PROPOSED, HOST, _("Propose again"),
         _("The coordinator looks at it once more.")),
    Step("finish", (S.OPEN,), S.DONE, HOST, _("Close as done"),
         _("Nobody can register any more. Those who took part are asked for their opinion.")),
    Step("cancel", (S.PROPOSED, S.OPEN), S.CANCELLED, HOST, _("Cancel the programme"),
         _("Everybody who registered or waits gets a letter with your reason."),
         needs_reason=True, closing=True, told=True),
)  # fmt: skip
BY_ACTION = {step.action: step for step in STEPS}


def steps_from(status: str, *, host: bool, network: bool) -> list[Step]:
    """The steps that lead on from a status, for who belongs to the host or runs the network."""
    allowed = {HOST: host, NETWORK: network}
    return [step for step in STEPS if status in step.sources and allowed[step.by]]
