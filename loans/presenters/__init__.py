"""Many facts of a request, brought into the shape a page shows."""

from loans.presenters.offer import RequestOffer, request_offer

__all__ = ["RequestOffer", "request_offer"]
