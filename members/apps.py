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

        from members import (  # noqa: F401  they register themselves
            audit_codes,
            audit_codes_joining,
            netsettings,
            tasks_agreements,
            tasks_people,
            tasks_standing,
        )
        from members.joining import steps  # noqa: F401
        from members.learning import audit_codes as learning_codes  # noqa: F401
        from members.personal import declare
        from members.signin import audit_codes as sign_in_codes  # noqa: F401

        declare()
        password_reset.connect(_password_chosen, dispatch_uid="members.password_chosen")
        email_confirmed.connect(_email_confirmed, dispatch_uid="members.email_confirmed")


def _password_chosen(*, user: Any, **kwargs: Any) -> None:
    from members.invitations import address_proved
    from members.signin.provisional import provisional_end

    provisional_end(user)
    address_proved(user)


def _email_confirmed(*, email_address: Any, **kwargs: Any) -> None:
    from members.services.notices import libraries_tell_waiting
    from members.signin.provisional import provisional_keep

    provisional_keep(email_address.user)
    libraries_tell_waiting(user=email_address.user)
