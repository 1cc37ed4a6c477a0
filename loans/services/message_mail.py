"""The mail that tells a library's desk of a message. Called by message_send alone."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from loans.models import Message, Request, SupplyAttempt
from loans.workflow.mails import staff_of
from members.models import Library
from network_portal.core.actor import Actor
from network_portal.core.mail import mail_queue


def tell(
    message: Message, request: Request, attempt: SupplyAttempt | None, receiver: Library, actor: Actor
) -> None:
    """Mail the receiver's desk. It names the writing library alone: in a guided network the two ends of a request do
    not learn each other's names from a mail."""
    loan = {
        "number": request.number, "title": request.title, "author": request.citation.get("author", ""),
        "year": request.citation.get("year", ""),
        "library": actor.library_name, "supplier": actor.library_name,
    }  # fmt: skip
    for recipient in staff_of(receiver):
        mail_queue(
            template="loan_message", to=recipient, actor=actor, library_id=receiver.pk, target=request,
            context={
                "loan": loan, "body": message.body, "from_name": actor.library_name,
                "page_url": settings.PORTAL_URL + reverse("loans:request_messages", args=[request.number]),
            },
            dedupe_key=f"loan_message:{request.pk}:message-{message.pk}:{recipient.email}",
        )  # fmt: skip
