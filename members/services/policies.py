"""Changing a library's terms. Each change is one audit entry that names the fields, never what readers did."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from members.models import (
    AgreementParty,
    AgreementTerm,
    AgreementVersion,
    Library,
    LibraryPolicy,
    PickupPoint,
)
from members.selectors.policies import policy_of
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation


@transaction.atomic
def policy_save(*, library: Library, service: str, actor: Actor, **fields: Any) -> LibraryPolicy:
    """Write a library's terms for a service. Raises ValidationError for values that the model refuses."""
    library = Library.objects.select_for_update().get(
        pk=library.pk
    )  # two managers at once: one row, both changes
    policy = policy_of(library, service)
    policy.library = library
    days = fields.pop("loan_days", library.loan_days)
    changed = _fill(policy, fields)
    if days != library.loan_days:  # one loan period, kept with the library
        library.loan_days = days
        library.full_clean()
        library.save(update_fields=["loan_days"])
        changed = [*changed, "loan_days"]
    if changed or policy.pk is None:
        policy.full_clean()
        policy.save()
        data = {"service": service, "fields": changed}
        audit.record("members.policy.updated", actor=actor, target=library, data=data)
    return policy


@transaction.atomic
def part_save(*, row: Model, part: str, library: Library, actor: Actor, **fields: Any) -> Model:
    """Write a fee rule, pickup point, library left out or agreement; `row` is new or one of the library's.

    Raises ValidationError for values that the model refuses, such as a library left out twice; RuleViolation
    `kept_in_a_document` for terms that an agreement's document gives.
    """
    Library.objects.select_for_update().get(pk=library.pk)
    _not_of_a_document(row)
    others = fields.pop("others", None)
    changed = _fill(row, fields)
    if isinstance(row, AgreementTerm):
        row.full_clean()
        row.save()
        _parties(row, library, others)
    else:
        row.library = library  # type: ignore[attr-defined]
        if isinstance(row, PickupPoint) and row.is_default:
            PickupPoint.objects.filter(library=library, is_default=True).exclude(pk=row.pk).update(
                is_default=False
            )
        row.full_clean()
        row.save()
    data = {"part": part, "id": row.pk, "fields": changed}
    audit.record("members.policy.part_saved", actor=actor, target=library, data=data)
    return row


@transaction.atomic
def part_remove(*, row: Model, part: str, library: Library, actor: Actor) -> None:
    """Take a row out. Raises ProtectedError where money was charged under an agreement: it is ended instead."""
    _not_of_a_document(row)
    data = {"part": part, "id": row.pk, "name": str(row)[:200]}
    row.delete()
    audit.record("members.policy.part_removed", actor=actor, target=library, data=data)


def _fill(row: Model, fields: dict[str, Any]) -> list[str]:
    changed = sorted(name for name, value in fields.items() if getattr(row, name, None) != value)
    for name in changed:
        setattr(row, name, fields[name])
    return changed


def _not_of_a_document(row: Model) -> None:
    """Terms that came from an agreement's document change with it, not beside it."""
    if isinstance(row, AgreementTerm) and AgreementVersion.objects.filter(term_id=row.pk or 0).exists():
        raise RuleViolation(
            "kept_in_a_document",
            _("These terms come from an agreement. Write a new version of it, or end it there."),
        )


def _parties(term: AgreementTerm, library: Library, others: Any) -> None:
    """The library itself and the others named; a network's agreement names nobody."""
    wanted = {other.pk for other in others or ()} | ({library.pk} if others else set())
    term.parties.exclude(library_id__in=wanted).delete()
    kept = set(term.parties.values_list("library_id", flat=True))
    AgreementParty.objects.bulk_create(
        AgreementParty(agreement=term, library_id=pk) for pk in sorted(wanted - kept)
    )
