"""Values about imports of readers and about erasing personal data: value, label and tone together."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportState(models.TextChoices):
    DRAFT = "draft", _("Being prepared")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")

    @property
    def tone(self) -> str:
        return {"draft": "info", "running": "info", "done": "ok", "undoing": "info", "undone": "plain"}[
            self.value
        ]


class RowOutcome(models.TextChoices):
    CREATED = "created", _("new")
    UPDATED = "updated", _("changed")
    REFUSED = "refused", _("not taken over")


class ColumnKind(models.TextChoices):
    """What a column of the file can mean; the others are left out."""

    EMAIL = "email", _("E-mail")
    NAME = "name", _("Name")
    FIRST_NAME = "first_name", _("First name")
    LAST_NAME = "last_name", _("Last name")
    PHONE = "phone", _("Telephone")
    CARD = "card_number", _("Library card number")
    CATEGORY = "category", _("Kind of reader")
    EXPIRES = "expires_on", _("Membership ends")


class Problem(models.TextChoices):
    """Why a row is not taken over, as the file of problems says it."""

    EMAIL_MISSING = "email_missing", _("The e-mail address is missing.")
    EMAIL_WRONG = "email_wrong", _("This is no e-mail address.")
    FORMULA = "formula", _("A cell holds a formula instead of a value.")
    TOO_LONG = "too_long", _("A cell is longer than the portal can keep.")
    DATE_WRONG = "date_wrong", _("The date can't be read: write 2027-12-31 or 31/12/2027.")
    CATEGORY_UNKNOWN = "category_unknown", _("The library has no kind of reader with this name.")
    TWICE = "twice", _("The e-mail address or card number stands in an earlier row already.")
    CARD_SHARED = "card_shared", _("Several readers of the library have this card number.")
    CARD_OTHER = "card_other", _("This card number belongs to another reader than this e-mail address.")
    EMAIL_OTHER = (
        "email_other",
        _("The reader with this card number has another e-mail address; only they change it."),
    )
    ELSEWHERE = (
        "elsewhere",
        _(
            "Somebody with this address has an account, but is not your reader: they choose your library themselves."
        ),
    )


class ErasureState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    DONE = "done", _("Erased")
    CANCELLED = "cancelled", _("Cancelled")
