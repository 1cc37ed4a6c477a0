"""Addresses of a source's normalisation rules."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from catalog.views import rules as views

urlpatterns: list[URLPattern | URLResolver] = [
    path("sources/<int:pk>/rules/", views.source_rules, name="source_rules"),
    path("sources/<int:pk>/rules/apply/", views.source_rules_apply, name="source_rules_apply"),
    path("sources/<int:pk>/rules/new/<slug:do>/", views.source_rule_new, name="source_rule_new"),
    path("sources/<int:pk>/rules/<int:place>/", views.source_rule, name="source_rule"),
    path("sources/<int:pk>/rules/<int:place>/change/", views.source_rule_change, name="source_rule_change"),
]
