"""What the account and library pages print, gathered from several places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.choices import STAFF_ROLES, MembershipStatus, Role
from members.models import Library, Membership
from members.permissions import ROLE_CAPABILITIES, Capability
from members.selectors.people import memberships_of
from members.working import Working


@dataclass(frozen=True)
class AccountOverview:
    facts: list[tuple[str, str]]
    reader_of: list[Membership]
    staff_of: list[Membership]
    refused: list[Membership]
    notice: str
    working: Working
    second_factor: bool


def account_overview(user: Any, working: Working) -> AccountOverview:
    """Everything on /account/; two queries."""
    rows = list(memberships_of(user))
    live = [m for m in rows if m.status in (MembershipStatus.PENDING, MembershipStatus.CONFIRMED)]
    living = {(m.library_id, m.role) for m in live}
    refused = [
        m for m in rows if m.status == MembershipStatus.REFUSED and (m.library_id, m.role) not in living
    ]
    return AccountOverview(
        facts=[
            (_("Name"), user.name or "–"),
            (_("E-mail"), user.email),
            (_("Telephone"), user.phone or "–"),
            (_("Language"), str(dict(settings.LANGUAGES).get(user.language, user.language))),
        ],
        reader_of=[m for m in live if m.role == Role.PATRON],
        staff_of=[m for m in live if m.role in STAFF_ROLES],
        refused=refused,
        notice=why_not_ask(working, has_refusal=bool(refused)),
        working=working,
        second_factor=any(getattr(m, "has_second_factor", False) for m in working.memberships),
    )


def why_not_ask(working: Working, *, has_refusal: bool = False) -> str:
    """Why this person cannot ask for books now, and what to do; empty when they can or are not logged in."""
    if not working.actor.is_authenticated or working.actor.can(Capability.REQUEST_CREATE):
        return ""
    current = working.current
    if current is not None and current.is_confirmed:
        return _why_confirmed_not(current)
    if working.waiting:
        return _(
            "%(library)s still has to confirm you. You get a mail then, and can ask for books. "
            "Until then, search as you like."
        ) % {"library": working.waiting[0].library.name}
    if has_refusal:
        return _(
            "Your library did not take you on as a reader. The reason stands below; you can ask another library."
        )
    return _("Choose your home library first: it brings you the books that you ask for.")


def _why_confirmed_not(current: Membership) -> str:
    if current.library.is_active:
        return ""  # a coordinator, or staff who must set up their second factor first: told elsewhere
    return _("%(library)s does not take part at the moment, so no new books can be asked for.") % {
        "library": current.library.name
    }


def lending_sentence(library: Library) -> str:
    """The library's lending terms as a person would say them."""
    if not library.is_active:
        return _("Does not lend to other libraries at the moment.")
    if not library.lends:
        return _("Borrows for its own readers, but does not lend to other libraries.")
    return ngettext(
        "Lends to the other members for %(days)s day.",
        "Lends to the other members for %(days)s days.",
        library.loan_days,
    ) % {"days": library.loan_days}


def library_facts(library: Library) -> list[tuple[str, str]]:
    """Plain facts of the public page; empty ones are left out."""
    place = ", ".join(part for part in (library.address, library.city, library.province) if part)
    rows = [
        (_("Type"), library.get_library_type_display()),
        (_("Address"), place),
        (_("Telephone"), library.phone),
        (_("Lending"), lending_sentence(library)),
        ("ISIL", library.isil or ""),
        (_("Code"), library.short_code),
        (_("Local time"), library.get_time_zone_display()),
    ]
    return [(label, value) for label, value in rows if value]


@dataclass(frozen=True)
class PermissionRow:
    sentence: str
    cells: list[tuple[str, bool]]


def permission_rows() -> list[PermissionRow]:
    """The capability table: one row each, with (role label, allowed) in the order of the roles."""
    return [
        PermissionRow(
            sentence=str(capability.label),
            cells=[(str(role.label), capability in ROLE_CAPABILITIES[role]) for role in Role],
        )
        for capability in Capability
    ]
