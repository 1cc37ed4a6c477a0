"""The help page that tells how a request goes, from the same table that the engine runs on."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from loans.workflow.states import STATES
from loans.workflow.steps import STEPS


def workflow(request: HttpRequest) -> HttpResponse:
    rows = [(state, [step for step in STEPS if code in step.sources]) for code, state in STATES.items()]
    return render(request, "loans/help_workflow.html", {"rows": rows})
