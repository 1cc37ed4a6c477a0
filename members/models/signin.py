"""A library's own sign-in for its readers (OpenID Connect), and which account somebody comes to from there."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.models.library import Library
from members.models.people import User
from members.models.policy import PatronCategory


class SignInProvider(models.Model):
    """How one library lets its readers in. Written by members.signin.services alone."""

    library = models.OneToOneField(Library, on_delete=models.CASCADE, related_name="sign_in")
    is_on = models.BooleanField(default=False)
    issuer = models.CharField(
        _("issuer"), max_length=300,
        help_text=_("The address of your sign-in server, exactly as it names itself."),
    )  # fmt: skip
    client_id = models.CharField(_("client id"), max_length=200)
    sealed_secret = models.TextField(blank=True, editable=False)  # encrypted, see members/signin/sealing.py
    scopes = models.CharField(_("scopes"), max_length=200, default="openid email profile")
    claim_email = models.CharField(_("claim of the e-mail address"), max_length=100, default="email")
    claim_name = models.CharField(_("claim of the name"), max_length=100, default="name")
    claim_card = models.CharField(_("claim of the library card number"), max_length=100, blank=True)
    claim_category = models.CharField(_("claim of the kind of reader"), max_length=100, blank=True)
    confirms_at_once = models.BooleanField(_("new readers are confirmed at once"), default=False)
    tested_at = models.DateTimeField(null=True)
    test_outcome = models.CharField(max_length=40, blank=True)  # "ok" or a code of members/signin/faults.py
    test_detail = models.CharField(max_length=300, blank=True)
    fault_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=40, blank=True)
    fault_detail = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["library__name"]
        constraints = [
            models.CheckConstraint(
                name="sign_in_on_is_complete",
                condition=Q(is_on=False) | ~Q(issuer="") & ~Q(client_id="") & ~Q(sealed_secret=""),
            )
        ]

    def __str__(self) -> str:
        return str(self.library)

    @property
    def has_secret(self) -> bool:
        return bool(self.sealed_secret)


class SignInCategory(models.Model):
    """Who comes with this value in the claim of the kind is of that kind at the library."""

    provider = models.ForeignKey(SignInProvider, on_delete=models.CASCADE, related_name="categories")
    value = models.CharField(max_length=100)
    category = models.ForeignKey(PatronCategory, on_delete=models.CASCADE, related_name="sign_in_values")

    class Meta:
        ordering = ["provider", "value"]
        constraints = [models.UniqueConstraint(fields=["provider", "value"], name="sign_in_value_once")]

    def __str__(self) -> str:
        return self.value


class SignInBinding(models.Model):
    """A person at a sign-in server is this account: the pair of issuer and subject never means anybody else.

    `is_provisional`: the address of the account was not proved when it was made; a password chosen by mail ends it.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_in_bindings")
    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="sign_in_bindings")
    issuer = models.CharField(max_length=300)
    subject = models.CharField(max_length=255)
    is_provisional = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["issuer", "subject"], name="sign_in_subject_once")]

    def __str__(self) -> str:
        return f"{self.user} – {self.library}"
