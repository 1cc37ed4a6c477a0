"""What the settings page says about the state of a sign-in, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from members.models import SignInProvider
from members.signin.faults import OK, sentence


@dataclass(frozen=True)
class State:
    is_saved: bool
    is_on: bool
    may_turn_on: bool
    tested_at: datetime | None
    test_ok: bool
    test_text: str
    test_detail: str  # a fact in no language: an address, a word of the protocol
    fault_at: datetime | None
    fault_text: str
    fault_detail: str


def state_of(provider: SignInProvider) -> State:
    ok = provider.test_outcome == OK
    return State(
        is_saved=provider.pk is not None, is_on=provider.is_on, may_turn_on=ok and not provider.is_on,
        tested_at=provider.tested_at, test_ok=ok,
        test_text="" if ok or not provider.test_outcome else sentence(provider.test_outcome),
        test_detail=provider.test_detail, fault_at=provider.fault_at,
        fault_text=sentence(provider.fault) if provider.fault else "", fault_detail=provider.fault_detail,
    )  # fmt: skip
