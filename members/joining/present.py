"""What pages about an application print."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from members.choices import LibraryStatus
from members.choices_joining import ApplicationStatus
from members.joining.checklist import Checklist, checklist_of
from members.models import JoinApplication, Library
from members.permissions import Capability
from members.selectors.joining import Double, doubles_of, joined_by_application
from members.selectors.libraries import library_of
from network_portal.core.actor import Actor


def applicant_facts(row: JoinApplication) -> list[tuple[str, Any]]:
    """What the library told about itself; empty answers are left out by the page."""
    place = ", ".join(part for part in (row.address, row.city, row.province) if part)
    contact = ", ".join(part for part in (row.contact_name, row.contact_role) if part)
    return [
        (_("Type"), row.get_library_type_display()),
        ("ISIL", row.isil),
        (_("Address"), place),
        (_("Website"), row.website),
        (_("Contact"), contact),
        (_("E-mail"), row.contact_email),
        (_("Telephone"), row.contact_phone),
        (_("Language"), row.get_language_display()),
        (_("The catalogue is kept with"), row.get_system_display()),
        (_("About how many titles"), row.titles),
        (_("Can give"), row.offers),
        (_("Needs"), row.needs),
    ]


def applicant_timeline(row: JoinApplication) -> list[dict[str, Any]]:
    """Sent, confirmed, decided: each with its day, what is awaited marked."""
    steps = [_step(row.created_at, _("The application was sent."), "past")]
    if row.confirmed_at is None:
        return [*steps, _step(None, _("We wait until the address is confirmed."), "now")]
    steps.append(_step(row.confirmed_at, _("The address was confirmed."), "past"))
    if row.status == ApplicationStatus.ASKED:
        return [*steps, _step(None, _("We asked a question and wait for the answer."), "now")]
    if row.decided_at is None:
        return [*steps, _step(None, _("A coordinator reads the application."), "now")]
    decided = {
        ApplicationStatus.ACCEPTED: _("The library was accepted."),
        ApplicationStatus.REFUSED: _("The application was refused."),
        ApplicationStatus.WITHDRAWN: _("The library took its application back."),
    }[ApplicationStatus(row.status)]
    return [*steps, _step(row.decided_at, decided, "past")]


def _step(at: Any, text: str, state: str) -> dict[str, Any]:
    return {"at": at, "text": text, "state": state}


@dataclass(frozen=True)
class Same:
    double: Double
    words: str


def doubles_told(row: JoinApplication) -> list[Same]:
    """What may be the same library, with what agrees in words."""
    names = {"isil": "ISIL", "name": _("name and city"), "address": _("address"), "email": _("e-mail")}
    return [Same(one, ", ".join(str(names[fact]) for fact in one.same)) for one in doubles_of(row)]


def is_twice(row: JoinApplication) -> bool:
    """Another application looks like one of the same library: both sides should know before anybody decides."""
    return row.is_open and any(double.application for double in doubles_of(row))


def checklist_for(actor: Actor) -> Checklist | None:
    """The first steps of the library that somebody manages, as long as one is open and it is new."""
    if not actor.can(Capability.LIBRARY_EDIT) or actor.library_id is None:
        return None
    library = library_of(actor)
    if library.status != LibraryStatus.PROSPECTIVE and not joined_by_application(library):
        return None
    checklist = checklist_of(library)
    return None if checklist.is_complete and library.is_active else checklist


def leads_to_first_steps(actor: Actor) -> bool:
    """A manager of a library that is joining has these to do before all else."""
    if not actor.can(Capability.LIBRARY_EDIT) or actor.library_id is None:
        return False
    return library_of(actor).status == LibraryStatus.PROSPECTIVE


def progress_of(library: Library | None) -> Checklist | None:
    return checklist_of(library) if library is not None else None


def csv_header() -> list[str]:
    return [_("Library"), _("City"), _("Type"), _("State"), _("Sent"), _("Confirmed"), _("Decided"),
            _("Contact"), _("E-mail"), _("Telephone"), _("The catalogue is kept with")]  # fmt: skip


def csv_rows(rows: Iterable[JoinApplication]) -> Iterator[list[object]]:
    for row in rows:
        yield [row.name, row.city, row.get_library_type_display(), row.get_status_display(), _day(row.created_at),
               _day(row.confirmed_at), _day(row.decided_at), row.contact_name, row.contact_email,
               row.contact_phone, row.get_system_display()]  # fmt: skip


def _day(at: Any) -> str:
    return timezone.localtime(at).date().isoformat() if at else ""
