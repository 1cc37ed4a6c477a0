"""A library that has prepared its own sign-in. It is off: no server stands behind an address that ends with .example.

build.py calls it.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.crypto import get_random_string

from members.models import Library, SignInProvider, User
from members.signin.services import provider_save
from members.working import working_of

CODE = "PARAHITA"
MANAGER = "manajer@perpus-bandung.example"


def ensure_sign_in(libraries: Mapping[str, Library]) -> int:
    """How many libraries prepared one; none a second time."""
    library = libraries[CODE]
    if SignInProvider.objects.filter(library=library).exists():
        return 0
    provider_save(
        library=library, actor=working_of(User.objects.get(email=MANAGER), channel="command").actor,
        secret=get_random_string(40), issuer="https://masuk.parahita.example/realms/kampus",
        client_id="jejaring", claim_card="nim", claim_category="jenis",
    )  # fmt: skip
    return 1
