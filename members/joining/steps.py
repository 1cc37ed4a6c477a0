"""The first steps that lie in this app. catalog adds the source and its records; members.apps loads this file."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.joining import checklist as look
from members.joining.checklist import SEARCH, Step, at, steps_register

steps_register(
    (
        Step(
            "details", 10, _("Complete the library's page"),
            _("Address, e-mail and its place on the map."), look.details_done, at("members:library_edit"),
            needed=True,
        ),
        Step(
            "hours", 20, _("Enter working hours"),
            _("Time limits count only while you are open."), look.hours_done, at("members:library_calendar"),
        ),
        Step(
            "policies", 30, _("Say what you lend and copy"),
            _("For how long, how much, and what it costs."), look.policies_done, at("members:policies"),
        ),
        Step(
            "agreement", 60, _("Accept the agreement"),
            _("Its terms count between the libraries that have accepted it."), look.agreement_done,
            lambda _library: reverse("members:agreements"),
        ),
        Step(
            "staff", 70, _("Invite a colleague"),
            _("So that requests are answered when you are away."), look.staff_done, at("members:staff"),
        ),
        Step(
            SEARCH, 80, _("Search for one of your own titles"),
            _("The button opens the joint catalogue with what your library holds."), look.search_done,
            at("members:first_search"), press=True,
        ),
    )
)  # fmt: skip
