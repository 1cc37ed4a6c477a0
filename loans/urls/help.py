"""The workflow, explained."""

from __future__ import annotations

from django.urls import path

from loans.views import help_workflow

urlpatterns = [
    path("help/workflow/", help_workflow.workflow, name="help_workflow"),
]
