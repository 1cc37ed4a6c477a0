"""The coordinator's desk of a guided network, and its rules."""

from __future__ import annotations

from django.urls import path

from loans.views import coordinator_rules as rules
from loans.views import queues

urlpatterns = [
    path("desk/", queues.queue_desk, name="queue_desk"),
    path("desk/rules/", rules.desk_rules, name="desk_rules"),
    path("desk/rules/<slug:code>/new/", rules.desk_rule_new, name="desk_rule_new"),
    path("desk/rules/<int:pk>/", rules.desk_rule, name="desk_rule"),
    path("desk/rules/<int:pk>/move/", rules.desk_rule_move, name="desk_rule_move"),
]
