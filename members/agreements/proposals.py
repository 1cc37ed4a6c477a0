"""Agreements that a library's manager writes: for two libraries, for a group, or for a whole network to be approved."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.agreements import letters, services
from members.choices import AgreementScope, Role
from members.models import AgreementVersion, Library, Network
from members.permissions import Capability, require
from members.selectors.agreements import is_member_of, may_write, version_locked
from members.selectors.libraries import library_of
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import Conflict, RuleViolation


@transaction.atomic
def agreement_propose(
    *,
    actor: Actor,
    name: str,
    scope: str,
    network: Network | None = None,
    libraries: Iterable[Library] = (),
    **words: Any,
) -> AgreementVersion:
    """A draft in the name of the manager's own library, which always is a party.

    PermissionDenied for who is not a manager; RuleViolation `not_a_party` for a network it is no member of.
    """
    require(actor, Capability.LIBRARY_EDIT)
    if actor.role != Role.MANAGER:
        raise RuleViolation("not_a_party", _("Only a manager of a library that takes part can decide this."))
    own = library_of(actor)
    if scope == AgreementScope.NETWORK and not is_member_of(network, own):
        raise RuleViolation("not_a_party", _("Your library is no member of this network."))
    parties = list({one.pk: one for one in (own, *libraries)}.values())
    made = services.agreement_create(
        actor=actor, name=name, scope=scope, network=network, libraries=parties, **words
    )
    made.agreement.proposed_by = own
    made.agreement.save(update_fields=["proposed_by"])
    return made


@transaction.atomic
def proposal_send(*, version: AgreementVersion, actor: Actor) -> AgreementVersion:
    """Put the draft before its parties, with the own library's yes, and tell the coordinators.

    What binds a whole network goes to the coordinators first; it is they who publish it. Pressed again: nothing.
    Raises what `version_publish` raises; RuleViolation `not_a_party` for another library's draft.
    """
    row = version_locked(version)
    if not may_write(row.agreement, actor):
        raise RuleViolation("not_a_party", _("Only a manager of a library that takes part can decide this."))
    if row.is_published or row.proposed_at is not None:
        return row
    if not row.is_draft:
        raise Conflict(
            "not_a_draft", _("The agreement was changed meanwhile. Look again; nothing was changed.")
        )
    if row.agreement.scope == AgreementScope.NETWORK:
        services.version_check(row)
        row.proposed_at = timezone.now()
        row.save(update_fields=["proposed_at"])
        audit.record(
            "members.agreement.proposed", actor=actor, target=row.agreement, data={"number": row.number}
        )
    else:
        row = services.version_publish(version=row, actor=actor)
        services.version_accept(version=row, library=library_of(actor), actor=actor)
    letters.proposed(row, actor)
    return row
