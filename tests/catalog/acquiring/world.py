"""Two libraries in one province and one elsewhere, with their catalogues loaded from real files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils import timezone

from catalog.models import Edition, Source, SourceRecord
from loans.models import Request
from members.choices import MembershipStatus, Role
from members.models import Library, Membership, User
from members.working import working_of
from network_portal.core.actor import Actor
from tests.catalog.building import library, load, marc, source, write

ISBNS = ("9786020331607", "9789793062792", "9786024246945")


@dataclass
class World:
    """`near` and `own` stand in West Java, `far` in Bali. Editions by name: `alone` is own's alone."""

    own: Library
    near: Library
    far: Library
    sources: dict[str, Source]
    staff: dict[str, User]
    folder: Path

    def actor(self, who: str) -> Actor:
        return working_of(self.staff[who]).actor

    def edition(self, who: str, identifier: str) -> Edition:
        record = SourceRecord.objects.select_related("edition").get(
            source=self.sources[who], identifier=identifier
        )
        assert record.edition is not None
        return record.edition

    def load(self, who: str, *records: bytes) -> None:
        load(
            self.sources[who], write(self.folder, *records, name=f"{who}-{SourceRecord.objects.count()}.mrc")
        )


def person(role: Role, of: Library) -> User:
    """One of each role a library; without a password, whose hashing would be most of a test's time."""
    email = f"{role}@{of.short_code.lower()}.example"
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email, None, name=f"{role} {of.short_code}", language="id")
        Membership.objects.create(user=user, library=of, role=role, status=MembershipStatus.CONFIRMED)
    return user


def make_world(folder: Path) -> World:
    own = library("OWN", province="Jawa Barat", email="meja@own.example")
    near = library("NEAR", province="Jawa Barat", email="meja@near.example")
    far = library("FAR", province="Bali", city="Denpasar", email="meja@far.example")
    by_name = {"own": own, "near": near, "far": far}
    world = World(
        own, near, far, {name: source(of) for name, of in by_name.items()},
        {name: person(Role.LIBRARIAN, of) for name, of in by_name.items()}, folder,
    )  # fmt: skip
    alone = marc("A1", "Mantri Jero dan kisah lain", author="Memed, R.", year=1928, call="899 MEM")
    bali = marc(
        "B1", "Hikayat Lontar Klungkung", author="Putra, I.", year=1990, isbn=ISBNS[0], call="499 PUT"
    )
    both = marc("C1", "Kamus Tari Topeng", author="Sari, D.", year=2001, isbn=ISBNS[1], call="793 SAR")
    world.load("own", alone, bali, both)
    world.load("far", bali, both)
    world.load("near", both)
    return world


def failed_request(of: Library, number: str, **values: Any) -> Request:
    """A request that nobody could fill."""
    now = timezone.now()
    values = {"patron": person(Role.PATRON, of), **values}
    return Request.objects.create(
        number=number, status="unfilled", outcome="unfilled", closed_at=now, owner_side="none", requesting_library=of,
        **values,
    )  # fmt: skip
