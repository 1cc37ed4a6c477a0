"""When a version's terms begin and end to count. Called by members.agreements services, in their transactions."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from members.choices_agreements import VersionStatus
from members.models import Agreement, AgreementParty, AgreementTerm, AgreementVersion
from members.selectors.agreements import versions_in_force_before, versions_waiting_for_terms

TERMS = ("services", "free", "amount", "currency", "priority", "max_per_year", "no_reciprocity", "valid_from",
         "valid_until")  # fmt: skip


def bind(row: AgreementVersion) -> None:
    """The terms count among those that have accepted.

    An earlier version counts until everybody who is bound by it has accepted this one: so nobody is without terms.
    """
    before = versions_in_force_before(row)
    accepted = set(row.acceptances.values_list("library_id", flat=True))
    bound = {party.library_id for old in before if old.term for party in old.term.parties.all()}
    if bound - accepted:
        return
    first = row.valid_from
    if before:
        first = max(row.valid_from, timezone.localdate())
        for old in before:
            close(old, VersionStatus.REPLACED, first - timedelta(days=1))
    if not accepted or (row.valid_until is not None and row.valid_until < first):
        return
    if row.term is None:
        values = {name: getattr(row, name) for name in TERMS} | {"valid_from": first}
        row.term = AgreementTerm.objects.create(
            name=row.agreement.name, scope=row.agreement.scope, network=row.agreement.network, **values
        )
        row.save(update_fields=["term"])
    for pk in accepted:
        AgreementParty.objects.get_or_create(agreement=row.term, library_id=pk)


def bind_next(agreement: Agreement) -> None:
    """A version has ended: the next one, if it only waited for that, counts among those that have accepted it."""
    for row in versions_waiting_for_terms(agreement):
        bind(row)


def close(row: AgreementVersion, status: VersionStatus, last: date) -> None:
    """Terms end on `last`; those that would end before they began were never in force."""
    row.status, row.ended_at = status, timezone.now()
    term = row.term
    if term is not None and last < term.valid_from:
        row.term = None
        row.save(update_fields=["status", "ended_at", "term"])
        term.delete()
        return
    row.save(update_fields=["status", "ended_at"])
    if term is not None:
        shorten(term, last)


def shorten(term: AgreementTerm, last: date) -> None:
    if term.valid_until is None or term.valid_until > last:
        term.valid_until = last
        term.save(update_fields=["valid_until"])
