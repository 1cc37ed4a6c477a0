"""The portal as an ASGI application; production uses wsgi.py."""

from __future__ import annotations

import os

import django
from django.core.asgi import get_asgi_application
from django.urls import get_resolver

from network_portal.checks import refuse_unsafe_start

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "network_portal.settings")
django.setup()
refuse_unsafe_start()
application = get_asgi_application()
_ = get_resolver().url_patterns  # loads every view now, not with the first visitor's request
