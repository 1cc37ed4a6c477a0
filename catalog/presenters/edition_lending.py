"""What a library's terms come to for one title, in sentences: on the record page beside each holder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.choices import ItemStatus
from catalog.models import Edition, Holding
from catalog.selectors.lending import Terms
from members.models import Library
from members.presenters_policies import cost_words


@dataclass(frozen=True)
class Lending:
    """`refusal`: why it can't lend at all, "" where it can. `wait`: why not at once. Else only the terms."""

    refusal: str = ""
    wait: str = ""
    terms: str = ""

    @property
    def tone(self) -> str:
        return "stop" if self.refusal else "attention" if self.wait else ""


def lending_of(
    edition: Edition, library: Library, holdings: Sequence[Holding], terms: Terms, due: datetime | None
) -> Lending:
    """`due`: when the first lent copy is to come back, where the library said so."""
    refusal = _refusal(edition, library, holdings, terms)
    if refusal:
        return Lending(refusal=refusal)
    wait = _wait(holdings, terms, due)
    return Lending(wait=wait, terms=_terms(library, terms, with_days=not wait))


def _refusal(edition: Edition, library: Library, holdings: Sequence[Holding], terms: Terms) -> str:
    """The first thing that stands in the way, in the order in which requests are sent (loans.routing.eligibility)."""
    if not library.is_active:
        return _("Lends nothing at the moment: its membership is suspended.")
    if terms.paused:
        return _paused(terms.paused_until)
    if not library.lends or not terms.policy.supplies:
        return _("Does not lend to other libraries.")
    statuses = {holding.status for holding in holdings}
    if statuses <= {ItemStatus.REFERENCE}:
        return _("Only to be read there; it is not lent.")
    if statuses <= {ItemStatus.REFERENCE, ItemStatus.UNAVAILABLE}:
        return _("The library can't hand it out: lost, being mended or not in use.")
    if terms.policy.lends_formats and edition.format not in terms.policy.lends_formats:
        return _("Does not lend this kind of material to other libraries.")
    if terms.apart == "never_ask":
        return _("Your library does not borrow from it.")
    if terms.apart == "never_serve":
        return _("Does not lend to your library.")
    return ""


def _paused(until: date | None) -> str:
    if until is None:
        return _("Takes no part in lending at the moment.")
    return _("Takes no part in lending until %(day)s.") % {"day": short_day(until)}


def _wait(holdings: Sequence[Holding], terms: Terms, due: datetime | None) -> str:
    if terms.arrives is None:
        return _("Closed at the moment.")
    if terms.opens:
        return _("Closed until %(day)s.") % {"day": short_day(terms.opens)}
    lendable = [held for held in holdings if held.can_be_lent]
    if any(held.available_count or held.status in WAITS_FOR_NOBODY for held in lendable):
        return ""
    if due is None:
        return _("Nothing on the shelf: all copies are lent out.")
    day = timezone.localdate(due)
    words = _("Nothing on the shelf; the first copy was due back on %(day)s.")
    if day >= timezone.localdate():
        words = _("Nothing on the shelf; the first copy is due back on %(day)s.")
    return words % {"day": short_day(day)}


# A copy of which nobody knows whether it is there may be asked for like one that is.
WAITS_FOR_NOBODY = (ItemStatus.AVAILABLE, ItemStatus.UNKNOWN)


def _terms(library: Library, terms: Terms, *, with_days: bool) -> str:
    """ "Lends for 28 days, free of charge; with you in about 6 days." """
    facts = {"days": library.loan_days, "cost": cost_words(terms.policy)}
    lends = (
        ngettext("Lends for %(days)s day, %(cost)s", "Lends for %(days)s days, %(cost)s", library.loan_days)
        % facts
    )
    if not with_days or terms.arrives is None:
        return f"{lends}."
    away = max(1, (terms.arrives - timezone.localdate()).days)
    arrives = ngettext("with you in about %(n)s day", "with you in about %(n)s days", away) % {"n": away}
    return f"{lends}; {arrives}."


def short_day(day: date) -> str:
    """The year only where it is not this one; never broken over two lines."""
    shape = "j M" if day.year == timezone.localdate().year else "j M Y"
    return date_format(day, shape).replace(" ", "\N{NO-BREAK SPACE}")
