"""Sentences of the balance: what a saving stands on, and what keeps a library from giving too much."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from loans.balance.limits import Limit, limits_of
from loans.balance.model import Assumption
from loans.choices.balance import BoughtKind
from loans.figures.tables import words
from members.models import Library


def assumption_words(one: Assumption) -> str:
    """ "Book: IDR 120.000, said by the network since 1 January 2026 (average of invoices)"."""
    values = {
        "kind": BoughtKind(one.kind).label, "currency": one.currency, "amount": words(int(one.amount), "count"),
        "day": date_format(one.since, "j F Y") if one.since else "", "reason": one.reason,
    }  # fmt: skip
    if one.said_by == "library":
        return (
            _("%(kind)s: %(currency)s %(amount)s, said by the library from %(day)s on: %(reason)s") % values
        )
    if one.said_by == "network":
        return (
            _("%(kind)s: %(currency)s %(amount)s, said by the network from %(day)s on: %(reason)s") % values
        )
    return (
        _("%(kind)s: %(currency)s %(amount)s, a round number to begin with; nobody has said better") % values
    )


def limits_words(library: Library) -> list[tuple[str, str]]:
    """(tone, sentence) of each limit that the library set; those that hold first."""
    return [(one.tone, limit_words(one)) for one in limits_of(library)]


def limit_words(one: Limit) -> str:
    values = {"service": str(one.service).lower(), "count": one.count, "most": one.most}
    if one.code == "deficit":
        if one.reached:
            return (
                _(
                    "Paused (%(service)s): it gave %(count)s more than it received, and its limit is %(most)s. "
                    "Requests reach it again by themselves once others have given back."
                )
                % values
            )
        return _("%(service)s: gave %(count)s more than it received; it pauses above %(most)s.") % values
    if one.code == "open":
        if one.reached:
            return (
                _("Full (%(service)s): %(count)s at a time of %(most)s; the next comes when one is done.")
                % values
            )
        return _("%(service)s: %(count)s at a time of %(most)s.") % values
    if one.reached:
        return {
            "week": _(
                "Paused (%(service)s): %(count)s of %(most)s in the last seven days; it goes on by itself."
            ),
            "month": _(
                "Paused (%(service)s): %(count)s of %(most)s in the last thirty days; it goes on by itself."
            ),
        }[one.code] % values
    return {
        "week": _("%(service)s: %(count)s of %(most)s in the last seven days."),
        "month": _("%(service)s: %(count)s of %(most)s in the last thirty days."),
    }[one.code] % values
