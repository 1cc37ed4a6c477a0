"""Licences that collecting societies (LMK) and rights holders offer: where one is listed, a copy is paid for."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from loans.copyright.identifiers import tidy_identifier
from loans.models import LicenceOffer
from members.permissions import Capability, require
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation


@transaction.atomic
def offer_save(*, actor: Actor, offer: LicenceOffer | None = None, **fields: Any) -> LicenceOffer:
    """Add or change an offer. Raises PermissionDenied, RuleViolation offer_twice."""
    require(actor, Capability.NETWORK_MANAGE)
    row = offer or LicenceOffer()
    for name, value in fields.items():
        setattr(row, name, value)
    row.identifier = tidy_identifier(row.kind, row.identifier)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise RuleViolation(
            "offer_twice", _("There is an offer for this already. Please change that one.")
        ) from None
    audit.record("loans.copyright.offer_saved", actor=actor, target=row, data={"identifier": row.identifier})
    return row


@transaction.atomic
def offer_remove(*, offer: LicenceOffer, actor: Actor) -> None:
    """Decisions that rest on it keep its words. Raises PermissionDenied."""
    require(actor, Capability.NETWORK_MANAGE)
    audit.record(
        "loans.copyright.offer_removed", actor=actor, target=offer, data={"identifier": offer.identifier}
    )
    offer.delete()
