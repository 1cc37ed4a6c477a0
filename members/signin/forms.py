"""The settings of a library's sign-in, as its manager fills them in."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.forms import PlainForm
from members.models import SignInProvider
from members.selectors.categories import categories_of
from members.signin.discovery import is_secure
from members.signin.selectors import values_of

WELL_KNOWN = "/.well-known/openid-configuration"
SETTINGS = ("issuer", "client_id", "scopes", "claim_email", "claim_name", "claim_card", "claim_category",
            "confirms_at_once")  # fmt: skip
CLAIM = re.compile(r"^[\w.:/-]*$")
SCOPES = re.compile(r"^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$")  # RFC 6749, 3.3
PLAIN = {"autocomplete": "off", "spellcheck": "false"}


def _line(label: Any, hint: Any = "", *, required: bool = True, limit: int = 100) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, required=required, max_length=limit, widget=forms.TextInput(attrs=PLAIN)
    )


class SignInForm(PlainForm):
    issuer = _line(
        _("Address of the sign-in server (issuer)"),
        _("It begins with https://. Your server's makers call it issuer, realm or tenant address."),
        limit=300,
    )
    client_id = _line(_("Client id"), _("The name under which your server knows this portal."), limit=200)
    secret = forms.CharField(
        label=_("Client secret"), max_length=500, required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    scopes = _line(_("Scopes"), _("What your server is asked for; “openid” is always among them."), limit=200)
    claim_email = _line(_("Claim of the e-mail address"))
    claim_name = _line(_("Claim of the name"))
    claim_card = _line(
        _("Claim of the library card number"), _("Empty: it is not taken over."), required=False
    )
    claim_category = _line(
        _("Claim of the kind of reader"),
        _("Empty: it is not taken over. A value that is the short code of a kind means that kind."),
        required=False,
    )
    confirms_at_once = forms.BooleanField(
        label=_("New readers may ask for books at once"), required=False,
        help_text=_("Otherwise each of them waits until a librarian has confirmed them."),
    )  # fmt: skip

    def __init__(self, *args: Any, provider: SignInProvider, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {name: getattr(provider, name) for name in SETTINGS})
        super().__init__(*args, **kwargs)
        self.has_secret = provider.has_secret
        self.fields["secret"].required = not self.has_secret
        if self.has_secret:
            self.fields["secret"].help_text = _("One is stored; it is never shown. Empty: it stays.")
        self.kinds: dict[str, int] = {}
        known = values_of(provider)
        for category in categories_of(provider.library):
            name = f"kind_{category.pk}"
            self.kinds[name] = category.pk
            self.fields[name] = _line(
                gettext("Values that mean “%(kind)s”") % {"kind": category.name},
                _("Separated by commas."), required=False, limit=1000,
            )  # fmt: skip
            self.initial[name] = ", ".join(known.get(category.pk, []))

    def clean_issuer(self) -> str:
        issuer = str(self.cleaned_data["issuer"]).removesuffix(WELL_KNOWN)
        try:
            good = is_secure(issuer) and not re.search(r"[?#\s]", issuer)
        except ValueError:
            good = False
        if not good:
            raise ValidationError(_("Enter an address that begins with https://, without “?” and “#”."))
        return issuer

    def clean_scopes(self) -> str:
        scopes = " ".join(str(self.cleaned_data["scopes"]).split())
        if not SCOPES.match(scopes):
            raise ValidationError(_("Separate scopes by spaces; letters, digits and signs only."))
        return scopes if "openid" in scopes.split() else f"openid {scopes}"

    def clean(self) -> dict[str, Any]:
        for name in ("claim_email", "claim_name", "claim_card", "claim_category"):
            if not CLAIM.match(self.cleaned_data.get(name, "")):
                self.add_error(name, _("The name of a claim has letters, digits, dots and the like."))
        for name in self.kinds:
            if any(len(value) > 100 for value in self._split(name)):
                self.add_error(name, _("A value has at most 100 characters."))
        return self.cleaned_data

    def _split(self, name: str) -> list[str]:
        values = str(self.cleaned_data.get(name, "")).split(",")
        return [value.strip() for value in values if value.strip()]

    @property
    def settings(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in SETTINGS}

    @property
    def values(self) -> dict[int, list[str]]:
        """Category -> the claim's values that mean it."""
        return {category: self._split(name) for name, category in self.kinds.items()}

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields under headings, in the order of the page."""
        server = ("issuer", "client_id", "secret", "scopes")
        claims = ("claim_email", "claim_name", "claim_card", "claim_category", *self.kinds)
        return [
            (gettext("Your sign-in server"), [self[name] for name in server]),
            (gettext("What it tells about a reader"), [self[name] for name in claims]),
            (gettext("New readers"), [self["confirms_at_once"]]),
        ]
