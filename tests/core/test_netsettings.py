"""What a network decides about itself: what counts, when it counts in other processes, and what can't be kept."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import DatabaseError, connection
from django.utils.translation import override

from catalog.netsettings import LEAST_ASKERS
from loans.netsettings import HOLD_SHELF_DAYS, LINK_VIEWS, RENEWALS
from members.netsettings import SECOND_FACTOR, WARN_DAYS
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation
from network_portal.core.models import AuditEntry, NetworkSetting
from network_portal.core.netsettings import Decision, all_decisions, forget, reading
from network_portal.core.netsettings.deciding import decide
from network_portal.core.netsettings.portal import NAME, SESSION_HOURS

ACTOR = Actor(user_id=7, user_name="Made")


@pytest.mark.django_db
def test_a_decision_counts_until_it_is_taken_back() -> None:
    assert HOLD_SHELF_DAYS.now() == 10
    assert decide(HOLD_SHELF_DAYS, 5, actor=ACTOR) is True
    assert HOLD_SHELF_DAYS.now() == 5
    row = NetworkSetting.objects.get()
    assert (row.code, row.value, row.by_id, row.by_name) == ("loans.hold_shelf_days", 5, 7, "Made")
    assert decide(HOLD_SHELF_DAYS, 5, actor=ACTOR) is False, "nothing changed, so nothing is told"
    assert decide(HOLD_SHELF_DAYS, None, actor=ACTOR) is True
    assert HOLD_SHELF_DAYS.now() == 10 and not NetworkSetting.objects.exists()
    with override("en"):
        told = [audit.sentence(row) for row in AuditEntry.objects.order_by("pk")]
    assert told == ["Days on the hold shelf: 5 instead of 10.", "Days on the hold shelf: 10 instead of 5."]


@pytest.mark.django_db
def test_each_kind_comes_back_as_it_was_kept() -> None:
    for decision, value in (
        (RENEWALS, 0),
        (SECOND_FACTOR, True),
        (NAME, "Jala <Pustaka>"),
        (WARN_DAYS, (60, 5)),
    ):
        decide(decision, value, actor=ACTOR)  # type: ignore[arg-type]
        assert decision.now() == value


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("decision", "value"),
    [(HOLD_SHELF_DAYS, 0), (HOLD_SHELF_DAYS, 91), (HOLD_SHELF_DAYS, True), (NAME, ""), (NAME, "x" * 41),
     (WARN_DAYS, ()), (WARN_DAYS, (0,)), (LEAST_ASKERS, 1)],
    ids=lambda part: part.code if isinstance(part, Decision) else repr(part)[:12],
)  # fmt: skip
def test_what_does_not_fit_is_not_kept_and_would_not_count(decision: Decision[Any], value: Any) -> None:
    with pytest.raises(RuleViolation) as refused:
        decide(decision, value, actor=ACTOR)
    assert refused.value.code == "does_not_fit" and not AuditEntry.objects.exists()
    NetworkSetting.objects.create(code=decision.code, value=value, changed_at="2026-01-01T00:00Z")
    forget()
    assert decision.now() == decision.default()


@pytest.mark.django_db
def test_two_who_decide_at_once_are_not_lost_on_each_other() -> None:
    decide(HOLD_SHELF_DAYS, 5, actor=ACTOR, seen="10")
    with pytest.raises(RuleViolation) as refused:
        decide(HOLD_SHELF_DAYS, 20, actor=ACTOR, seen="10")
    assert refused.value.code == "changed_meanwhile" and HOLD_SHELF_DAYS.now() == 5


def test_a_default_may_come_from_the_server(settings: Any) -> None:
    settings.COPY_LINK_VIEWS, settings.SESSION_COOKIE_AGE, settings.PORTAL_NAME = 9, 7200, "Lontar"
    assert (LINK_VIEWS.now(), SESSION_HOURS.now(), NAME.now()) == (9, 2, "Lontar")


@pytest.mark.django_db
def test_the_database_is_asked_once_in_a_while(django_assert_num_queries: Any, monkeypatch: Any) -> None:
    now = [1000.0]
    monkeypatch.setattr(reading.time, "monotonic", lambda: now[0])
    forget()
    with django_assert_num_queries(3):  # the question, and the savepoint around it
        assert [HOLD_SHELF_DAYS.now() for _time in range(50)] == [10] * 50
    NetworkSetting.objects.create(code=HOLD_SHELF_DAYS.code, value=4, changed_at="2026-01-01T00:00Z")
    now[0] += reading.FRESH - 0.1
    assert HOLD_SHELF_DAYS.now() == 10
    now[0] += 0.2
    assert HOLD_SHELF_DAYS.now() == 4


@pytest.mark.django_db
def test_without_the_database_what_was_known_goes_on(monkeypatch: Any) -> None:
    decide(HOLD_SHELF_DAYS, 5, actor=ACTOR)
    assert HOLD_SHELF_DAYS.now() == 5

    def away() -> dict[str, Any]:
        raise DatabaseError("away")

    monkeypatch.setattr(reading, "_asked", away)
    forget()
    assert HOLD_SHELF_DAYS.now() == 5 and HOLD_SHELF_DAYS.last_known() == 5


@pytest.mark.django_db(transaction=True)
def test_a_process_that_runs_already_obeys_within_seconds() -> None:
    """No restart: another process reads one value, and after the decision the other."""
    database = connection.settings_dict
    address = f"postgres://{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}"
    code = (
        "import time, django; django.setup()\n"
        "from loans.netsettings import HOLD_SHELF_DAYS\n"
        "first = HOLD_SHELF_DAYS.now(); print(first, flush=True)\n"
        "ends = time.monotonic() + 40\n"
        "while HOLD_SHELF_DAYS.now() == first and time.monotonic() < ends: time.sleep(0.1)\n"
        "print(HOLD_SHELF_DAYS.now(), flush=True)\n"
    )
    import os

    environment = {
        **os.environ, "DATABASE_URL": f"{address}/{database['NAME']}", "DEBUG": "1",
        "DJANGO_SETTINGS_MODULE": "network_portal.settings",
    }  # fmt: skip
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=django_settings.BASE_DIR, env=environment, stdout=subprocess.PIPE, text=True
    ) as other:  # fmt: skip
        assert other.stdout is not None
        assert other.stdout.readline().strip() == "10"
        decide(HOLD_SHELF_DAYS, 6, actor=ACTOR)
        assert other.stdout.readline().strip() == "6"


def test_every_decision_is_obeyed_somewhere() -> None:
    """A setting that nobody reads would promise what the portal does not do."""
    root = Path(django_settings.BASE_DIR)
    texts = [
        path.read_text(encoding="utf-8")
        for room in ("catalog", "loans", "members", "network_portal")
        for path in (root / room).rglob("*.py")
    ]
    modules = ("catalog.netsettings", "loans.netsettings", "members.netsettings",
               "network_portal.core.netsettings.portal")  # fmt: skip
    named = {
        name: value
        for module in modules
        for name, value in vars(import_module(module)).items()
        if isinstance(value, Decision)
    }
    assert {one.code for one in named.values()} == {one.code for one in all_decisions()}
    unread = [name for name in named if not any(re.search(rf"\b{name}\.now\(\)", text) for text in texts)]
    assert unread == []


@pytest.mark.parametrize("decision", all_decisions(), ids=lambda one: one.code)
@pytest.mark.parametrize("language", ["en", "id"])
def test_every_decision_says_itself(decision: Decision[Any], language: str) -> None:
    with override(language):
        default = decision.default()
        assert decision.fits(decision.write(default)), "the default itself would be refused"
        sentence = decision.sentence()
        assert sentence.endswith(".") and "%" not in sentence.replace(" % ", "")
        assert decision.field().clean(decision.initial(default)) == default
