"""The first steps of a new member. Each step knows by itself whether it is done; rooms above add theirs.

Shown to the library's manager and to the coordinator. Nobody ticks anything off.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from members.choices import STAFF_ROLES, LibraryStatus, MembershipStatus
from members.models import Library, LibraryPolicy, Membership, WorkingHours
from members.selectors.agreements import versions_to_accept
from members.selectors.joining import steps_taken

SEARCH = "search"


@dataclass(frozen=True)
class Step:
    """`done` looks at a library, `path` leads to where the step is taken, `needed` before it may take part.

    With `press` the step is a button (POST) instead of a link.
    """

    code: str
    place: int
    title: Any
    hint: Any
    done: Callable[[Library], bool]
    path: Callable[[Library], str]
    needed: bool = False
    press: bool = False


@dataclass(frozen=True)
class Taken:
    step: Step
    done: bool
    path: str


@dataclass(frozen=True)
class Checklist:
    library: Library
    steps: list[Taken]

    @property
    def done(self) -> int:
        return sum(one.done for one in self.steps)

    @property
    def total(self) -> int:
        return len(self.steps)

    @property
    def is_complete(self) -> bool:
        return self.done == self.total

    @property
    def missing(self) -> list[Taken]:
        """What must be there before the library may take part."""
        return [one for one in self.steps if one.step.needed and not one.done]

    @property
    def next(self) -> Taken | None:
        return next((one for one in self.steps if not one.done), None)

    @property
    def may_open(self) -> bool:
        return self.library.status == LibraryStatus.PROSPECTIVE and not self.missing


_steps: dict[str, Step] = {}


def steps_register(steps: Iterable[Step]) -> None:
    """Add steps, or put others in their place; called once when an app starts."""
    _steps.update({step.code: step for step in steps})


def checklist_of(library: Library) -> Checklist:
    """Every step in order, with whether it is done: a small query each."""
    ordered = sorted(_steps.values(), key=lambda step: step.place)
    return Checklist(library, [Taken(step, step.done(library), step.path(library)) for step in ordered])


def at(name: str) -> Callable[[Library], str]:
    """The page of this name that belongs to a library."""
    return lambda library: reverse(name, args=[library.short_code])


def details_done(library: Library) -> bool:
    return bool(
        library.address and library.email and library.latitude is not None and library.longitude is not None
    )


def hours_done(library: Library) -> bool:
    return WorkingHours.objects.filter(library=library).exists()


def policies_done(library: Library) -> bool:
    return LibraryPolicy.objects.filter(library=library).exists()


def agreement_done(library: Library) -> bool:
    """Nothing that binds the library waits for its yes."""
    return not versions_to_accept(library)


def staff_done(library: Library) -> bool:
    """Two people at least: one manager alone falls ill."""
    rows = Membership.objects.filter(library=library, role__in=STAFF_ROLES, status=MembershipStatus.CONFIRMED)
    return rows.values("user").distinct().count() > 1


def search_done(library: Library) -> bool:
    return SEARCH in steps_taken(library)
