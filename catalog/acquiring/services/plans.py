"""What a library says of buying a title: plan, change, take back; and what becomes of it by itself."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.acquiring.choices import OPEN_PLANS, PlanState
from catalog.acquiring.numbers import isbn_of, wanted_key, words_of
from catalog.models import Edition, Holding, PurchasePlan, WantedTitle
from members.models import Library
from members.permissions import Capability, require
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation

MARKS = (PlanState.PLANNED, PlanState.ORDERED, PlanState.BOUGHT, PlanState.CANNOT)


@dataclass(frozen=True)
class Subject:
    """What is to be bought: an edition, or a title that no catalogue has."""

    edition: Edition | None = None
    title: str = ""
    author: str = ""
    isbn: str = ""

    @property
    def key(self) -> str:
        return wanted_key(
            edition_id=self.edition.pk if self.edition else None, title=self.title, author=self.author, isbn=self.isbn
        )  # fmt: skip


@dataclass(frozen=True)
class Mark:
    """What the form says."""

    state: str = PlanState.PLANNED
    copies: int = 1
    expected_on: date | None = None
    price: Decimal | None = None
    note: str = ""


def subject_of_wanted(wanted: WantedTitle) -> Subject:
    return Subject(wanted.edition, wanted.title, wanted.author, wanted.isbn)


@transaction.atomic
def plan_mark(*, subject: Subject, mark: Mark, actor: Actor) -> PurchasePlan:
    """Say it for the own library; said twice, it is one plan. RuleViolation (no_library, no_title, state_unknown)."""
    require(actor, Capability.ACQUIRE)
    library = _library(actor)
    if subject.edition is None and not (words_of(subject.title) or isbn_of(subject.isbn)):
        raise RuleViolation("no_title", _("Enter a title or an ISBN."))
    if mark.state not in MARKS:
        raise RuleViolation("state_unknown", _("Choose what your library does."))
    said = PurchasePlan.objects.select_for_update().filter(library=library, key=subject.key)
    known = said.filter(state__in=OPEN_PLANS).first()
    # "We can't" is no open plan, but saying it again, or changing one's mind, goes on with it.
    known = known or said.filter(state=PlanState.CANNOT).order_by("-pk").first()
    if known is not None:
        return _change(known, mark, actor)
    row = PurchasePlan(
        library=library, key=subject.key, edition=subject.edition,
        title=(subject.edition.full_title if subject.edition else subject.title or subject.isbn)[:1000],
        author=(subject.edition.author if subject.edition else subject.author)[:300], isbn=isbn_of(subject.isbn),
        had=copies_of(library.pk, subject.edition), **asdict(mark),
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # the same click came a moment before
        return _change(said.get(state__in=OPEN_PLANS), mark, actor)
    audit.record("catalog.purchase.marked", actor=actor, target=row, data=_told(row))
    return row


@transaction.atomic
def plan_change(*, plan: PurchasePlan, mark: Mark, actor: Actor) -> PurchasePlan:
    """RuleViolation (plan_over, state_unknown)."""
    require(actor, Capability.ACQUIRE)
    row = PurchasePlan.objects.select_for_update().get(pk=plan.pk)
    if row.state in (PlanState.HELD, PlanState.WITHDRAWN):
        raise RuleViolation("plan_over", _("This plan is over. Make a new one."))
    if mark.state not in MARKS:
        raise RuleViolation("state_unknown", _("Choose what your library does."))
    return _change(row, mark, actor)


@transaction.atomic
def plan_undo(*, plan: PurchasePlan, actor: Actor) -> PurchasePlan:
    """Take the last mark back; of a new plan: the plan itself. Taking back twice is once."""
    require(actor, Capability.ACQUIRE)
    row = PurchasePlan.objects.select_for_update().get(pk=plan.pk)
    if row.state == PlanState.WITHDRAWN:
        return row
    if row.state == PlanState.HELD:
        raise RuleViolation("plan_over", _("The catalogue has the title already."))
    if row.previous:
        _put(row, _from_json(row.previous))
        row.previous = None
    else:
        row.state = PlanState.WITHDRAWN
    row.save()
    audit.record("catalog.purchase.undone", actor=actor, target=row, data=_told(row))
    return row


@transaction.atomic
def plan_withdraw(*, plan: PurchasePlan, actor: Actor) -> PurchasePlan:
    """The library buys it no more. RuleViolation (plan_over) once the book is there."""
    require(actor, Capability.ACQUIRE)
    row = PurchasePlan.objects.select_for_update().get(pk=plan.pk)
    if row.state == PlanState.HELD:
        raise RuleViolation("plan_over", _("The catalogue has the title already."))
    if row.state != PlanState.WITHDRAWN:
        row.previous, row.state = None, PlanState.WITHDRAWN
        row.save()
        audit.record("catalog.purchase.withdrawn", actor=actor, target=row, data=_told(row))
    return row


def copies_of(library_id: int, edition: Edition | None) -> int:
    held = (
        Holding.objects.filter(library_id=library_id, edition=edition) if edition else Holding.objects.none()
    )
    return held.aggregate(n=Sum("item_count"))["n"] or 0


def _library(actor: Actor) -> Library:
    library = Library.objects.filter(pk=actor.library_id or 0).first()
    if library is None:
        raise RuleViolation("no_library", _("Choose the library you work for first."))
    return library


def _change(row: PurchasePlan, mark: Mark, actor: Actor) -> PurchasePlan:
    before = Mark(**{name.name: getattr(row, name.name) for name in fields(Mark)})
    if before != mark:
        row.previous = _as_json(before)
        _put(row, mark)
        row.save()
        audit.record("catalog.purchase.changed", actor=actor, target=row, data=_told(row))
    return row


def _put(row: PurchasePlan, mark: Mark) -> None:
    for name, value in asdict(mark).items():
        setattr(row, name, value)


def _as_json(mark: Mark) -> dict[str, Any]:
    encode = DjangoJSONEncoder().default
    return {
        name: encode(value) if isinstance(value, date | Decimal) else value
        for name, value in asdict(mark).items()
    }


def _from_json(values: dict[str, Any]) -> Mark:
    day, price = values["expected_on"], values["price"]
    told = {
        "expected_on": date.fromisoformat(day) if day else None,
        "price": Decimal(price) if price else None,
    }
    return Mark(**{**values, **told})


def _told(row: PurchasePlan) -> dict[str, Any]:
    return {
        "state": str(row.state), "copies": row.copies, "until": row.expected_on.isoformat() if row.expected_on else "–",
        "at": timezone.now().isoformat(timespec="seconds"),
    }  # fmt: skip
