"""What can be open beside a request's state: who must act on it, by when, and what the portal does when nobody does."""

from __future__ import annotations

from dataclasses import dataclass

from loans.choices import FlagKind
from loans.workflow.vocabulary import Clock, Side


@dataclass(frozen=True)
class FlagDef:
    kind: FlagKind
    side: Side  # who must act
    clock: Clock
    tone: str
    on_timeout: str = ""  # "" = the owner is reminded, and the request listed as late

    @property
    def label(self) -> str:
        return str(self.kind.label)


FLAGS: dict[str, FlagDef] = {
    str(flag.kind.value): flag
    for flag in (
        FlagDef(FlagKind.OVERDUE, Side.PATRON, Clock(1, 1, 1, "days"), "stop"),
        FlagDef(FlagKind.RECALLED, Side.PATRON, Clock(7, 7, 7, "days", until="due"), "attention"),
        # Silence never becomes a "no": longer by rule where both libraries allow it, else the question stays.
        FlagDef(FlagKind.RENEW_ASKED, Side.SUPPLYING, Clock(16, 8, 2), "attention", on_timeout="renew_auto"),
        # What silence means is decided by the promise: see timers.
        FlagDef(FlagKind.CANCEL_ASKED, Side.SUPPLYING, Clock(8, 4, 2), "attention", on_timeout="cancel_timeout"),
        FlagDef(FlagKind.COST_ASKED, Side.PATRON, Clock(4, 2, 1, "days"), "attention", on_timeout="reject_conditions"),
        FlagDef(FlagKind.LOST, Side.SUPPLYING, Clock(10, 10, 10, "days"), "stop"),
        FlagDef(FlagKind.DAMAGED, Side.SUPPLYING, Clock(10, 10, 10, "days"), "stop"),
        FlagDef(FlagKind.COST_DISPUTED, Side.COORDINATOR, Clock(5, 5, 5, "days"), "attention"),
    )
}  # fmt: skip
