"""Libraries of the demo that do not take part fully, and an agreement that waits for an answer. build.py calls it."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from members.agreements.proposals import agreement_propose, proposal_send
from members.choices import Role
from members.models import Agreement, Library, StandingChange
from members.standing import services
from network_portal.core.actor import Actor
from network_portal.demo.accounts import COORDINATOR, actor_of
from network_portal.demo.joining import ENGLISH, PRINCIPLES, TEXT

SUSPENDED, LEAVING = "SARASWATI", "SDELI"
PROPOSER, OTHER = "WANATARA", "PARAHITA"
PROPOSAL = "Antar buku Bogor–Bandung"


@transaction.atomic
def ensure_standing(libraries: dict[str, Library]) -> int:
    """One suspended until a day, one leaving with loans still out, one proposal sent; returns how many were made."""
    if StandingChange.objects.exists():
        return 0
    coordinator, today = actor_of(COORDINATOR), timezone.localdate()
    services.standing_suspend(
        library=libraries[SUSPENDED], actor=coordinator, back_on=today + timedelta(days=21),
        reason="Gedung direnovasi; pustakawan bekerja di kota lain.",
    )  # fmt: skip
    services.leaving_announce(
        library=libraries[LEAVING], actor=coordinator, last_day=today + timedelta(days=14),
        reason="Bergabung dengan jaringan provinsi.",
    )  # fmt: skip
    return 2 + _proposal(libraries)


def _proposal(libraries: dict[str, Library]) -> int:
    if Agreement.objects.filter(name=PROPOSAL).exists():
        return 0
    own = libraries[PROPOSER]
    actor = Actor(
        user_id=None, user_name=f"Kepala {own.name}", library_id=own.pk, library_name=own.name,
        channel="command", role=Role.MANAGER, capabilities=frozenset({"library.edit"}),
    )  # fmt: skip
    draft = agreement_propose(
        actor=actor, name=PROPOSAL, scope="pair", libraries=[libraries[OTHER]], services=["loan"], free=True,
        priority=1, notice_days=30, valid_from=timezone.localdate() + timedelta(days=7),
        text_id=TEXT, text_en=ENGLISH, principles=PRINCIPLES,
    )  # fmt: skip
    proposal_send(version=draft, actor=actor)
    return 1
