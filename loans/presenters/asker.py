"""The readers a librarian chooses from, and the line on every page of asking that says for whom it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from loans.choices import Service
from loans.intake.askers import Asker
from loans.intake.limits import Standing, patron_standing
from loans.selectors.askers import reader_of
from loans.selectors.offers import home_library
from members.models import Membership, User
from members.permissions import Capability
from network_portal.core.actor import Actor


@dataclass(frozen=True)
class AskerRow:
    membership: Membership
    facts: str
    standing: Standing  # of a loan, or of a copy where only copies may be asked for


def asker_rows(found: Iterable[Membership]) -> list[AskerRow]:
    """What stands in somebody's way is told before they are chosen."""
    return [
        AskerRow(
            row, " · ".join(filter(None, (row.card_number, row.user.email, row.category.name if row.category else ""))),
            _standing(row),
        )
        for row in found
    ]  # fmt: skip


def _standing(row: Membership) -> Standing:
    loans = patron_standing(row, Service.LOAN)
    return loans if loans.code != "not_loans" else patron_standing(row, Service.COPY)


def asker_in(draft: Mapping[str, Any], actor: Actor, user: User) -> Asker | None:
    """For whom the draft is: whoever is logged in, unless a librarian chose a reader of the own library."""
    library = home_library(actor.library_id)
    if library is None:
        return None
    if actor.can(Capability.REQUEST_MANAGE):
        if draft.get("reader_name"):
            return Asker.by_name(draft["reader_name"], draft.get("reader_contact", ""), library)
        if (membership := reader_of(actor, draft.get("reader"))) is not None:
            return Asker(library, membership.user, membership)
    return Asker.by_account(user, library)


def is_for_another(asker: Asker | None, actor: Actor) -> bool:
    return asker is not None and asker.user_id != actor.user_id


@dataclass(frozen=True)
class AskingFor:
    """“For Siti Aminah – change”: only staff see it, since readers ask for themselves alone."""

    name: str  # "" while it is for oneself
    change_url: str


def asking_for(asker: Asker | None, actor: Actor, key: str, edition_id: int | None) -> AskingFor | None:
    if not actor.can(Capability.REQUEST_MANAGE) or actor.library_id is None:
        return None
    query = "&".join(
        filter(None, (f"edition={edition_id}" if edition_id else "", f"draft={key}" if key else ""))
    )
    name = (
        _("%(name)s (without an account)") % {"name": asker.name}
        if asker is not None and asker.name
        else str(asker)
    )
    return AskingFor(
        name if is_for_another(asker, actor) else "",
        f"{reverse('loans:request_for_reader')}?{query}".rstrip("?"),
    )
