"""A step of the workflow as a button. Used by rows, cards and pages."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from loans.models import Request
from loans.workflow.vocabulary import Form, Side, Step


@dataclass(frozen=True)
class Button:
    """A step as a button: `direct` ones are posted at once, the others lead to a page that asks something."""

    action: str
    label: str
    url: str
    direct: bool
    danger: bool = False
    primary: bool = False


def button_of(step: Step, request: Request, *, primary: bool = False) -> Button:
    label = str(step.label)
    if step.side is Side.PATRON and request.patron_id is None and request.reader_name:
        label = _("For the reader: %(step)s") % {"step": label}
    return Button(
        action=step.action, label=label, direct=step.form is Form.NONE, danger=step.danger, primary=primary,
        url=reverse("loans:request_action", args=[request.number, step.action]),
    )  # fmt: skip
