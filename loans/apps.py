"""Requests between libraries: workflow, routing, attempts, messages."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LoansConfig(AppConfig):
    name = "loans"
    verbose_name = _("Requests")

    def ready(self) -> None:
        from catalog.acquiring import feeds
        from catalog.selectors import lending, usage
        from loans import (  # noqa: F401
            audit_codes,
            netsettings,
            rooms,
            tasks_balance,
            tasks_copies,
            tasks_figures,
            tasks_modelling,
            tasks_money,
            tasks_routing,
        )
        from loans.acquiring import asked_by_crowds, asked_in_vain, requested_editions
        from loans.personal import declare
        from loans.selectors.agreements import requests_touched
        from loans.selectors.answer_times import answer_hours
        from loans.selectors.asked_for import asked_for
        from loans.selectors.standing import open_business, open_counts
        from loans.services import recalendar
        from loans.workflow import checks
        from members.agreements.touched import finder_register
        from members.services.calendars import CALENDAR_CHANGED
        from members.standing.open_business import finder_register as items_register
        from network_portal.core import events

        declare()
        rooms.connect()
        lending.ANSWER_HOURS[:] = [answer_hours]
        usage.REQUESTS[:] = [asked_for]
        feeds.FEEDS += [asked_in_vain, asked_by_crowds]
        feeds.REQUESTED[:] = [requested_editions]
        finder_register(requests_touched)
        items_register(open_business, open_counts)
        events.subscribe(CALENDAR_CHANGED, recalendar.news)
        checks.validate()
        audit_codes.register_all()
