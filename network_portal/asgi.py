"""The portal as an ASGI application; production uses wsgi.py."""

from __future__ import annotations

import os

from django.core.asgi import get_asgi_application

from network_portal.checks import refuse_unsafe_start

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "network_portal.settings")
application = get_asgi_application()
refuse_unsafe_start()
