"""After a login with password: the library's sign-in that waits in the session is bound to the account."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from members.models import User
from members.signin.arriving import bind_proved
from members.signin.selectors import provider_numbered
from members.signin.session import proof_take


def bind_after_login(request: HttpRequest, user: User) -> None:
    """Called by the account adapter at every login; does nothing where nobody came from a library's server."""
    found = proof_take(request.session, user.pk)
    provider = provider_numbered(found[0]) if found else None
    if found is None or provider is None:
        return
    if bind_proved(provider=provider, issuer=found[1], subject=found[2], user=user):
        text = _("From now on you can log in through %(library)s.")
        messages.success(request, text % {"library": provider.library.name})
