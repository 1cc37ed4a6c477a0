"""Kinds of things that libraries would have had to buy; what they are assumed to cost is loans.models.AssumedPrice."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class BoughtKind(models.TextChoices):
    ARTICLE = "article", _("Article or part of a book, as a copy")
    BOOK = "book", _("Book")
    SERIAL = "serial", _("Volume of a journal")
    MEDIA = "media", _("Audio, film or computer file")
    OTHER = "other", _("Other material")


class LimitLevel(models.TextChoices):
    NEAR = "near", _("Nearly reached")
    REACHED = "reached", _("Reached")
