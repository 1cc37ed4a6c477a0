"""Values of changes of a library's membership."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class StandingKind(models.TextChoices):
    SUSPENDED = "suspended", _("The library was suspended.")
    LEAVING = "leaving", _("The library is leaving the network.")
    LEFT = "left", _("The library has left the network.")
    STAYS = "stays", _("The library stays after all.")
    RETURNED = "returned", _("The library takes part again.")
