"""The words the workflow table is written in: who must act, what a state is, what a step needs. No Django models."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from django.db.models import TextChoices

from loans.choices import AskMode, AttemptStatus, FlagKind, Outcome, RequestStatus, Service

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Lazy = str | _StrPromise
else:
    Lazy = Any


class Side(str, Enum):
    """Who has to act, or who may."""

    PATRON = "patron"
    REQUESTING = "requesting"
    SUPPLYING = "supplying"
    COORDINATOR = "coordinator"  # of a guided network
    PORTAL = "portal"  # the portal itself: routing and timers
    NONE = "none"


class Form(str, Enum):
    """What a step asks before it is taken; loans.forms.FORMS has the form for each."""

    NONE = "none"  # one click
    CONFIRM = "confirm"  # a page that asks "are you sure"
    REASON = "reason"  # a reason from the step's list, and a note
    SHIP = "ship"  # due date, barcode, tracking number
    TRACKING = "tracking"  # how it travels, all optional
    CONDITIONS = "conditions"  # on what terms, and what it costs
    AMOUNT = "amount"  # a sum of money, and a note
    DUE = "due"  # another due date
    NOTE = "note"  # a few words, required
    CHANGE = "change"  # the description of what is wanted
    LIBRARY = "library"  # one of the libraries that a coordinator may name
    NETWORK = "network"  # another network, to whose coordinator it goes
    DESK = "desk"  # what a coordinator may change before it goes out


class Undo(str, Enum):
    """May the person take the step back?"""

    NO = "no"
    UNTIL_OTHER_ACTS = "until_other_acts"  # within the network's minutes, as long as nobody has acted on it


BOTH = frozenset(Service)
LOAN = frozenset({Service.LOAN})
COPY = frozenset({Service.COPY})


@dataclass(frozen=True)
class Clock:
    """How long somebody has, by service level: hours of work of the library that must act, or days of the calendar.

    `until` names a day kept elsewhere instead: due (the loan's), hold (the shelf), link and purge (a copy's).
    """

    normal: int
    rush: int
    express: int
    unit: str = "hours"
    until: str = ""

    def of(self, level: str) -> int:
        return {"rush": self.rush, "express": self.express}.get(level, self.normal)


@dataclass(frozen=True)
class State:
    code: RequestStatus
    side: Side  # who must act next
    tone: str  # info, ok, attention, stop, plain
    patron: Lazy  # where it stands, told to the reader
    patron_label: Lazy = ""  # the tag on the reader's page, where the staff's word would puzzle
    patron_late: Lazy = ""  # told instead of what happens next, once the deadline has passed
    patron_next: Lazy = ""  # what happens next and when
    milestone: Lazy = ""  # this state as a future knot of the reader's timeline
    needs_attention: bool = False  # stands under "To do" of the side that must act
    primary_action: str = ""
    closing_action: str = ""
    attempt: AttemptStatus | None = None  # where the live attempt stands while the request is in this state
    outcome: Outcome | None = None  # terminal states only
    open_for_patron: bool = True  # the reader still waits for something, or has something to do
    services: frozenset[Service] = BOTH
    clock: Clock | None = None
    on_timeout: str = (
        ""  # what the portal does when time is up; "" = it reminds the owner and lists the request
    )
    patience: int = (
        1  # it does so after so many times the clock: a promise is reminded of before it is given up
    )
    iso: str = ""  # the nearest status of ISO 18626

    @property
    def label(self) -> str:
        return str(self.code.label)

    @property
    def label_for_patron(self) -> str:
        return str(self.patron_label or self.code.label)

    @property
    def tone_for_patron(self) -> str:
        """Attention is asked of the staff; readers are only informed."""
        return "info" if self.tone == "attention" else self.tone

    @property
    def is_terminal(self) -> bool:
        return self.outcome is not None


@dataclass(frozen=True)
class AttemptState:
    code: AttemptStatus
    tone: str
    live: bool
    needs_attention: bool = False  # stands under "To do" of the supplying library
    primary_action: str = ""
    iso: str = ""

    @property
    def label(self) -> str:
        return str(self.code.label)


@dataclass(frozen=True)
class Mail:
    """templates/emails/<template>_{subject.txt,body.txt,body.html}, to one side."""

    template: str
    to: Side


@dataclass(frozen=True)
class Step:
    """One arrow of the diagram. The live attempt follows the states' `attempt`, or ends as `ends_attempt` says."""

    action: str
    sources: tuple[RequestStatus, ...]
    target: RequestStatus | None  # None: the request stays where it is
    side: Side
    label: Lazy  # the button
    done: Lazy  # the line in the staff's history
    requires: str = ""  # capability; "" where being that person is enough (the reader, the portal)
    coordinator: bool = False  # a coordinator of the network may take it too
    patron_note: Lazy = ""  # the line in the reader's timeline; "" = not shown
    form: Form = Form.NONE
    reasons: type[TextChoices] | None = None
    danger: bool = False  # ends something: shown last, in its own colour
    confirm: Lazy = ""  # what the confirm page says will happen
    ends_attempt: AttemptStatus | None = None
    opens_attempt: bool = False
    then_route: bool = False  # the portal looks for the next library in the same transaction
    then_check: bool = False  # it is looked at like a new request: checks, price and rules of its library
    mails: tuple[Mail, ...] = ()
    no_mail: str = ""  # why nobody is written to; every step decides
    services: frozenset[Service] = BOTH
    by: tuple[Side, ...] = ()  # other sides that may take it too
    attempt_in: tuple[AttemptStatus, ...] = ()  # a supplier who has the request must stand here
    attempt_modes: tuple[AskMode, ...] = ()  # and must have been asked in one of these ways
    attempt_to: AttemptStatus | None = None  # where its part goes, if not where the state says
    raises: tuple[FlagKind, ...] = ()
    clears: tuple[FlagKind, ...] = ()
    needs: tuple[FlagKind, ...] = ()  # one of these is open
    unless: tuple[FlagKind, ...] = ()  # none of these is open
    guard: str = ""  # a name in hooks.GUARDS
    effect: str = ""  # a name in hooks.EFFECTS
    undo: Undo = Undo.NO

    @property
    def sides(self) -> tuple[Side, ...]:
        return (self.side, *self.by)

    def target_from(self, source: str) -> RequestStatus:
        return self.target or RequestStatus(source)

    def fits(self, service: str) -> bool:
        return Service(service) in self.services
