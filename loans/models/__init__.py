"""A request, the suppliers tried for it, what happened, what was written, scanned, decided and charged."""

from loans.models.attempts import SupplyAttempt
from loans.models.balance import AssumedPrice, ExchangeMonth, LibraryMonth, LimitNotice, YearReport
from loans.models.copyright import CopyrightDecision, CopyrightRuleSet, DeclarationText, LicenceOffer
from loans.models.delivery import DeclarationAcceptance, Delivery, DeliveryView, ScanFile, UploadSession
from loans.models.desk import CourierBag, Handling, PrintJob
from loans.models.figures import KeptFigures
from loans.models.flags import RequestFlag
from loans.models.history import Message, RequestEvent
from loans.models.money import Charge, Statement
from loans.models.notices import DeskNotice
from loans.models.requests import Request, RequestCounter
from loans.models.routing import PairBalance, RingCursor, RingToken, RoutingPlan, SupplierStats
from loans.models.rules import CoordinatorRule, MediationRule, MessageTemplate, SavedView

__all__ = [
    "AssumedPrice",
    "Charge",
    "CoordinatorRule",
    "CopyrightDecision",
    "CopyrightRuleSet",
    "CourierBag",
    "DeclarationAcceptance",
    "DeclarationText",
    "Delivery",
    "DeliveryView",
    "DeskNotice",
    "ExchangeMonth",
    "Handling",
    "KeptFigures",
    "LibraryMonth",
    "LicenceOffer",
    "LimitNotice",
    "MediationRule",
    "Message",
    "MessageTemplate",
    "PairBalance",
    "PrintJob",
    "Request",
    "RequestCounter",
    "RequestEvent",
    "RequestFlag",
    "RingCursor",
    "RingToken",
    "RoutingPlan",
    "SavedView",
    "ScanFile",
    "Statement",
    "SupplierStats",
    "SupplyAttempt",
    "UploadSession",
    "YearReport",
]
