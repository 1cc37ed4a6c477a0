"""What pages of programmes print: facts, rows, files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import StreamingHttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.learning import selectors
from members.learning.certificates import hours_of
from members.learning.figures import LibraryFigures
from members.learning.times import local
from members.models import Programme, Registration
from network_portal.core.amounts import money_told
from network_portal.core.csv_file import csv_answer


def programme_facts(programme: Programme, *, inside: bool) -> list[tuple[str, Any]]:
    """`inside`: whoever has a place, or gives the programme, also reads the online address."""
    last = selectors.last_day(programme)
    online = programme.online_url if inside else _("yes; the address is shown to those who have a place")
    return [
        (_("Kind"), programme.get_kind_display()),
        (_("For whom"), programme.audience),
        (_("Speakers"), programme.speakers),
        (_("Language"), programme.get_language_display()),
        (_("Where"), programme.place),
        (_("Online"), online if programme.online_url else ""),
        (_("Number of places"), places_told(programme)),
        (_("Fee"), fee_told(programme)),
        (_("Who may register"), programme.role_labels),
        (_("Last day to register"), date_format(last, "j F Y") if last and programme.is_open else ""),
    ]


def fee_told(programme: Programme) -> str:
    if not programme.fee:
        return _("free of charge")
    return money_told(programme.currency, programme.fee)


def places_told(programme: Programme) -> str:
    """“12 of 20 taken, 3 wait”. Reads what selectors.programmes_all counted."""
    taken, waiting = getattr(programme, "taken", 0), getattr(programme, "waiting", 0)
    if programme.places is None:
        return ngettext("%(n)s person registered", "%(n)s people registered", taken) % {"n": taken}
    told = _("%(taken)s of %(places)s taken") % {"taken": taken, "places": programme.places}
    return told + (", " + _("%(n)s waiting") % {"n": waiting} if waiting else "")


def programmes_csv(found: Iterable[Programme]) -> StreamingHttpResponse:
    header = [_("Title"), _("Kind"), _("State"), _("Host"), _("From"), _("Until"), _("Where"), _("Language"),
              _("Fee"), _("Number of places"), _("Registered"), _("Waiting")]  # fmt: skip
    rows = (
        [one.title, one.get_kind_display(), one.get_status_display(), one.host.name, _moment(one, "first_at"),
         _moment(one, "last_at"), one.place, one.get_language_display(), one.fee, one.places or "",
         getattr(one, "taken", ""), getattr(one, "waiting", "")]
        for one in found
    )  # fmt: skip
    return csv_answer("programmes", header, rows)


def people_csv(programme: Programme, people: Iterable[Registration]) -> StreamingHttpResponse:
    header = [_("Name"), _("E-mail"), _("Library"), _("State"), _("Hours"), _("Certificate")]
    rows = (
        [str(one.user or _("erased")), one.user.email if one.user else "", one.library.name,
         one.get_status_display(), hours_of(one), one.certificate.code if hasattr(one, "certificate") else ""]
        for one in people
    )  # fmt: skip
    return csv_answer(f"programme-{programme.pk}", header, rows)


def figures_csv(year: int, rows: Iterable[LibraryFigures]) -> StreamingHttpResponse:
    header = [_("Library"), _("People"), _("Programmes attended"), _("Hours learned"), _("Programmes given"),
              _("Hours given")]  # fmt: skip
    body = (
        [row.library.name, row.people, row.programmes, row.hours, row.given, row.hours_given] for row in rows
    )
    return csv_answer(f"learning-{year}", header, body)


def _moment(programme: Programme, name: str) -> str:
    at = getattr(programme, name, None)
    return f"{local(programme, at):%Y-%m-%d %H:%M}" if at else ""
