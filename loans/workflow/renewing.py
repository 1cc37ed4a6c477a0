"""May a loan be made longer, until when, and does it need anybody's yes? Pure over rows already read or two queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from loans.choices import Service
from loans.models import Request, SupplyAttempt
from loans.netsettings import RENEW_DAYS, RENEWALS
from members.models import LibraryPolicy


@dataclass(frozen=True)
class Renewal:
    allowed: bool
    by_rule: bool = False  # nobody need be asked: both sides have said so in advance
    new_due: date | None = None
    code: str = ""
    why: str = ""


def renew_decide(attempt: SupplyAttempt, request: Request) -> Renewal:
    """The supplier's rule says how often and how long; by rule only where it and the network allow it."""
    policy = LibraryPolicy.objects.filter(library_id=attempt.supplier_id, service=Service.LOAN).first()
    most = policy.renewals_max if policy else RENEWALS.now()
    if attempt.recalled_on is not None:
        return Renewal(False, code="recalled", why=_("The library that lends it needs it back."))
    if request.renewals >= most:
        return Renewal(
            False,
            code="too_many_renewals",
            why=_("It cannot be made longer more than %(count)s times.") % {"count": most},
        )
    if attempt.due_on is None:
        return Renewal(False, code="no_due_date", why=_("There is no due date yet."))
    longer = attempt.due_on + timedelta(days=policy.renew_days if policy else RENEW_DAYS.now())
    both = bool(policy and policy.auto_renew and (request.network is None or request.network.auto_renew))
    return Renewal(True, by_rule=both, new_due=longer, why="" if both else _("The lending library is asked."))
