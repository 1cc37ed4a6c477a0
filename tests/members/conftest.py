"""Two libraries, a reader, staff: the people whom most tests of this folder meet."""

from __future__ import annotations

from typing import Any

import pytest

from members.choices import Role
from members.models import Library, User
from tests.members.world import make_library, make_member


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    """The real hasher is slow on purpose; these tests are about who may log in, not about hashing."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def bandung(db: None) -> Library:
    return make_library("BANDUNG", name="Perpustakaan Kota Bandung", email="meja@bandung.example")


@pytest.fixture
def makassar(db: None) -> Library:
    return make_library("MAKASSAR", name="Perpustakaan Kota Makassar", city="Makassar")


@pytest.fixture
def librarian(bandung: Library) -> User:
    return make_member("dewi@bandung.example", bandung, Role.LIBRARIAN, name="Dewi")


@pytest.fixture
def manager(bandung: Library) -> User:
    return make_member("made@bandung.example", bandung, Role.MANAGER, name="Made")


@pytest.fixture
def stranger(makassar: Library) -> User:
    """Manager of another library: holds every capability of a library, but not of this one."""
    return make_member("andi@makassar.example", makassar, Role.MANAGER, name="Andi")


@pytest.fixture
def coordinator(makassar: Library) -> User:
    return make_member("sri@jaringan.example", makassar, Role.COORDINATOR, name="Sri")
