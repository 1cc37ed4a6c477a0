"""Whoever a request is for: oneself, a reader of the own library, or somebody without an account."""

from __future__ import annotations

from dataclasses import dataclass

from loans.intake.keys import patron_key, reader_key
from loans.intake.limits import Standing, membership_of, patron_standing
from members.models import Library, Membership, PatronCategory, User


@dataclass(frozen=True)
class Asker:
    """Either `user` with the membership by which they ask, or a `name` with an address to reach them by."""

    library: Library
    user: User | None = None
    membership: Membership | None = None
    name: str = ""
    contact: str = ""

    @classmethod
    def by_account(cls, user: User, library: Library) -> Asker:
        return cls(library, user, membership_of(user.pk, library.pk))

    @classmethod
    def by_name(cls, name: str, contact: str, library: Library) -> Asker:
        return cls(library, name=" ".join(name.split())[:150], contact=" ".join(contact.split())[:150])

    def __str__(self) -> str:
        return str(self.user) if self.user is not None else self.name

    @property
    def user_id(self) -> int | None:
        return self.user.pk if self.user is not None else None

    @property
    def key(self) -> str:
        """By which the reader is counted, and asking twice is noticed."""
        if self.user is not None:
            return patron_key(self.library, self.user.pk)
        return reader_key(self.library, self.name, self.contact)

    @property
    def category(self) -> PatronCategory | None:
        return self.membership.category if self.membership is not None else None

    def standing(self, service: str) -> Standing:
        """Limits and blocks belong to accounts; for anybody else the desk answers."""
        return patron_standing(self.membership, service) if self.membership is not None else Standing(True)
