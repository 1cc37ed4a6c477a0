"""The help page that tells how a request goes, from the same table that the engine runs on."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from loans.workflow.states import STATES
from loans.workflow.steps import STEPS
from loans.workflow.vocabulary import Side


def workflow(request: HttpRequest) -> HttpResponse:
    sides = {
        Side.PATRON: _("the reader"),
        Side.REQUESTING: _("the reader's library"),
        Side.SUPPLYING: _("the lending library"),
        Side.COORDINATOR: _("the coordinator of the network"),
        Side.PORTAL: _("the portal itself"),
        Side.NONE: "–",
    }
    rows = [
        {"state": state, "who": sides[state.side], "steps": [step for step in STEPS if code in step.sources]}
        for code, state in STATES.items()
    ]
    return render(request, "loans/help_workflow.html", {"rows": rows})
