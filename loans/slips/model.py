"""A slip as data: what stands on paper about one copy on its way. The reader's name is never part of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import override

from loans.choices import AttemptStatus, LoanCondition
from loans.models import CourierBag, SupplyAttempt
from loans.services.addressing import ends_seen, forwards, parcel_to
from members.models import Library
from network_portal.core.actor import Actor
from network_portal.core.barcodes import code128_svg, qr_svg


@dataclass(frozen=True)
class Address:
    name: str
    code: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Slip:
    number: str
    title: str
    author: str
    year: str
    isbn: str
    location: str
    call_number: str
    barcode: str
    lender: Address
    borrower: Address
    going_back: bool  # printed by the borrowing library, for the way home
    due_on: date | None
    needed_by: date | None
    tracking: str
    note: str
    conditions: list[str] = field(default_factory=list)
    next_stop: Address | None = (
        None  # where the two ends do not see each other: the parcel passes their coordinators
    )
    passed_on_by: Address | None = None  # the coordinator that sends it on
    language: str = ""  # of whoever gets the parcel
    pickup: str = ""  # where in the borrowing library the reader collects it
    url: str = ""
    number_code: SafeString = field(default_factory=SafeString)
    item_code: SafeString = field(default_factory=SafeString)
    qr: SafeString = field(default_factory=SafeString)

    @property
    def to(self) -> Address:
        return self.next_stop or (self.lender if self.going_back else self.borrower)

    @property
    def sender(self) -> Address:
        return self.passed_on_by or (self.borrower if self.going_back else self.lender)


@dataclass(frozen=True)
class Bag:
    """All that goes to one library in one bag."""

    to: Address
    sender: Address
    slips: list[Slip]

    @property
    def language(self) -> str:
        return self.slips[0].language


def address_of(library: Library) -> Address:
    place = " ".join(filter(None, (library.city, library.province)))
    return Address(
        library.name, library.short_code, tuple(filter(None, (library.address, place, library.phone)))
    )


def slip_of(attempt: SupplyAttempt, actor: Actor) -> Slip:
    """What is printed about one attempt, for the side of it that the actor's library is on.

    A coordinator whose hub is opaque prints for the next stretch: its paper names itself and the next stop alone.
    """
    request, here = attempt.request, actor.library_id
    url = settings.PORTAL_URL + reverse("loans:request", args=[request.number])
    passes = forwards(request, attempt, here)
    going_back = here == request.requesting_library_id or (
        passes and attempt.status == AttemptStatus.SENT_BACK
    )
    end = attempt.supplier if going_back else request.requesting_library
    first = parcel_to(request, attempt, going_back=going_back, here=here)
    between = Library.objects.get(pk=here or 0) if passes else None
    ends = ends_seen(request, attempt, here)
    lender, borrower = ends.supplier or attempt.supplier, ends.borrower
    language = first.language or settings.LANGUAGE_CODE
    at_home = request.requesting_library_id in (here, first.pk)  # nobody else learns where a reader collects
    if between is not None:
        lender, borrower = (first, between) if going_back else (between, first)
    return Slip(
        number=request.number,
        title=request.title,
        author=str(request.citation.get("author", "")),
        year=str(request.citation.get("year") or ""),
        isbn=", ".join(request.citation.get("isbn") or []),
        location=attempt.location,
        call_number=attempt.call_number,
        barcode=attempt.barcode,
        lender=address_of(lender),
        borrower=address_of(borrower),
        going_back=going_back,
        next_stop=address_of(first) if first.pk != end.pk else None,
        passed_on_by=address_of(between) if between is not None else None,
        due_on=attempt.due_on,
        needed_by=request.needed_by,
        tracking=attempt.tracking,
        note="" if between is not None else attempt.note,
        conditions=_conditions(attempt, language),
        language=language,
        pickup=request.pickup_point.name if request.pickup_point is not None and at_home else "",
        url=url,
        number_code=code128_svg(request.number),
        item_code=code128_svg(attempt.barcode),
        qr=qr_svg(url, _("Opens request %(number)s") % {"number": request.number}),
    )


def _conditions(attempt: SupplyAttempt, language: str) -> list[str]:
    with override(language):
        return [str(LoanCondition(code).label) for code in attempt.conditions if code in LoanCondition.values]


def bag_code(pk: int) -> dict[str, Any]:
    """A bag's own label: its code as Code 128, and the address of its page as QR, for whoever opens it."""
    bag = CourierBag.objects.get(pk=pk)
    url = settings.PORTAL_URL + reverse("loans:bag", args=[pk])
    return {
        "bag": bag,
        "bars": code128_svg(bag.code),
        "qr": qr_svg(url, _("Opens bag %(code)s") % {"code": bag.code}),
    }


def in_shelf_order(slips: Iterable[Slip]) -> list[Slip]:
    """As one walks along the shelves: by place, then by call number, then by title."""
    return sorted(
        slips, key=lambda slip: (slip.location.casefold(), shelf_key(slip.call_number), slip.title.casefold())
    )


def shelf_key(call_number: str) -> tuple[tuple[str, int, str], ...]:
    """Call numbers compared as shelves are: letters, the whole number by value, its decimals digit by digit.

    So 899.2 stands before 899.21 (Dewey), and QA8 before QA76.9 (Library of Congress).
    """
    parts = re.findall(r"([^\W\d]*)\W*?(\d*)(?:\.(\d+))?(?:\W+|$|(?=[^\W\d]))", call_number)
    return tuple(
        (letters.casefold(), int(whole or 0), decimals)
        for letters, whole, decimals in parts
        if letters or whole
    )


def bags_of(slips: Iterable[Slip]) -> list[Bag]:
    """One packing list per library that something goes to, in the order of their names."""
    by_library: dict[str, list[Slip]] = {}
    for slip in slips:
        by_library.setdefault(slip.to.code, []).append(slip)
    bags = [Bag(to=found[0].to, sender=found[0].sender, slips=found) for found in by_library.values()]
    return sorted(bags, key=lambda bag: bag.to.name.casefold())
