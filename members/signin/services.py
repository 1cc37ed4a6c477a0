"""What a manager decides about the library's sign-in: settings, test, on and off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models import Library, PatronCategory, SignInCategory, SignInProvider
from members.signin.faults import OK, SignInFault
from members.signin.probe import probe
from members.signin.sealing import seal
from members.signin.selectors import provider_of, values_of
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation

# A change of one of these makes it another server: it is tested and turned on anew.
WHO_IT_IS = frozenset({"issuer", "client_id"})


@transaction.atomic
def provider_save(
    *,
    library: Library,
    actor: Actor,
    secret: str = "",
    values: Mapping[int, Iterable[str]] | None = None,
    **fields: Any,
) -> SignInProvider:
    """Write the settings. An empty `secret` leaves the stored one; `values` are category -> values of the claim.

    Another issuer or client turns the sign-in off until it has been tested. Raises ValidationError for values that
    the model refuses, RuleViolation `value_twice`, `other_library`.
    """
    Library.objects.select_for_update().get(pk=library.pk)
    provider = provider_of(library)
    changed = sorted(name for name, value in fields.items() if getattr(provider, name) != value)
    for name in changed:
        setattr(provider, name, fields[name])
    if secret:
        provider.sealed_secret = seal(secret)
        changed.append("secret")
    if changed:
        provider.fault, provider.fault_at, provider.fault_detail = "", None, ""
        provider.test_outcome, provider.tested_at, provider.test_detail = "", None, ""
    if WHO_IT_IS & set(changed):
        provider.is_on = False
    provider.full_clean(exclude=("tested_at", "fault_at"))
    provider.save()
    if values is not None and _values_write(provider, values):
        changed.append("categories")
    if changed:
        audit.record("members.sign_in.saved", actor=actor, target=library, data={"fields": changed})
    return provider


def _values_write(provider: SignInProvider, values: Mapping[int, Iterable[str]]) -> bool:
    """Replace the rules about kinds of readers; True if they changed."""
    own = set(PatronCategory.objects.filter(library=provider.library_id).values_list("pk", flat=True))
    wanted = {category: sorted(set(texts)) for category, texts in values.items() if texts}
    if not set(wanted) <= own:
        raise RuleViolation("other_library", _("This belongs to another library."))
    flat = [(category, text) for category, texts in wanted.items() for text in texts]
    if len({text.casefold() for _category, text in flat}) < len(flat):
        raise RuleViolation("value_twice", _("Each value can mean only one kind of reader."))
    if {category: sorted(texts) for category, texts in values_of(provider).items()} == wanted:
        return False
    provider.categories.all().delete()
    SignInCategory.objects.bulk_create(
        SignInCategory(provider=provider, category_id=category, value=text) for category, text in flat
    )
    return True


def provider_test(*, provider: SignInProvider, actor: Actor) -> SignInProvider:
    """Ask the server and keep what came of it: "ok", or the code of what is wrong.

    The server is asked before the transaction begins, so that a slow one holds no lock.
    """
    outcome, detail = OK, ""
    try:
        probe(provider)
    except SignInFault as fault:
        outcome, detail = fault.code, fault.detail
    with transaction.atomic():
        row = SignInProvider.objects.select_for_update().get(pk=provider.pk)
        row.tested_at, row.test_outcome, row.test_detail = timezone.now(), outcome, detail
        if outcome == OK:
            row.fault, row.fault_at, row.fault_detail = "", None, ""
        row.save()
        audit.record("members.sign_in.tested", actor=actor, target=row.library, data={"outcome": outcome})
    return row


@transaction.atomic
def provider_turn_on(*, provider: SignInProvider, actor: Actor) -> SignInProvider:
    """Readers may come in this way. Raises RuleViolation `not_tested` unless the last test found nothing wrong."""
    row = SignInProvider.objects.select_for_update().get(pk=provider.pk)
    if row.test_outcome != OK:
        raise RuleViolation(
            "not_tested", _("Test the connection first; it has to work before readers use it.")
        )
    if not row.is_on:
        row.is_on = True
        row.save(update_fields=["is_on", "changed_at"])
        audit.record("members.sign_in.on", actor=actor, target=row.library)
    return row


@transaction.atomic
def provider_turn_off(*, provider: SignInProvider, actor: Actor) -> SignInProvider:
    """Nobody comes in this way from now on, not even who is at the server at this moment. Accounts stay."""
    row = SignInProvider.objects.select_for_update().get(pk=provider.pk)
    if row.is_on:
        row.is_on = False
        row.save(update_fields=["is_on", "changed_at"])
        audit.record("members.sign_in.off", actor=actor, target=row.library)
    return row


def fault_note(*, provider: SignInProvider, fault: SignInFault) -> None:
    """Keep the newest fault for the manager; readers make many of the same, so it is no entry of the record."""
    SignInProvider.objects.filter(pk=provider.pk).update(
        fault=fault.code, fault_detail=fault.detail, fault_at=timezone.now()
    )


def fault_clear(*, provider: SignInProvider) -> None:
    """Somebody came in: what was wrong is over."""
    if provider.fault:
        SignInProvider.objects.filter(pk=provider.pk).update(fault="", fault_detail="", fault_at=None)
