"""Libraries, people, and which person is what at which library."""

from members.models.library import Library
from members.models.people import Membership, User

__all__ = ["Library", "Membership", "User"]
