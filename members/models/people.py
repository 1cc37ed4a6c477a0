"""People log in with their e-mail address; what they may do depends on their memberships."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from members.choices import BlockKind, HistoryPrivacy, MembershipStatus, Role
from members.models.library import Library
from members.models.policy import PatronCategory
from network_portal.core.constraints import one_of

SESSION_SALT = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash"


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **extra: Any) -> User:
        user = self.model(email=self.normalize_email(email), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=8, default="id")
    is_staff = models.BooleanField(default=False, help_text=_("May use Django's own admin."))
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)
    session_epoch = models.PositiveIntegerField(
        default=0, db_default=0, editable=False, help_text=_("Counted up to end every session at once.")
    )

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_any_case")]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return str(self)

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        """A session ends with the password it began with, and with the epoch; see members/leaving.py."""
        value = f"{self.password}{self.session_epoch or ''}"
        return salted_hmac(SESSION_SALT, value, secret=secret, algorithm="sha256").hexdigest()

    @property
    def is_invited(self) -> bool:
        """True while nobody has chosen a password: the account was made for the person, who has not come yet."""
        return self.last_login is None and not self.has_usable_password()

    def get_short_name(self) -> str:
        return self.name.split(" ")[0] if self.name else self.email


class Membership(models.Model):
    """One person's role at one library. A patron's is confirmed by a librarian of that library."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=16, choices=Role.choices, default=Role.PATRON)
    status = models.CharField(
        max_length=16, choices=MembershipStatus.choices, default=MembershipStatus.PENDING
    )
    card_number = models.CharField(_("library card number"), max_length=40, blank=True)
    note = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.BigIntegerField(null=True)
    category = models.ForeignKey(
        PatronCategory, on_delete=models.SET_NULL, null=True, blank=True, related_name="memberships"
    )
    expires_on = models.DateField(null=True, blank=True)
    blocked_at = models.DateTimeField(null=True, blank=True)
    block_kind = models.CharField(max_length=16, choices=BlockKind.choices, blank=True)
    block_note = models.CharField(max_length=300, blank=True)
    history_privacy = models.CharField(
        max_length=16, choices=HistoryPrivacy.choices, default=HistoryPrivacy.AFTER_PERIOD
    )

    class Meta:
        ordering = ["library__name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "library", "role"],
                condition=Q(status__in=["pending", "confirmed"]),
                name="membership_one_live_per_role",
            ),
            one_of("block_kind", BlockKind.values, name="membership_block_known", blank=True),
            one_of("history_privacy", HistoryPrivacy.values, name="membership_privacy_known"),
            models.CheckConstraint(
                name="membership_block_has_kind",
                condition=Q(blocked_at=None, block_kind="") | Q(blocked_at__isnull=False) & ~Q(block_kind=""),
            ),
        ]
        indexes = [models.Index(fields=["library", "status"], name="membership_library")]

    def __str__(self) -> str:
        return f"{self.user} – {self.get_role_display()}, {self.library}"

    @property
    def is_confirmed(self) -> bool:
        return self.status == MembershipStatus.CONFIRMED

    @property
    def is_pending(self) -> bool:
        return self.status == MembershipStatus.PENDING

    @property
    def is_coordinator(self) -> bool:
        return self.role == Role.COORDINATOR

    @property
    def status_tone(self) -> str:
        return MembershipStatus(self.status).tone
