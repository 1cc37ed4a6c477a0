"""A request, the suppliers tried for it, what happened, and what the libraries wrote to each other."""

from loans.models.attempts import SupplyAttempt
from loans.models.history import Message, RequestEvent
from loans.models.requests import Request, RequestCounter

__all__ = ["Message", "Request", "RequestCounter", "RequestEvent", "SupplyAttempt"]
