"""Everybody doing anything in any order, with time passing between: what must hold, holds after every move.

The real engine on the real database; each example lives in a transaction of its own. `EXAMPLES=300` looks deeper.
"""

from __future__ import annotations

import os
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from loans.models import Charge, Request, SupplyAttempt
from loans.services.delivery import declaration_of, open_link, purge_due
from loans.services.messages import message_send
from loans.services.overdue import overdue_remind
from loans.services.renewals import renew
from loans.services.timers import expire_unanswered, route_stranded, tell_late
from loans.workflow import backwards, engine
from loans.workflow.guards import MAX_ROUNDS
from loans.workflow.states import LIVE_ATTEMPT, STATES, state_of
from loans.workflow.steps import ACTIONS, STEP_BY
from loans.workflow.vocabulary import Side
from members.models import LibraryPolicy
from network_portal.core.errors import RuleViolation
from tests.loans.copies.scene import PART, send_pdf
from tests.loans.workflow.stage import Stand, params_of, request_in
from tests.loans.world import make_world

WHO = ("patron", "BDG", "JKT", "SMG", "MKS", "coordinator")
BACK = ("undo", "reopen")
START = "2026-03-02T02:00:00Z"  # a Monday morning in Jakarta


class Requests(RuleBasedStateMachine):
    @initialize(service=st.sampled_from(["loan", "copy"]), long=st.booleans())
    def begin(self, service: str, long: bool) -> None:
        self.clock = time_machine.travel(START, tick=True)
        self.traveller = self.clock.start()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.world = make_world()
        self.actors = {who: self.world.actor(who) for who in WHO}
        LibraryPolicy.objects.create(library=self.world.libraries["JKT"], service="loan", auto_renew=long)
        values = {"part": PART, "part_key": "p"} if service == "copy" else {}
        self.pk = request_in(self.world, "submitted", service, round=0, **values).pk
        self.tried: dict[int, str] = {}  # attempts that were seen to end, and how

    def teardown(self) -> None:
        if not hasattr(self, "atomic"):
            return
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)
        self.clock.stop()

    @property
    def request(self) -> Request:
        return Request.objects.get(pk=self.pk)

    def attempt_move(self, move: Any) -> bool:
        """A move goes through, or says why not and leaves everything as it was."""
        before = self.request
        try:
            with transaction.atomic():
                move(before)
        except (RuleViolation, PermissionDenied) as refused:
            assert str(refused)
            now = self.request
            assert (now.status, now.version, now.deadline_at) == (
                before.status,
                before.version,
                before.deadline_at,
            )
            return False
        return True

    @rule(choice=st.integers(0, 60), stale=st.integers(0, 9))
    def somebody_does_what_the_table_offers(self, choice: int, stale: int) -> None:
        """Any of the steps that leave the present state, by one of those whom the table names."""
        request = self.request
        rows = [
            (step, side)
            for (source, _action, service), step in STEP_BY.items()
            if (source, service) == (request.status, request.service) and step.sides != (Side.PORTAL,)
            for side in step.sides
            if side is not Side.PORTAL and step.action != "close_manually"
        ]
        if not rows:
            return
        step, side = rows[choice % len(rows)]
        attempt = engine.live_attempt(request) or self.offered(request)
        if side is Side.SUPPLYING and attempt is None:
            return
        here = Stand(self.world, step, request, attempt)
        actor = here.actor(side)

        def move(row: Request) -> None:
            if step.action == "download":
                self.open_copy(row)
                return
            if step.action == "upload_done" and attempt is not None:
                send_pdf(attempt, actor)
            version = 1 if stale == 0 else row.version
            if step.action == "renew_ask":
                renew(request=row, actor=actor, version=version)
            else:
                engine.transition(row, step.action, actor, version=version, **params_of(here, side))

        self.attempt_move(move)

    @rule(choice=st.integers(0, 60))
    def somebody_goes_on(self, choice: int) -> None:
        """The same with a fresh page: requests get far between the mishaps."""
        self.somebody_does_what_the_table_offers(choice=choice, stale=9)

    def open_copy(self, request: Request) -> None:
        from loans.delivery.links import token_for

        delivery = request.deliveries.get(purged_at=None)
        text = declaration_of(delivery, "id")
        open_link(
            token=token_for(delivery.attempt_id), actor=self.world.reader, declared=text.hash, language="id"
        )

    def offered(self, request: Request) -> SupplyAttempt | None:
        return (
            request.attempts.filter(status__in=("offered", "volunteered")).select_related("supplier").first()
        )

    @rule(action=st.sampled_from(sorted(ACTIONS)), who=st.sampled_from(WHO))
    def somebody_tries_anything(self, action: str, who: str) -> None:
        if action != "close_manually":  # it ends everything, and nothing would be left to try
            self.attempt_move(lambda row: engine.transition(row, action, self.actors[who]))

    @rule(hours=st.sampled_from([1, 9, 30, 80, 200, 500]))
    def time_passes(self, hours: int) -> None:
        self.traveller.shift(timedelta(hours=hours))
        expire_unanswered()
        route_stranded()
        overdue_remind()
        tell_late()
        purge_due()

    @precondition(lambda self: self.request.undo_until is not None)
    @rule(who=st.sampled_from(WHO))
    def somebody_takes_the_last_step_back(self, who: str) -> None:
        """What an undone step opened goes with it, so what ended meanwhile is looked at anew."""
        if self.attempt_move(lambda row: backwards.undo(row, self.actors[who])):
            self.tried = {}

    @precondition(lambda self: not self.request.is_open)
    @rule()
    def the_library_opens_it_again(self) -> None:
        if self.attempt_move(lambda row: backwards.reopen(row, self.actors["BDG"], reason="After all.")):
            self.tried = {}

    @rule(who=st.sampled_from(["BDG", "JKT", "SMG"]), body=st.sampled_from(["Halo", "Sudah dikirim?"]))
    def a_librarian_writes(self, who: str, body: str) -> None:
        attempt = engine.live_attempt(self.request)
        self.attempt_move(
            lambda row: message_send(request=row, attempt=attempt, body=body, actor=self.actors[who])
        )

    @invariant()
    def one_supplier_at_most_and_where_the_state_says(self) -> None:
        now = self.request
        live = [one.status for one in now.attempts.all() if one.status in LIVE_ATTEMPT]
        wanted = STATES[now.status].attempt
        assert len(live) == (1 if wanted else 0)
        assert set(live) <= {wanted.value if wanted else "", "considering" if now.status == "asked" else ""}

    @invariant()
    def somebody_has_to_act_by_a_day_or_it_has_ended(self) -> None:
        now = self.request
        ended = state_of(now.status).is_terminal
        assert (now.owner_side == "none") == (now.deadline_at is None) == (now.closed_at is not None) == ended
        outcome = state_of(now.status).outcome
        assert now.outcome == (outcome.value if outcome else "")
        assert now.round <= MAX_ROUNDS

    @invariant()
    def the_history_is_whole_and_an_end_is_an_end(self) -> None:
        events = list(
            self.request.events.order_by("version").values("version", "action", "from_status", "to_status")
        )
        assert [row["version"] for row in events] == list(range(1, self.request.version + 1))
        for before, after in pairwise(events):
            assert before["to_status"] == after["from_status"]
            assert not state_of(before["to_status"]).is_terminal or after["action"] in BACK
        assert events[-1]["to_status"] == self.request.status

    @invariant()
    def flags_are_dated_and_end_with_the_request(self) -> None:
        flags = list(self.request.flags.all())
        assert all(flag.deadline_at or flag.kind == "damaged" for flag in flags)
        assert all(flag.cleared_at is None or flag.cleared_at >= flag.raised_at for flag in flags)
        opened = [flag.kind for flag in flags if flag.is_open]
        assert len(opened) == len(set(opened))
        assert self.request.is_open or not opened

    @invariant()
    def what_ended_with_a_library_stays_ended(self) -> None:
        over = dict(self.request.attempts.exclude(status__in=LIVE_ATTEMPT).values_list("pk", "status"))
        assert all(over.get(pk) == status for pk, status in self.tried.items())
        self.tried = {pk: status for pk, status in over.items() if status not in ("offered", "volunteered")}
        places = list(self.request.attempts.values_list("round", "supplier_id"))
        assert len(places) == len(set(places))

    @invariant()
    def both_sides_see_the_same(self) -> None:
        from loans.selectors.requests import requests_visible_to

        now, attempt = self.request, engine.live_attempt(self.request)
        seen = requests_visible_to(self.actors["BDG"]).filter(pk=self.pk).values_list("status", flat=True)
        assert list(seen) == [now.status]
        if attempt is not None:
            theirs = requests_visible_to(self.actors[attempt.supplier.short_code]).filter(pk=self.pk)
            assert list(theirs.values_list("status", flat=True)) == [now.status]

    @invariant()
    def nothing_is_owed_for_what_was_not_supplied(self) -> None:
        charges = list(Charge.objects.filter(request_id=self.pk).select_related("attempt"))
        for charge in charges:
            assert charge.payee_library_id == (charge.attempt.supplier_id if charge.attempt else None)
        owed = [row for row in charges if row.state in ("due", "settled") and row.kind in ("supply", "copy")]
        assert all(row.attempt and (row.attempt.shipped_at or row.attempt.uploaded_at) for row in owed)
        assert len({row.attempt_id for row in owed}) == len(owed)
        claims = [row for row in charges if row.kind == "replacement" and row.state == "quoted"]
        assert len(claims) <= (1 if self.request.is_open else 0)


@pytest.mark.django_db
def test_whatever_everybody_does_the_rules_hold() -> None:
    run_state_machine_as_test(
        Requests,
        settings=settings(
            max_examples=int(os.environ.get("EXAMPLES", "6")), stateful_step_count=18, deadline=None,
            suppress_health_check=list(HealthCheck), database=None,
            phases=(Phase.generate,) if os.environ.get("NO_SHRINK") else tuple(Phase),
        ),
    )  # fmt: skip
