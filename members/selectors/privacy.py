"""Reading wishes to be erased."""

from __future__ import annotations

from members.choices_people import ErasureState
from members.models import ErasureRequest, User


def erasure_waiting(user: User) -> ErasureRequest | None:
    return ErasureRequest.objects.filter(person_id=user.pk, state=ErasureState.WAITING).first()
