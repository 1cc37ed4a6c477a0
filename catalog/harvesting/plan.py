"""What a page of records comes down to: new, changed, unchanged, gone, rejected. Pure: no query. Called by write.py."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from catalog.harvesting.pages import Head, Page, Prepared, Reject
from catalog.harvesting.rejects import SORTED_OUT

Item = tuple[Head, "Prepared | Reject | None"]  # None: known to be unchanged, so it was never prepared


class Stored(NamedTuple):
    """A record as the catalogue has it."""

    id: int
    digest: bytes
    edition: int | None
    deleted: bool
    missed: int = 0  # complete lists in a row that lacked it


@dataclass
class Counts:
    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    deleted: int = 0
    rejected: int = 0


@dataclass
class Plan:
    """What is to be done, one entry per identifier."""

    new: list[Prepared] = field(default_factory=list)
    changed: list[tuple[Stored, Prepared]] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)  # announced as deleted
    seen: list[int] = field(default_factory=list)
    found: list[int] = field(default_factory=list)  # of them, those that lists before had lacked
    mended: set[str] = field(default_factory=set)  # could be read, unlike the last time
    rejects: list[Reject] = field(default_factory=list)
    warnings: Counter[str] = field(default_factory=Counter)
    counts: Counts = field(default_factory=Counts)
    bad: int = 0  # of the rejected, those that are no fault of the sorting

    def reject(self, reject: Reject, size: int, row: Stored | None) -> None:
        self.rejects.append(reject)
        self.counts.rejected += size
        if reject.reason_code not in SORTED_OUT:
            self.bad += size
        if row and not row.deleted:
            # What could not be read is not missing.
            self.seen.append(row.id)
            self.found += [row.id] if row.missed else []


def make_plan(
    page: Page, items: Sequence[Item], stored: Mapping[str, Stored], *, force: bool, awaited: set[str]
) -> Plan:
    """`stored`: by identifier. `force`: what is prepared is written, known bytes or not. `awaited`: once rejected."""
    plan = Plan(counts=Counts(read=page.read))
    for reject in page.rejects:
        plan.reject(reject, 1, stored.get(reject.identifier))
    plan.warnings.update(page.warnings)
    last = _last_of_each(plan, items, stored)
    unchanged = 0
    for name, (head, prepared) in last.items():
        row = stored.get(name)
        if prepared is None:  # as almost all are, night after night
            unchanged += head.size
        elif not _place(plan, head, prepared, row, force):
            continue
        if row:
            plan.seen.append(row.id)
            if row.missed:
                plan.found.append(row.id)
    plan.counts.unchanged += unchanged
    if awaited:
        plan.mended = awaited.intersection(last)
    return plan


def _last_of_each(
    plan: Plan, items: Sequence[Item], stored: Mapping[str, Stored]
) -> dict[str, tuple[Head, Prepared | None]]:
    """The readable records by identifier; where the page has one twice, the later counts."""
    last: dict[str, tuple[Head, Prepared | None]] = {}
    for head, prepared in items:
        if isinstance(prepared, Reject):
            plan.reject(prepared, head.size, stored.get(prepared.identifier))
            continue
        name = prepared.identifier if prepared else head.identifier
        if name in last:
            plan.counts.unchanged += last.pop(name)[0].size
        last[name] = (head, prepared)
    return last


def _place(plan: Plan, head: Head, prepared: Prepared, row: Stored | None, force: bool) -> bool:
    """Whether the source has the record."""
    counts = plan.counts
    if prepared.warnings:
        plan.warnings.update(set(prepared.warnings))
    if row is not None and row.digest == prepared.digest and not row.deleted and not force:
        counts.unchanged += head.size
    elif prepared.deleted:
        # Counted as taken out when it is: at the end of the run.
        if row and not row.deleted:
            plan.gone.append(row.id)
        else:
            counts.unchanged += head.size
        return False
    elif row is None:
        plan.new.append(prepared)
        counts.created += head.size
    else:
        plan.changed.append((row, prepared))
        counts.created += head.size if row.deleted else 0
        counts.updated += 0 if row.deleted else head.size
    return True
