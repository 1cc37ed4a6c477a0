"""Libraries, people, which person is what at which library, and the rules networks and libraries set themselves."""

from members.models.agreement import Agreement, AgreementAcceptance, AgreementVersion
from members.models.agreement_answers import AgreementNotice, AgreementRefusal
from members.models.calendar import ClosedDay, WorkingHours
from members.models.importing import PatronImport, PatronImportRow
from members.models.joining import FirstStep, JoinApplication, JoinWord
from members.models.knowledge import KnowledgeItem, KnowledgeVersion
from members.models.learning import (
    Attendance,
    CalendarKey,
    Certificate,
    Evaluation,
    Internship,
    InternshipNote,
    LearningRule,
    Programme,
    ProgrammeSession,
    Registration,
)
from members.models.library import Library
from members.models.network import (
    DoNotRoute,
    ExchangeRate,
    Network,
    NetworkLink,
    NetworkMember,
    TransitTime,
)
from members.models.network_history import NetworkDraft, NetworkVersion
from members.models.news import Announcement, NetworkPage, NewsMailStop, NewsRead
from members.models.people import Membership, User
from members.models.policy import (
    AgreementParty,
    AgreementTerm,
    FeeRule,
    LibraryPolicy,
    PatronCategory,
    PickupPoint,
)
from members.models.privacy import ErasureRequest
from members.models.questions import Answer, Expert, PostEdit, PostReport, Question, Subscription
from members.models.signin import SignInBinding, SignInCategory, SignInProvider
from members.models.standing import StandingChange

__all__ = [
    "Agreement",
    "AgreementAcceptance",
    "AgreementNotice",
    "AgreementParty",
    "AgreementRefusal",
    "AgreementTerm",
    "AgreementVersion",
    "Announcement",
    "Answer",
    "Attendance",
    "CalendarKey",
    "Certificate",
    "ClosedDay",
    "DoNotRoute",
    "ErasureRequest",
    "Evaluation",
    "ExchangeRate",
    "Expert",
    "FeeRule",
    "FirstStep",
    "Internship",
    "InternshipNote",
    "JoinApplication",
    "JoinWord",
    "KnowledgeItem",
    "KnowledgeVersion",
    "LearningRule",
    "Library",
    "LibraryPolicy",
    "Membership",
    "Network",
    "NetworkDraft",
    "NetworkLink",
    "NetworkMember",
    "NetworkPage",
    "NetworkVersion",
    "NewsMailStop",
    "NewsRead",
    "PatronCategory",
    "PatronImport",
    "PatronImportRow",
    "PickupPoint",
    "PostEdit",
    "PostReport",
    "Programme",
    "ProgrammeSession",
    "Question",
    "Registration",
    "SignInBinding",
    "SignInCategory",
    "SignInProvider",
    "StandingChange",
    "Subscription",
    "TransitTime",
    "User",
    "WorkingHours",
]
