"""allauth's own forms in the portal's words: our labels, one plain hint, no placeholder that repeats the label.

Named in settings.ACCOUNT_FORMS.
"""

from __future__ import annotations

from typing import Any

from allauth.account import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

LABELS = {
    "login": _("E-mail"),
    "email": _("E-mail"),
    "password": _("Password"),
    "password1": _("New password"),
    "password2": _("New password, once more"),
    "oldpassword": _("Current password"),
    "remember": _("Stay logged in on this device"),
}
HINTS = {
    "password1": _("At least 10 characters. Not a common word, and not your name."),
    "password2": "",
    "email": "",
}


class PlainWords:
    """Mixed in front of one of allauth's forms."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = LABELS.get(name, field.label)
            field.help_text = HINTS.get(name, field.help_text)


class ForgottenHint(PlainWords):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = "password" if "password" in self.fields else "oldpassword"
        self.fields[name].help_text = format_html(
            '<a href="{}">{}</a>', reverse("account_reset_password"), _("Forgot your password?")
        )


class LoginForm(ForgottenHint, forms.LoginForm):
    """E-mail and password."""


class ReauthenticateForm(ForgottenHint, forms.ReauthenticateForm):
    """The password again, before something delicate."""


class SignupForm(PlainWords, forms.SignupForm):
    """Sign-up; its first half is members.forms_signup."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = _("Password")
        self.fields["password2"].label = _("Password, once more")


class AddEmailForm(PlainWords, forms.AddEmailForm):
    """A further address."""


class ChangePasswordForm(ForgottenHint, forms.ChangePasswordForm):
    """Old and new password."""


class SetPasswordForm(PlainWords, forms.SetPasswordForm):
    """A first password."""


class ResetPasswordForm(PlainWords, forms.ResetPasswordForm):
    """Where to send the link."""


class ResetPasswordKeyForm(PlainWords, forms.ResetPasswordKeyForm):
    """A password after the link."""
