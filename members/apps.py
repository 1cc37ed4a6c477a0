"""Libraries, people, roles: who is in the network and what they may do."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = _("Members")

    def ready(self) -> None:
        from allauth.account.signals import email_confirmed, password_reset

        from members import audit_codes  # noqa: F401  registers the audit sentences

        password_reset.connect(_password_chosen, dispatch_uid="members.password_chosen")
        email_confirmed.connect(_email_confirmed, dispatch_uid="members.email_confirmed")


def _password_chosen(*, user: Any, **kwargs: Any) -> None:
    from members.invitations import address_proved

    address_proved(user)


def _email_confirmed(*, email_address: Any, **kwargs: Any) -> None:
    from members.services.notices import libraries_tell_waiting

    libraries_tell_waiting(user=email_address.user)
