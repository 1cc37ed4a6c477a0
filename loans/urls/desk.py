"""The loan desk beside its queues: scanning, many at once, saved views, what is new, message templates."""

from __future__ import annotations

from django.urls import path

from loans.views import bags, bulk, inbox, messages, queues, saved, scan

urlpatterns = [
    path("queue/scan/", scan.queue_scan, name="queue_scan"),
    path("queue/bulk/", bulk.queue_bulk, name="queue_bulk"),
    path("queue/<slug:queue>/new/", queues.queue_new, name="queue_new"),
    path("queue/<slug:queue>/views/", saved.queue_views, name="queue_views"),
    path("queue/views/<int:pk>/remove/", saved.queue_view_remove, name="queue_view_remove"),
    path("bags/", bags.bags, name="bags"),
    path("bags/<int:pk>/", bags.bag, name="bag"),
    path("bags/<int:pk>/<slug:what>/", bags.bag_do, name="bag_do"),
    path("queue/messages/", inbox.inbox, name="inbox"),
    path("templates/messages/", messages.message_templates, name="message_templates"),
    path("templates/messages/<int:pk>/", messages.message_template, name="message_template"),
]
