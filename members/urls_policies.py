"""Addresses below /members/<code>/policies/."""

from __future__ import annotations

from django.urls import path

from members.views import policies

urlpatterns = [
    path("", policies.policies, name="policies"),
    path("service/<str:service>/", policies.policy_edit, name="policy_edit"),
    path("<str:part>/new/", policies.part_new, name="policy_part_new"),
    path("<str:part>/<int:pk>/", policies.part_edit, name="policy_part"),
    path("<str:part>/<int:pk>/remove/", policies.part_remove, name="policy_part_remove"),
]
