"""Handing work to the workers by a task's name: who asks for it need not know the module that carries it out.

Tasks call services, and services ask for tasks: by name, imports point one way. A name that no task bears fails a test.
"""

from __future__ import annotations

from typing import Any

from celery import current_app


def task_send(name: str, *values: Any, retry: bool = False, **options: Any) -> None:
    """Put the task at the end of its queue (CELERY_TASK_ROUTES). `options`: those of Celery, as countdown in seconds.

    Raises kombu.exceptions.OperationalError where the queue can't be reached; with `retry` after a few tries.
    """
    current_app.send_task(name, args=values, retry=retry, **options)
