"""The Celery application. Queues: default (mail, timers), harvest (catalogue runs), index (the single index writer)."""

from __future__ import annotations

import os

from celery import Celery
from celery.signals import setup_logging
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "network_portal.settings")

app = Celery("network_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.steps["worker"].add(DjangoStructLogInitStep)
app.autodiscover_tasks()
app.autodiscover_tasks(related_name="tasks_index")


@setup_logging.connect
def keep_portal_logging(**_kwargs: object) -> None:
    """Celery would replace the portal's logging; connecting a receiver leaves it as settings.LOGGING has it."""
