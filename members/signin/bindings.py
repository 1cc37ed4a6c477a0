"""Ending the way in through a library's sign-in server, by the reader alone."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from members.models import SignInBinding, User
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation


@transaction.atomic
def binding_end(*, binding: SignInBinding, actor: Actor) -> None:
    """The next time the password is asked. RuleViolation `no_password`: nobody locks themselves out. Twice: no harm."""
    user = User.objects.select_for_update().get(pk=binding.user_id)
    row = SignInBinding.objects.filter(pk=binding.pk).first()
    if row is None:
        return
    if not user.has_usable_password():
        raise RuleViolation("no_password", _("Choose a password first, or you could not log in any more."))
    row.delete()
    audit.record("members.sign_in.unbound", actor=actor, target=user)
