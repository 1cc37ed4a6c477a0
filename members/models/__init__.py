"""Libraries, people, which person is what at which library, and the rules networks and libraries set themselves."""

from members.models.calendar import ClosedDay, WorkingHours
from members.models.library import Library
from members.models.network import (
    DoNotRoute,
    ExchangeRate,
    Network,
    NetworkLink,
    NetworkMember,
    TransitTime,
)
from members.models.people import Membership, User
from members.models.policy import (
    AgreementParty,
    AgreementTerm,
    FeeRule,
    LibraryPolicy,
    PatronCategory,
    PickupPoint,
)

__all__ = [
    "AgreementParty",
    "AgreementTerm",
    "ClosedDay",
    "DoNotRoute",
    "ExchangeRate",
    "FeeRule",
    "Library",
    "LibraryPolicy",
    "Membership",
    "Network",
    "NetworkLink",
    "NetworkMember",
    "PatronCategory",
    "PickupPoint",
    "TransitTime",
    "User",
    "WorkingHours",
]
