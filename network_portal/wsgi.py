"""The portal as a WSGI application, as gunicorn loads it; it refuses to start with unsafe settings."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from network_portal.checks import refuse_unsafe_start

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "network_portal.settings")
application = get_wsgi_application()
refuse_unsafe_start()
