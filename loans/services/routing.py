"""How requests find their library, for pages and timers: plans as they are kept, the next move, the dry run."""

from __future__ import annotations

from loans.routing.plans import (
    Seat,
    dry_run,
    network_of,
    next_step,
    next_steps,
    plan_of,
    plan_store,
    plans_of,
    seats,
    stored,
)

__all__ = [
    "Seat",
    "dry_run",
    "network_of",
    "next_step",
    "next_steps",
    "plan_of",
    "plan_store",
    "plans_of",
    "seats",
    "stored",
]
