"""Stage of the bench for running a network: balance of a million requests, reports, overview, a model's preview."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from tests.perf.figures import _requests, _times

if TYPE_CHECKING:
    from members.models import Library, Network, User
    from tests.perf.report import Report


def bench_network(report: Report) -> None:
    """Seconds of the tasks, then milliseconds of what coordinators and managers open, through the real views."""
    from loans.balance.counting import EVER, latest_months, months_count
    from loans.balance.limits import limits_of
    from loans.balance.report import report_make
    from loans.models import Request
    from members.models import Library
    from tests.loans.world import make_person

    _requests()
    libraries = list(Library.objects.filter(networks__network__code="BENCH").order_by("pk"))
    count = Request.objects.count()
    coordinator = make_person("bench-overview@example.org", libraries[0], "coordinator")
    manager = make_person("bench-manager@example.org", libraries[1], "manager")
    what = f"{count:,} requests of {len(libraries)} libraries"
    report.add(
        "balance_all_s",
        _seconds(lambda: months_count(since=EVER)),
        f"every month of {what}, by the task at night",
    )
    report.add(
        "balance_latest_s", _seconds(lambda: months_count(since=latest_months())),
        "the two latest months, by the task of each hour",
    )  # fmt: skip
    year = timezone.localdate().year
    report.add(
        "year_report_s", _seconds(lambda: report_make(library=libraries[1], year=year)), "a library's report"
    )
    _limited(libraries[1])
    _held_by_all(libraries)
    report.add(
        "limits_ms", 1000 * _seconds(lambda: limits_of(libraries[1])), "how near a library is to its limits"
    )
    report.add(
        "preview_1000_s", _seconds(lambda: _preview(_network(), coordinator)),
        f"a draft compared over the latest 1,000, each held by {len(libraries)}",
    )  # fmt: skip
    code = libraries[1].short_code
    with override_settings(ALLOWED_HOSTS=["testserver"], STAFF_MFA_REQUIRED=False):
        _told(report, "overview", "the coordinator's overview", coordinator, [reverse("pages:overview")])
        _told(
            report, "balance", "balance: network, library, report", coordinator,
            [reverse("loans:balance"), reverse("loans:balance_library", args=[code])],
        )  # fmt: skip
        _told(
            report,
            "year_report",
            "a report's page",
            manager,
            [reverse("loans:year_report", args=[code, year])],
        )
        _told(
            report,
            "model",
            "picture and rules",
            coordinator,
            [reverse("loans:network_model", args=["BENCH"])],
        )


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _told(report: Report, name: str, what: str, who: User, addresses: Sequence[str]) -> None:
    times = [one for address in addresses for one in _times(who, address)]
    report.add(f"{name}_page_p50_ms", statistics.median(times) * 1000, what)
    cut = statistics.quantiles(times, n=100)[94]
    report.add(f"{name}_page_p95_ms", cut * 1000, "the same", ceiling=300)


def _limited(library: Library) -> None:
    from members.models import LibraryPolicy

    LibraryPolicy.objects.filter(library=library).update(
        max_open=10_000, max_week=10_000, max_month=50_000, pause_deficit=10_000
    )


def _held_by_all(libraries: Sequence[Library]) -> None:
    """The worst title there is: every library can be asked for it."""
    from loans.models import Request
    from tests.loans.world import make_holding

    edition = Request.objects.select_related("edition").latest("pk").edition
    assert edition is not None
    for library in libraries:
        make_holding(library, edition)


def _network() -> Network:
    from members.models import Network

    return Network.objects.get(code="BENCH")


def _preview(network: Network, coordinator: User) -> None:
    from loans.modelling.drafts import draft_create, draft_rules_save
    from loans.modelling.preview import preview_make
    from tests.members.world import actor_of

    actor = actor_of(coordinator)
    draft = draft_create(network=network, actor=actor)
    draft = draft_rules_save(
        draft=draft, settings=draft.settings | {"topology": "star", "hub": network.coordinator_library_id},
        revision=draft.revision, actor=actor, note="Bench",
    )  # fmt: skip
    preview_make(draft=draft)
