"""The columns of a request and an attempt that a step may change, as JSON: what undo puts back."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from loans.models import Request, SupplyAttempt

REQUEST = (
    "status", "outcome", "outcome_reason", "outcome_note", "closed_at", "title", "citation", "identifiers", "part",
    "round", "released_round", "epoch", "waiting_since", "due_on", "renewals", "quoted_amount", "currency",
    "cost_approved_at", "level", "checks", "unmediated",
)  # fmt: skip
ATTEMPT = (
    "status", "supplier_id", "via_id", "mode", "stage", "position", "rank", "why", "call_number", "location",
    "asked_at", "reason_unfilled", "retry_reason", "note", "conditions", "condition_amount", "condition_currency",
    "barcode", "tracking", "return_tracking", "due_on", "due_original", "renewed_count", "recalled_on", "answered_at",
    "committed_at", "shipped_at", "received_at", "returned_at", "lost_at", "closed_at",
)  # fmt: skip
_AS_IT_IS = (list, dict, str, int, bool)


def of(request: Request, attempt: SupplyAttempt | None) -> dict[str, Any]:
    kept: dict[str, Any] = {"request": _read(request, REQUEST)}
    if attempt is not None and attempt.pk is not None:
        kept["attempt"] = _read(attempt, ATTEMPT)
    return kept


def put_back(row: Model, kept: dict[str, Any]) -> None:
    """Set the columns (unsaved)."""
    for name, value in kept.items():
        setattr(row, name, None if value is None else row._meta.get_field(name).to_python(value))  # type: ignore[union-attr]


def _read(row: Model, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: _plain(row, name) for name in names}


def _plain(row: Model, name: str) -> Any:
    value = getattr(row, name)
    if value is None or type(value) in _AS_IT_IS:
        return value
    return str(row._meta.get_field(name).value_to_string(row))  # type: ignore[union-attr]
