"""Rounds of every kind of network with the real engine, answered at random: what routing promises holds."""

from __future__ import annotations

from datetime import time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from loans.choices import LIVE_ATTEMPTS, OFFERED_ATTEMPTS
from loans.models import Request, SupplyAttempt
from loans.services.offers_closing import close_offers
from loans.workflow import engine
from members.calendars import calendar_of
from members.models import Network, WorkingHours
from network_portal.core.errors import RuleViolation
from tests.loans.routing.networks import make_network
from tests.loans.routing.test_walks import coordinator_at
from tests.loans.world import World, make_world

ENDS = ("will_supply", "end_of_rota", "cancelled")
ANSWERS = ("decline", "decline", "expire", "accept", "cancel")
many = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))


class Rounds(TestCase):
    world: World

    @classmethod
    def setUpTestData(cls) -> None:
        cls.world = make_world()
        cls.network = make_network(cls.world)
        WorkingHours.objects.create(
            library=cls.world.libraries["SMG"], weekday=2, opens=time(9), closes=time(10)
        )

    @many
    @given(
        st.sampled_from(["mesh", "bus", "ring", "star", "tree"]), st.booleans(),
        st.sampled_from(["first", "offers"]), st.lists(st.sampled_from(ANSWERS), max_size=8),
    )  # fmt: skip
    def test_any_round_of_any_network_keeps_the_invariants_and_ends(
        self, topology: str, guided: bool, claim_mode: str, answers: list[str]
    ) -> None:
        hub = self.world.libraries["MKS"]
        Network.objects.filter(pk=self.network.pk).update(
            topology=topology, hub=hub, guided=guided, coordinator_library=hub if guided else None,
            claim_mode=claim_mode,
        )  # fmt: skip
        request = self.world.take(self.world.submit(), "approve")
        steps = 0
        for answer in [*answers, *["decline"] * 8]:
            request.refresh_from_db()
            self._holds(request, guided=guided)
            if request.status in ENDS:
                break
            self._answered(request, answer)
            steps += 1
        assert request.status in ENDS
        assert steps <= 6, "the coordinator once, three libraries, and what was offered to all of them"
        if request.status == "cancelled":
            self._stopped(request)

    def _answered(self, request: Request, answer: str) -> None:
        """The next step, as whoever has the request answers."""
        if answer == "cancel":
            self.world.take(request, "cancel")
        elif request.status == "coordinator_out":
            engine.transition(request, "coordinator_release", coordinator_at(self.world, "MKS"))
        elif request.status == "offered" and answer == "accept":
            offers = Network.objects.get(pk=self.network.pk).claim_mode == "offers"
            self.world.take(request, "volunteer" if offers else "claim")
            if offers:
                _time_is_up()
        elif request.status == "offered":
            _time_is_up()
        else:
            self.world.take(request, answer)

    def _holds(self, request: Request, *, guided: bool) -> None:
        attempts = list(request.attempts.select_related("supplier"))
        assert sum(attempt.status in LIVE_ATTEMPTS for attempt in attempts) <= 1
        once = [(attempt.round, attempt.supplier_id) for attempt in attempts]
        assert len(once) == len(set(once))
        assert request.requesting_library_id not in {attempt.supplier_id for attempt in attempts}
        for attempt in attempts:
            if attempt.status == "asked":
                assert _in_opening_hours(attempt)
            elif attempt.status in OFFERED_ATTEMPTS:
                assert attempt.deadline_at is not None
            if guided:
                hub = self.world.libraries["MKS"].pk
                assert hub in (attempt.via_id, attempt.supplier_id), "no member deals with another directly"
        if request.status == "coordinator_out":
            assert not attempts, "nobody is asked before the coordinator has let it out"

    def _stopped(self, request: Request) -> None:
        attempts = list(request.attempts.select_related("supplier"))
        assert not {attempt.status for attempt in attempts} & {*LIVE_ATTEMPTS, *OFFERED_ATTEMPTS}
        for attempt in attempts:
            for step in ("accept", "claim"):
                with self.assertRaises(RuleViolation):
                    engine.transition(request, step, self.world.actor(attempt.supplier.short_code))


def _time_is_up() -> None:
    Request.objects.update(deadline_at=timezone.now() - timedelta(minutes=1))
    close_offers()


def _in_opening_hours(attempt: SupplyAttempt) -> bool:
    """Does its deadline fall into the supplier's own working hours, in its own zone?"""
    assert attempt.deadline_at is not None
    day = attempt.deadline_at.astimezone(ZoneInfo(attempt.supplier.time_zone)).date()
    openings = calendar_of(attempt.supplier_id).openings(day)
    return any(opens < attempt.deadline_at <= closes for opens, closes in openings)
