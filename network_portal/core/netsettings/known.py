"""Every decision that was declared, by its code, and the parts of the page they stand in."""

from __future__ import annotations

from typing import Any, Protocol

from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from network_portal.core import audit

AUDIT = "core.setting."
_known: dict[str, Any] = {}


class Area(models.TextChoices):
    PORTAL = "portal", _("The portal")
    NETWORKS = "networks", _("Networks and how requests travel")
    MEMBERS = "members", _("Joining and agreements")
    PEOPLE = "people", _("People and signing in")
    LENDING = "lending", _("Lending")
    COPIES = "copies", _("Copies and copyright")
    MONEY = "money", _("Money")
    CALENDAR = "calendar", _("Closed days")
    CATALOGUE = "catalogue", _("Catalogue and search")
    SERVER = "server", _("Set on the server")


class Declared(Protocol):
    """What is asked of a decision here; the kinds know the rest."""

    @property
    def code(self) -> str: ...
    @property
    def label(self) -> Any: ...


def declare(decision: Declared) -> None:
    """Make it known, with its sentence for the audit trail. Raises ValueError for a code that is taken."""
    if decision.code in _known:
        raise ValueError(f"network setting {decision.code!r} is declared twice")
    _known[decision.code] = decision
    audit.register(
        f"{AUDIT}{decision.code}",
        format_lazy("{label}: {change}", label=decision.label, change=_("%(now)s instead of %(was)s.")),
    )


def all_decisions() -> list[Any]:
    return list(_known.values())


def decision_of(code: str) -> Any:
    """None where nothing of that code was declared."""
    return _known.get(code)
