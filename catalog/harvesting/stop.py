"""Hearing that somebody pressed stop: between pages, and while a slow file comes in."""

from __future__ import annotations

import time

from django.utils import timezone

from catalog.models import Run

EVERY = 2.0  # seconds between two looks while something slow is under way


class RunStopped(Exception):
    """Somebody pressed stop; what was read so far stays."""


def check_stop(run: Run) -> None:
    """Raises RunStopped where somebody asked for it."""
    if Run.objects.filter(pk=run.pk, stop_asked=True).exists():
        raise RunStopped


class Watch:
    """Called as often as one likes: looks for a stop now and then, and lets the dispatcher know that work goes on."""

    def __init__(self, run: Run) -> None:
        self.run, self.looked = run, 0.0

    def __call__(self) -> None:
        now = time.monotonic()
        if now - self.looked < EVERY:
            return
        self.looked = now
        check_stop(self.run)
        Run.objects.filter(pk=self.run.pk).update(heartbeat_at=timezone.now())
