"""Requests between libraries: workflow, routing, attempts, messages."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LoansConfig(AppConfig):
    name = "loans"
    verbose_name = _("Requests")

    def ready(self) -> None:
        from loans import audit_codes, rooms, tasks_copies, tasks_figures, tasks_money, tasks_routing  # noqa: F401
        from loans.services import recalendar
        from loans.workflow import checks
        from members.services.calendars import CALENDAR_CHANGED
        from network_portal.core import events

        rooms.connect()
        events.subscribe(CALENDAR_CHANGED, recalendar.news)
        checks.validate()
        audit_codes.register_all()
