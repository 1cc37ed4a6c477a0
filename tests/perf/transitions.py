"""Stage of the bench for the workflow: sixteen clients take loans from approval to return through the engine.

Two processes of eight threads each, as two web workers have. `python -m tests.perf.transitions CLIENTS FOLDER NAME`
is one of them.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.perf.watched import Watched, go, starting_line

if TYPE_CHECKING:
    from tests.perf.report import Report

PROCESSES, THREADS = 2, 8
LOANS = int(os.environ.get("BENCH_LOANS", "12"))  # of each client
STEPS = ("approve", "accept", "ship", "receive", "make_ready", "lend", "take_back", "send_back", "complete")


def bench_transitions(report: Report) -> None:
    """Steps that people take, a second; what the portal adds to them (routing, mails, audit) is part of each."""
    names = [f"clients{n}" for n in range(PROCESSES)]
    environment = {**os.environ, "STAFF_MFA_REQUIRED": "0"}
    with tempfile.TemporaryDirectory() as folder:
        running = [
            Watched("tests.perf.transitions", str(THREADS), folder, name, env=environment) for name in names
        ]
        go(Path(folder), *names)
        for one in running:
            one.wait()
    steps = sum(one.result["steps"] for one in running)
    seconds = max(one.seconds for one in running)
    report.add(
        "transitions_per_second",
        steps / seconds,
        f"{steps:,.0f} steps by {PROCESSES * THREADS} clients",
        floor=100,
    )


def main(clients: int, folder: Path, name: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "network_portal.settings")
    import django

    django.setup()
    loans = [_loans(f"{name}-{n}") for n in range(clients)]
    starting_line(folder, name)
    started = time.monotonic()
    taken: list[int] = []
    threads = [threading.Thread(target=_take, args=(own, taken)) for own in loans]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    from loans.models import Request

    done = Request.objects.filter(number__startswith=name.upper(), status="completed").count()
    if done != clients * LOANS:
        sys.exit(f"{done} of {clients * LOANS} loans came to their end")
    print(json.dumps({"steps": sum(taken), "seconds": time.monotonic() - started}))  # noqa: T201


def _loans(name: str) -> tuple[Any, Any, list[int]]:
    """(the borrowing librarian, the lending one, requests) of a client of its own."""
    from loans.services import request_submit
    from members.choices import LibraryType
    from members.models import Library
    from members.working import working_of
    from tests.loans.world import make_edition, make_holding, make_person

    home, lender = (
        Library.objects.create(
            short_code=f"{name}{end}".upper(), name=f"{name} {end}", city="Kota", library_type=LibraryType.PUBLIC,
            email=f"{name}{end}@example.org",
        )
        for end in ("h", "s")
    )  # fmt: skip
    desk = working_of(make_person(f"{name}-h@example.org", home, "librarian")).actor
    shelf = working_of(make_person(f"{name}-s@example.org", lender, "librarian")).actor
    reader = make_person(f"{name}-r@example.org", home, "patron")
    numbers = []
    for n in range(LOANS):
        edition = make_edition(f"{name} {n}")
        make_holding(lender, edition)
        numbers.append(request_submit(edition=edition, patron=reader, requesting_library=home, actor=desk).pk)
    return desk, shelf, numbers


def _take(own: tuple[Any, Any, list[int]], taken: list[int]) -> None:
    """What a rule has approved already, nobody approves again."""
    from django.db import connection

    from loans.models import Request
    from loans.workflow import engine
    from tests.loans.world import params_for

    desk, shelf, numbers = own
    for number in numbers:
        request = Request.objects.get(pk=number)
        steps = STEPS if request.status == "submitted" else STEPS[1:]
        taken.append(len(steps))
        for action in steps:
            supplying = engine.ACTIONS[action].side.value == "supplying"
            actor = shelf if supplying else desk
            request = engine.transition(request, action, actor, **params_for(action, request))
    connection.close()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
