"""A member library: what it is, where it is, how it is reached, what it lends."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from members.choices import TIME_ZONES, LibraryStatus, LibraryType


class Library(models.Model):
    name = models.CharField(_("name"), max_length=200)
    short_code = models.CharField(
        _("short code"),
        max_length=12,
        unique=True,
        validators=[
            RegexValidator(r"^[A-Z][A-Z0-9-]{1,11}$", _("2 to 12 capital letters, digits or hyphens."))
        ],
        help_text=_("Stands in request numbers and lists, for example UNPAD."),
    )
    isil = models.CharField(
        _("ISIL"), max_length=16, null=True, blank=True, unique=True,
        help_text=_("International identifier of the library (ISO 15511), if it has one."),
    )  # fmt: skip
    library_type = models.CharField(_("type"), max_length=16, choices=LibraryType.choices)
    status = models.CharField(
        _("status"), max_length=16, choices=LibraryStatus.choices, default=LibraryStatus.ACTIVE
    )
    address = models.CharField(_("address"), max_length=300, blank=True)
    city = models.CharField(_("city"), max_length=100)
    province = models.CharField(_("province"), max_length=100, blank=True)
    latitude = models.FloatField(
        _("latitude"), null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    longitude = models.FloatField(
        _("longitude"), null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    time_zone = models.CharField(_("time zone"), max_length=40, choices=TIME_ZONES, default="Asia/Jakarta")
    website = models.URLField(_("website"), blank=True)
    opac_link_pattern = models.CharField(
        _("link into the catalogue"), max_length=300, blank=True,
        help_text=_("Address of a record in the library's own catalogue; {id}, {isbn} or {title} are filled in."),
    )  # fmt: skip
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    language = models.CharField(
        _("language of its mail and paper"), max_length=8, choices=settings.LANGUAGES, blank=True, default="",
        help_text=_("Slips, labels and mails to the library. Empty: the portal's own language."),
    )  # fmt: skip
    lends = models.BooleanField(_("lends to other members"), default=True)
    loan_days = models.PositiveSmallIntegerField(
        _("loan period in days"), default=28, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("library")
        verbose_name_plural = _("libraries")
        constraints = [
            models.CheckConstraint(
                name="library_status_known", condition=models.Q(status__in=LibraryStatus.values)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:
        return self.status == LibraryStatus.ACTIVE

    @property
    def status_tone(self) -> str:
        return LibraryStatus(self.status).tone
