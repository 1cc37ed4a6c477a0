"""Remembering what was printed, so that nothing is fetched twice and a torn slip can be printed again."""

from __future__ import annotations

from collections.abc import Sequence

from loans.choices import PrintKind
from loans.models import PrintJob, SupplyAttempt
from network_portal.core.actor import Actor


def print_remember(*, kind: PrintKind, attempts: Sequence[SupplyAttempt], actor: Actor) -> PrintJob | None:
    """One press of the button; None where nothing was left to print. The caller has chosen only what is the actor's."""
    if not attempts or not actor.library_id:
        return None
    return PrintJob.objects.create(
        kind=kind.value, library_id=actor.library_id, actor_id=actor.user_id, actor_name=actor.user_name,
        ids=[attempt.request_id for attempt in attempts],
    )  # fmt: skip
