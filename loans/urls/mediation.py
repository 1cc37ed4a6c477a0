"""A library's rules of what goes out without a look."""

from __future__ import annotations

from django.urls import path

from loans.views import mediation

urlpatterns = [
    path("rules/mediation/", mediation.mediation_rules, name="mediation_rules"),
    path("rules/mediation/new/", mediation.mediation_new, name="mediation_new"),
    path("rules/mediation/<int:pk>/", mediation.mediation_rule, name="mediation_rule"),
]
