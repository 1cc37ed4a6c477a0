"""The whole demo network, built once for this module through the ordinary services on a real database."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from catalog.models import DirtyEdition, Edition, NewTitle, Run, Source, SourceRecord
from catalog.selectors import usage
from loans.choices import RequestStatus
from loans.models import Message, Request, SupplyAttempt
from loans.selectors.figures import loan_figures
from loans.services.timers import expire_unanswered
from members.choices import MembershipStatus, Role
from members.models import Library, Membership, User
from network_portal.core.models import AuditEntry
from network_portal.demo.accounts import ACCOUNTS, PASSWORD, PATRON, accounts_table
from network_portal.demo.audit_codes import BUILT
from network_portal.demo.build import Built, build, demo_folder
from network_portal.demo.catalogue import BROKEN, TRUTH
from network_portal.demo.editions import load_editions
from tests.demo.measure import Matching, compare, truth_of

# Without the mark pytest-django would not make a test database at all.
pytestmark = pytest.mark.django_db


class Network:
    """What the building returned and said, and where its files are."""

    def __init__(self, result: Built, lines: list[str], folder: Path) -> None:
        self.result, self.lines, self.folder = result, lines, folder


@pytest.fixture(scope="module")
def network(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Network]:
    """Everything is undone by one rollback after the last test of the module."""
    root = tmp_path_factory.mktemp("network")
    here = {"SOURCE_PATH_ROOTS": [root], "SEARCH_INDEX_DIR": root / "index", "DEMO": True}
    with django_db_blocker.unblock(), override_settings(**here), transaction.atomic():
        lines: list[str] = []
        yield Network(build(say=lines.append), lines, demo_folder())
        transaction.set_rollback(True)


@pytest.fixture
def demo(settings: Any, network: Network) -> Network:
    settings.DEMO = True
    return network


def measured(network: Network) -> Matching:
    found = SourceRecord.objects.filter(deleted_at=None, edition__isnull=False)
    return compare(
        truth_of(network.folder / TRUTH),
        found.values_list("source__library__short_code", "identifier", "edition_id"),
    )


def test_twelve_libraries_are_marked_as_a_demo_and_reachable_nowhere(network: Network) -> None:
    libraries = Library.objects.filter(is_demo=True)
    assert libraries.count() == network.result.libraries == 12
    assert libraries.values("time_zone").distinct().count() == 3
    assert all(library.email.endswith(".example") and "ID-DEMO" in library.isil for library in libraries)
    for library in libraries:
        library.full_clean(exclude=["website"])


def test_every_catalogue_was_loaded_through_a_source_of_its_library(network: Network) -> None:
    assert Source.objects.filter(kind="path", library__is_demo=True).count() == 12
    assert SourceRecord.objects.count() == len(truth_of(network.folder / TRUTH))


def test_the_catalogues_came_weeks_ago_and_each_has_something_new(network: Network) -> None:
    from catalog.browsing.keeping import keep_headings

    assert Run.objects.filter(finished_at__lt=timezone.now() - timedelta(weeks=3)).count() == 12
    assert Run.objects.filter(finished_at__gt=timezone.now() - timedelta(days=1), created__gt=0).count() == 12
    keep_headings()
    assert NewTitle.objects.values("library").distinct().count() == 12
    assert 0 < NewTitle.objects.filter(is_first=True).count() < 50


def test_weeks_of_searches_can_be_looked_at(network: Network) -> None:
    today = timezone.localdate()
    days = usage.use_by_day(today - timedelta(days=29), today)
    assert all(day.searches and day.opened for day in days)
    assert 0 < sum(day.nothing for day in days) < sum(day.searches for day in days) / 4
    assert "hidroponik rumahan" in [one.text for one in usage.wanted(today - timedelta(days=29), today)]


def test_the_broken_records_alone_are_rejected(network: Network) -> None:
    assert network.result.rejected == len(BROKEN)
    for run in Run.objects.filter(rejected__gt=0):
        assert (run.source.library.short_code, run.rejected, run.status) == ("JMERAH", len(BROKEN), "partial")


def test_no_two_different_editions_became_one(network: Network) -> None:
    assert measured(network).wrong == []


def test_records_of_one_edition_come_together(network: Network) -> None:
    matching = measured(network)
    assert matching.right > 5000
    assert matching.missed_share < 0.05
    editions = Edition.objects.filter(merged_into=None, record_count__gt=0).count()
    assert len(load_editions()) <= editions <= len(load_editions()) * 1.05


def test_the_index_has_nothing_left_to_do(network: Network) -> None:
    assert not DirtyEdition.objects.exists()


def test_every_account_can_log_in_with_a_verified_address(network: Network) -> None:
    people = User.objects.filter(email__in=[account.email for account in ACCOUNTS])
    verified = EmailAddress.objects.filter(user__in=people, verified=True, primary=True)
    assert people.count() == len(ACCOUNTS) == verified.count()
    assert User.objects.get(email=PATRON).check_password(PASSWORD)
    assert all(user.has_usable_password() for user in people)
    assert {row["role"] for row in accounts_table()} == {role.value for role in Role}


def test_every_library_has_a_librarian_and_somebody_waits_at_one(network: Network) -> None:
    staffed = Membership.objects.filter(role=Role.LIBRARIAN, status=MembershipStatus.CONFIRMED)
    assert staffed.values("library").distinct().count() == 12
    assert Membership.objects.filter(status=MembershipStatus.PENDING).count() == 1


def test_requests_stand_in_many_states_so_that_queues_are_not_empty(network: Network) -> None:
    states = set(Request.objects.values_list("status", flat=True))
    assert states >= {
        RequestStatus.SUBMITTED, RequestStatus.ASKED, RequestStatus.WILL_SUPPLY, RequestStatus.SHIPPED,
        RequestStatus.READY, RequestStatus.LENT, RequestStatus.RETURNED, RequestStatus.COMPLETED, RequestStatus.REFUSED,
    }  # fmt: skip
    assert Request.objects.filter(patron__email=PATRON).count() >= 5


def test_requests_have_a_past_so_that_something_is_overdue_and_the_average_is_plausible(
    network: Network,
) -> None:
    today = timezone.localdate()
    late = Request.objects.get(status=RequestStatus.LENT, due_on__lt=today)
    assert late.due_on is not None
    assert late.deadline_at is not None
    assert (late.due_on < today, late.deadline_at < timezone.now()) == (True, True)
    assert expire_unanswered() == 0, "the timers must not take the demo's requests on at once"
    average = loan_figures().average_days
    assert average is not None
    assert 3 < average < 12
    # The months of exchange behind the balance are counts of ended requests without a story.
    for request in Request.objects.exclude(status=RequestStatus.SUBMITTED).exclude(events=None):
        moments = list(request.events.order_by("version").values_list("at", flat=True))
        assert moments == sorted(moments)
        assert moments[0] - request.created_at < timedelta(minutes=1)
        assert len({moment.date() for moment in moments}) > 1
    assert SupplyAttempt.objects.filter(reason_unfilled__gt="").exists() and Message.objects.exists()


def test_a_second_building_does_nothing_and_is_quick(demo: Network) -> None:
    before = (Request.objects.count(), Run.objects.count(), AuditEntry.objects.count())
    started = time.monotonic()
    assert build(say=pytest.fail) == Built(already=True)
    assert time.monotonic() - started < 1
    assert (Request.objects.count(), Run.objects.count(), AuditEntry.objects.count()) == before
    assert AuditEntry.objects.filter(code=BUILT).count() == 1


def test_the_building_says_what_it_does(network: Network) -> None:
    assert sum("catalogue" in line for line in network.lines) == 12
    assert any("search index" in line for line in network.lines)


def test_the_command_prints_the_accounts(demo: Network, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("build_demo", "--accounts")
    printed = capsys.readouterr().out
    assert PATRON in printed and PASSWORD in printed and "coordinator" in printed
    call_command("build_demo", "--accounts", "--all", "--json")
    rows = json.loads(capsys.readouterr().out)
    assert len(rows) == len(ACCOUNTS) and set(rows[0]) == {"role", "name", "email", "password", "library"}


def test_the_command_answers_json_alone(demo: Network, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("build_demo", "--json")
    assert json.loads(capsys.readouterr().out)["already"] is True


def test_nothing_is_built_and_no_password_printed_outside_a_demo(settings: Any) -> None:
    settings.DEMO = False
    with pytest.raises(ImproperlyConfigured):
        build(say=pytest.fail)
    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("build_demo", "--accounts")
