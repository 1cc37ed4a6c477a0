"""What stands outside the shape: the special centre that supplies first or last, and the library of last resort."""

from __future__ import annotations

from dataclasses import replace

from loans.routing.model import CENTRE_FIRST, CENTRE_LAST, SEQ, Candidate, Policy, Stage


def special(ranked: list[Candidate], policy: Policy) -> tuple[list[Candidate], list[Stage], list[Stage]]:
    """(those left to the shape, stages before it, stages after it)."""
    first = policy.centre_library if policy.centre == CENTRE_FIRST else None
    last = policy.centre_library if policy.centre == CENTRE_LAST else None
    before = _alone(ranked, first, "centre_first")
    after = _alone(ranked, last, "centre_last")
    if policy.last_resort not in (None, first, last):
        after += _alone(ranked, policy.last_resort, "last_resort")
    taken = {row.library_id for stage in (*before, *after) for row in stage.candidates}
    return [row for row in ranked if row.library_id not in taken], before, after


def _alone(ranked: list[Candidate], library_id: int | None, kind: str) -> list[Stage]:
    return [
        Stage(kind, SEQ, (row,), args={"name": row.supplier.name})
        for row in ranked
        if row.library_id == library_id
    ]


def through(stages: list[Stage], *libraries: int | None) -> list[Stage]:
    """The same stages with everything passing these libraries first."""
    via = tuple(library for library in libraries if library is not None)
    return [replace(stage, via=tuple(dict.fromkeys((*via, *stage.via)))) for stage in stages]
