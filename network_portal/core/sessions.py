"""Django's sessions in the cache and the database, as long as the network decided."""

from __future__ import annotations

from django.contrib.sessions.backends.cached_db import SessionStore as CachedStore

from network_portal.core.netsettings.portal import SESSION_HOURS


class SessionStore(CachedStore):
    cache_key_prefix = CachedStore.cache_key_prefix

    def get_session_cookie_age(self) -> int:
        return SESSION_HOURS.now() * 3600
