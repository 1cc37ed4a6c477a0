"""The portal itself: settings, addresses, pages, and the rooms that belong to no single domain."""

from network_portal.celery import app as celery_app

__all__ = ["celery_app"]
