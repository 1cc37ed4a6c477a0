"""The key by which a reader is counted after their name is forgotten."""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings

from members.models import Library


def reader_key(library: Library, name: str, contact: str) -> str:
    """The same for a reader without an account, by the name and address that the desk wrote down."""
    told = f"loans.reader:{library.pk}:{name.casefold()}:{contact.casefold()}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), told, hashlib.sha256).hexdigest()


def patron_key(library: Library, user_id: int) -> str:
    """A keyed hash: the same for the same reader at the same library, and of no use without the portal's secret."""
    told = f"loans.patron:{library.pk}:{user_id}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), told, hashlib.sha256).hexdigest()
