"""The secret that a library shares with its sign-in server, as the database keeps it: encrypted, never shown again."""

from __future__ import annotations

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.encoding import force_bytes

from members.signin.faults import SignInFault

PURPOSE = b"jejaring: secrets of sign-in servers, 1"


def seal(secret: str) -> str:
    return _box().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """Raises SignInFault `secret_unreadable` after the portal's SECRET_KEY was changed."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise SignInFault("secret_unreadable") from None


def _box() -> MultiFernet:
    """The newest key writes; older ones named in SECRET_KEY_FALLBACKS still read."""
    return MultiFernet(_key(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


def _key(secret_key: str | bytes) -> Fernet:
    """A key of its own for this purpose (RFC 5869), so that no other use of SECRET_KEY can open what is sealed here."""
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(force_bytes(secret_key))
    return Fernet(urlsafe_b64encode(derived))
