"""Links with which a person proves that a mail reached them: the invitation to choose a first password."""

from __future__ import annotations

from allauth.account import app_settings
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse

from members.models import User


def invitation_path(user: User) -> str:
    """The page where an invited person chooses a password; valid as long as a password reset link."""
    token = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    return reverse(
        "account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": token}
    )


def address_proved(user: User) -> None:
    """Whoever set a password through a mailed link has shown that the address is theirs."""
    EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=False).update(verified=True)
