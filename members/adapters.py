"""What allauth asks of the portal: mails go into the outbox with our words, login restores the language."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Literal, cast

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from members.models import User
from members.selectors.people import user_by_email
from members.signin.proving import bind_after_login
from network_portal.core.actor import Actor
from network_portal.core.mail import mail_queue

# allauth's mails that have a template of their own; every other one is a notice of a change to the account.
MAIL_TEMPLATES = {
    "account/email/email_confirmation_signup": "members_email_welcome",
    "account/email/email_confirmation": "members_email_confirm",
    "account/email/password_reset_key": "members_password_reset",
    "account/email/account_already_exists": "members_account_exists",
    "account/email/unknown_account": "members_account_unknown",
}
NOTICES = {
    "account/email/password_changed": _("Your password was changed."),
    "account/email/password_reset": _("Your password was changed with a link from a mail."),
    "account/email/password_set": _("A password was set for your account."),
    "account/email/email_changed": _("The e-mail address of your account was changed."),
    "account/email/email_confirm": _("The e-mail address of your account was confirmed."),
    "account/email/email_deleted": _("An e-mail address was removed from your account."),
    "mfa/email/totp_activated": _("The second step at login was switched on."),
    "mfa/email/totp_deactivated": _("The second step at login was switched off."),
    "mfa/email/recovery_codes_generated": _("New recovery codes were made for your account."),
}


@dataclass(frozen=True)
class Address:
    """An e-mail address as recipient, when it is not (or not yet) the address of a known person."""

    email: str
    name: str
    language: str


def set_language_cookie(response: HttpResponse, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, language, max_age=settings.LANGUAGE_COOKIE_AGE,
        path=settings.LANGUAGE_COOKIE_PATH, domain=settings.LANGUAGE_COOKIE_DOMAIN,
        secure=settings.SESSION_COOKIE_SECURE, httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=cast('Literal["Lax", "Strict", "None"]', settings.LANGUAGE_COOKIE_SAMESITE),
    )  # fmt: skip


class AccountAdapter(DefaultAccountAdapter):
    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who logged in a moment ago is not asked for the password a second time."""
        if not super().is_reauthentication_required(app=app, **kwargs):
            return False
        fresh = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
        records = get_authentication_records(self.request, self.request.user)
        return not any(record["at"] > fresh for record in records)

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Who came through a library's sign-in server is reminded that they are still logged in there."""
        records = get_authentication_records(request, request.user) if request.user.is_authenticated else []
        through = next((one["library"] for one in reversed(records) if one["method"] == "library"), None)
        usual: str = super().get_logout_redirect_url(request)
        return reverse("members:signed_out", args=[through]) if through else usual

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue allauth's mail with our template, sensitive: staff see that it went, never its links."""
        template = MAIL_TEMPLATES.get(template_prefix, "members_account_notice")
        values = {key: value for key, value in context.items() if key not in ("request", "current_site")}
        values.update(
            notice=NOTICES.get(template_prefix, _("Something was changed in your account.")),
            at=timezone.now(),
        )
        person = context.get("user") or user_by_email(email)
        name, language = (
            (person.name, person.language) if isinstance(person, User) else ("", get_language() or "")
        )
        mail_queue(
            template=template, to=Address(email=email, name=name, language=language), context=values,
            actor=Actor.system(channel="web"), sensitive=True,
        )  # fmt: skip

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        response = cast(HttpResponse, super().post_login(request, user, **kwargs))
        bind_after_login(request, user)
        set_language_cookie(response, user.language)
        return response
