"""The other lists of the requests' tables: flags, levels, files, money."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from members.choices import ServiceLevel


class Level(models.TextChoices):
    """How fast it must go; the values are those of members.choices.ServiceLevel."""

    NORMAL = ServiceLevel.NORMAL.value, _("Normal")
    RUSH = ServiceLevel.RUSH.value, _("Rush")
    EXPRESS = ServiceLevel.EXPRESS.value, _("Express")


class Genre(models.TextChoices):
    BOOK = "book", _("Book")
    ARTICLE = "article", _("Article")
    CHAPTER = "chapter", _("Chapter")
    THESIS = "thesis", _("Thesis")
    OTHER = "other", _("Other")


class RequestOrigin(models.TextChoices):
    """How a request came in."""

    RECORD = "record", _("From the catalogue")
    BLANK = "blank", _("Typed in by the reader")
    OPENURL = "openurl", _("By a link from another site")
    STAFF = "staff", _("By the library's staff")


class Purpose(models.TextChoices):
    """What a copy is for: copyright law asks."""

    EDUCATION = "education", _("Teaching or learning")
    RESEARCH = "research", _("Research")
    PRIVATE_STUDY = "private_study", _("Private study")
    OTHER = "other", _("Something else")


class Cause(models.TextChoices):
    """Who or what made a step happen."""

    USER = "user", _("A person")
    TIMER = "timer", _("The clock")
    RULE = "rule", _("A rule")
    PEER = "peer", _("Another network")


class AskMode(models.TextChoices):
    """How a supplier was asked."""

    SEQ = "seq", _("One after the other")
    PAR = "par", _("Several at once")
    CLAIM = "claim", _("Shown to all")
    OFFERS = "offers", _("Shown to all, to the best placed of the willing")
    RING = "ring", _("Round the ring")
    ASSIGNED = "assigned", _("Named by the coordinator")


class FlagKind(models.TextChoices):
    """What is open beside a request's state."""

    OVERDUE = "overdue", _("Overdue")
    RECALLED = "recalled", _("Asked back")
    RENEW_ASKED = "renew_asked", _("Longer loan asked for")
    CANCEL_ASKED = "cancel_asked", _("Cancelling asked for")
    COST_ASKED = "cost_asked", _("Price to agree to")
    LOST = "lost", _("Missing")
    DAMAGED = "damaged", _("Damaged")
    COST_DISPUTED = "cost_disputed", _("Costs disputed")


class DamageKind(models.TextChoices):
    WORN = "worn", _("Worn")
    WET = "wet", _("Wet")
    TORN = "torn", _("Torn")
    MISSING_PARTS = "missing_parts", _("Parts are missing")
    OTHER = "other", _("Other")


class MessageKind(models.TextChoices):
    LIBRARY = "library", _("To the other library")
    INTERNAL = "internal", _("Note for the own staff")
    PATRON = "patron", _("To the reader")


class CoordinatorEffect(models.TextChoices):
    RELEASE = "release", _("Let it through")
    REFUSE = "refuse", _("Refuse it")
    HOLD = "hold", _("Keep it for the coordinator")


class MediationEffect(models.TextChoices):
    AUTO = "auto", _("Send it on without a look")
    STAFF = "staff", _("A librarian looks at it")


class Way(models.TextChoices):
    """From a network's members out, or from another network in."""

    OUT = "out", _("Going out")
    IN = "in", _("Coming in")


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("Not released yet")
    AVAILABLE = "available", _("Ready to collect")
    USED_UP = "used_up", _("Looked at as often as allowed")
    EXPIRED = "expired", _("Not collected in time")
    REVOKED = "revoked", _("Taken back")
    PURGED = "purged", _("Deleted")


class FileCheck(models.TextChoices):
    PENDING = "pending", _("Being checked")
    OK = "ok", _("In order")
    REFUSED = "refused", _("Refused")


class FileKind(models.TextChoices):
    PDF = "pdf", "PDF"
    TIFF = "tiff", "TIFF"
    JPEG = "jpeg", "JPEG"


class UploadState(models.TextChoices):
    OPEN = "open", _("Being sent")
    DONE = "done", _("Complete")
    FAILED = "failed", _("Refused")


class QualityFault(models.TextChoices):
    """Why a scan has to be made again."""

    MISSING_PAGES = "missing_pages", _("Pages are missing")
    UNREADABLE = "unreadable", _("Hard to read")
    WRONG_ITEM = "wrong_item", _("Not what was asked for")
    CUT_OFF = "cut_off", _("Edges are cut off")
    OTHER = "other", _("Other")


class RuleOutcome(models.TextChoices):
    """What a copyright rule says of a copy."""

    ALLOW = "allow", _("Allowed")
    WARN = "warn", _("Allowed, with a notice")
    PAY = "pay", _("Allowed for a fee")
    BLOCK = "block", _("Not allowed")


class LicenceKind(models.TextChoices):
    ISSN = "issn", "ISSN"
    ISBN = "isbn", "ISBN"
    PUBLISHER = "publisher", _("Publisher")
    TITLE = "title", _("Title")


class ChargeKind(models.TextChoices):
    SUPPLY = "supply", _("Supply")
    POSTAGE = "postage", _("Postage")
    COPY = "copy", _("Copy")
    OVERDUE = "overdue", _("Overdue")
    REPLACEMENT = "replacement", _("Replacement")
    REFUND = "refund", _("Refund")
    ADJUSTMENT = "adjustment", _("Adjustment")
    LICENCE = "licence", _("Licence fee")
    HANDLING = "handling", _("Handling")


class ChargeState(models.TextChoices):
    QUOTED = "quoted", _("Quoted")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")
    DUE = "due", _("Due")
    SETTLED = "settled", _("Settled")
    WAIVED = "waived", _("Waived")


class StatementState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SENT = "sent", _("Sent")
    AGREED = "agreed", _("Agreed")
    DISPUTED = "disputed", _("Disputed")
    SETTLED = "settled", _("Settled")


class PrintKind(models.TextChoices):
    PULL = "pull", _("Pull slip")
    STRAP = "strap", _("Book strap")
    LABEL = "label", _("Address label")
    BAG = "bag", _("Packing list")
