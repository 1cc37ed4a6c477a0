"""Applications of libraries that want to join, the words exchanged about them, and what a new member has done."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.choices import LibraryType
from members.choices_joining import ApplicationStatus, CatalogueSystem
from members.models.agreement import Agreement
from members.models.library import Library
from members.models.network import Network
from network_portal.core.constraints import one_of


class JoinApplication(models.Model):
    """What a library tells about itself when it asks to join, and what became of it."""

    status = models.CharField(
        max_length=12, choices=ApplicationStatus.choices, default=ApplicationStatus.UNCONFIRMED
    )
    name = models.CharField(max_length=200)
    library_type = models.CharField(max_length=16, choices=LibraryType.choices)
    isil = models.CharField(max_length=16, blank=True)
    address = models.CharField(max_length=300)
    city = models.CharField(max_length=100)
    province = models.CharField(max_length=100, blank=True)
    website = models.URLField(blank=True)
    titles = models.PositiveIntegerField(null=True, blank=True)  # how many the library says it holds
    system = models.CharField(max_length=16, choices=CatalogueSystem.choices)
    offers = models.TextField(max_length=2000, blank=True)
    needs = models.TextField(max_length=2000, blank=True)
    contact_name = models.CharField(max_length=150)
    contact_role = models.CharField(max_length=120, blank=True)
    contact_email = models.EmailField()
    contact_phone = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=8, choices=settings.LANGUAGES, default="id")
    consent_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by_id = models.BigIntegerField(null=True, blank=True)
    decided_by_name = models.CharField(max_length=200, blank=True)
    library = models.OneToOneField(
        Library, on_delete=models.PROTECT, null=True, blank=True, related_name="application"
    )
    network = models.ForeignKey(Network, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    agreement = models.ForeignKey(
        Agreement, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )  # the one the library is asked to accept

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("application")
        indexes = [models.Index(fields=["status", "-created_at"], name="application_by_status")]
        constraints = [
            one_of("status", ApplicationStatus.values, name="application_status_known"),
            models.CheckConstraint(
                name="application_accepted_has_library",
                condition=~Q(status=ApplicationStatus.ACCEPTED) | Q(library__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def status_tone(self) -> str:
        return ApplicationStatus(self.status).tone

    @property
    def is_open(self) -> bool:
        return self.status in ApplicationStatus.open()


class JoinWord(models.Model):
    """One thing said about an application: a question back, its answer, the words of a decision."""

    application = models.ForeignKey(JoinApplication, on_delete=models.CASCADE, related_name="words")
    by_applicant = models.BooleanField()
    author = models.CharField(max_length=200)
    text = models.TextField(max_length=2000)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.author}: {self.text[:60]}"


class FirstStep(models.Model):
    """A step of a new member that leaves no other trace than having been taken."""

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="first_steps")
    step = models.CharField(max_length=16)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["library", "step"], name="first_step_once")]

    def __str__(self) -> str:
        return f"{self.library_id}: {self.step}"
