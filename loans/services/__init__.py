"""Writing: opening requests and exchanging messages. Everything after that is a step of loans.workflow."""

from loans.services.messages import message_send, messages_mark_read
from loans.services.requests import request_submit

__all__ = ["message_send", "messages_mark_read", "request_submit"]
