"""May this reader ask now? Membership run out, blocked by the library, or at a limit of their category."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loans.choices import OPEN_STATUSES, RequestStatus, Service
from loans.intake.keys import patron_key
from loans.models import Request
from members.choices import BlockKind, MembershipStatus, Role
from members.models import Membership, PatronCategory

# What never went out does not count against a year's or a day's number.
NOT_COUNTED = (RequestStatus.REFUSED, RequestStatus.CANCELLED)


@dataclass(frozen=True)
class Standing:
    allowed: bool
    code: str = "ok"  # expired, blocked, not_loans, not_copies, limit_active, limit_year, limit_day
    reason: str = ""  # one sentence for the reader
    until: date | None = None  # the first day on which it would be allowed; None where nobody can say

    @property
    def sentence(self) -> str:
        """The reason, and until when."""
        if self.until is None:
            return self.reason
        return f"{self.reason} {_('From %(day)s on you can ask again.') % {'day': _day(self.until)}}"


def membership_of(user_id: int | None, library_id: int | None) -> Membership | None:
    """The confirmed membership by which somebody asks: as a reader, or as one of the staff."""
    if user_id is None or library_id is None:
        return None
    rows = Membership.objects.filter(
        user_id=user_id, library_id=library_id, status=MembershipStatus.CONFIRMED
    )
    found = sorted(
        rows.select_related("library", "category"), key=lambda row: (row.role != Role.PATRON, row.pk)
    )
    return found[0] if found else None


def patron_standing(membership: Membership, service: str = Service.LOAN) -> Standing:
    """What stands in the way of one more request, the first thing only; nothing for most readers.

    The days are those of the library's own zone. At most one counting query per limit that is set.
    """
    today = timezone.localdate(timezone=ZoneInfo(membership.library.time_zone))
    return (
        _expired(membership, today)
        or _blocked(membership)
        or _limited(membership, membership.category, str(service), today)
        or Standing(True)
    )


def _expired(membership: Membership, today: date) -> Standing | None:
    ends = membership.expires_on
    if ends is None or ends >= today:
        return None
    told = _("Your membership at %(library)s ran out on %(day)s. Please renew it at the library.")
    return Standing(False, "expired", told % {"library": membership.library.name, "day": _day(ends)})


def _blocked(membership: Membership) -> Standing | None:
    if membership.blocked_at is None:
        return None
    told = _("%(library)s does not take requests from you at the moment: %(reason)s.") % {
        "library": membership.library.name,
        "reason": membership.block_note.rstrip(".") or BlockKind(membership.block_kind).label.lower(),
    }
    return Standing(False, "blocked", f"{told} {_('Please ask at the library.')}")


def _limited(
    membership: Membership, category: PatronCategory | None, service: str, today: date
) -> Standing | None:
    if category is None:
        return None
    if service == Service.LOAN and not category.may_loan:
        return Standing(
            False, "not_loans", _("%(category)s cannot ask for loans.") % {"category": category.name}
        )
    if service == Service.COPY and not category.may_copy:
        return Standing(
            False, "not_copies", _("%(category)s cannot ask for copies.") % {"category": category.name}
        )
    mine = requests_of(membership)
    return (
        _active(mine, category.max_active)
        or _since(membership, mine, category.max_per_year, date(today.year, 1, 1), date(today.year + 1, 1, 1))
        or _since(membership, mine, category.max_per_day, today, today + timedelta(days=1))
    )


def _active(mine: QuerySet[Request], limit: int | None) -> Standing | None:
    if limit is None or mine.filter(status__in=OPEN_STATUSES).count() < limit:
        return None
    told = ngettext(
        "You may have %(count)s request open at a time. You can ask again when it is finished.",
        "You may have %(count)s requests open at a time. You can ask again when one of them is finished.",
        limit,
    )
    return Standing(False, "limit_active", told % {"count": limit})


def _since(
    membership: Membership, mine: QuerySet[Request], limit: int | None, first: date, until: date
) -> Standing | None:
    start = datetime.combine(first, time.min, ZoneInfo(membership.library.time_zone))
    if limit is None or mine.exclude(status__in=NOT_COUNTED).filter(created_at__gte=start).count() < limit:
        return None
    if until - first == timedelta(days=1):
        told = ngettext(
            "You may send %(count)s request a day.", "You may send %(count)s requests a day.", limit
        )
        return Standing(False, "limit_day", told % {"count": limit}, until)
    told = ngettext(
        "You may send %(count)s request a year.", "You may send %(count)s requests a year.", limit
    )
    return Standing(False, "limit_year", told % {"count": limit}, until)


def requests_of(membership: Membership) -> QuerySet[Request]:
    """The reader's requests at the library, those included whose name is forgotten already: counters survive that."""
    mine = Q(patron_id=membership.user_id) | Q(
        patron_id=None, patron_key=patron_key(membership.library, membership.user_id)
    )
    return Request.objects.filter(mine, requesting_library_id=membership.library_id)


def standing_at(user_id: int | None, library_id: int | None, service: str = Service.LOAN) -> Standing:
    """As patron_standing; allowed where there is no membership, which other checks tell better."""
    membership = membership_of(user_id, library_id)
    return patron_standing(membership, service) if membership is not None else Standing(True)


def _day(value: date) -> str:
    return date_format(value, "j F Y")
