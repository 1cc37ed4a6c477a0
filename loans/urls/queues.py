"""What waits for a library, or in the network."""

from __future__ import annotations

from django.urls import path

from loans.views import queues

urlpatterns = [
    path("queue/requesting/", queues.queue_requesting, name="queue_requesting"),
    path("queue/supplying/", queues.queue_supplying, name="queue_supplying"),
    path("queue/network/", queues.queue_network, name="queue_network"),
]
