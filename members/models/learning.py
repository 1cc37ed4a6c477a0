"""Learning together: programmes with their sessions, who takes part, certificates, anonymous opinions, internships."""

from __future__ import annotations

import uuid
from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from members.choices import TIME_ZONES, Role
from members.choices_learning import (
    LIVE_REGISTRATIONS,
    ProgrammeKind,
    ProgrammeLanguage,
    ProgrammeStatus,
    RegistrationStatus,
)
from members.models.library import Library
from members.models.network import Network
from network_portal.core.constraints import one_of


class LearningRule(models.Model):
    """What one network or one library settled. A network: proposals open at once; a library: it is asked first."""

    network = models.OneToOneField(Network, on_delete=models.CASCADE, null=True, related_name="learning_rule")
    library = models.OneToOneField(Library, on_delete=models.CASCADE, null=True, related_name="learning_rule")
    open_at_once = models.BooleanField(default=False)
    ask_sender = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="learning_rule_of_one",
                condition=Q(network=None, library__isnull=False) | Q(network__isnull=False, library=None),
            )
        ]

    def __str__(self) -> str:
        return str(self.network or self.library)


class Programme(models.Model):
    """A seminar, training, workshop or internship that one library gives for others."""

    kind = models.CharField(_("kind"), max_length=12, choices=ProgrammeKind.choices)
    status = models.CharField(
        max_length=12, choices=ProgrammeStatus.choices, default=ProgrammeStatus.PROPOSED
    )
    title = models.CharField(_("title"), max_length=200)
    learns = models.TextField(_("what one learns"), max_length=4000)
    audience = models.CharField(_("for whom"), max_length=300, blank=True)
    speakers = models.CharField(_("speakers"), max_length=500, blank=True)
    language = models.CharField(
        _("language"), max_length=4, choices=ProgrammeLanguage.choices, default=ProgrammeLanguage.INDONESIAN
    )
    host = models.ForeignKey(
        Library, on_delete=models.PROTECT, related_name="programmes", verbose_name=_("host")
    )
    time_zone = models.CharField(_("time zone"), max_length=40, choices=TIME_ZONES, default="Asia/Jakarta")
    place = models.CharField(_("where"), max_length=300, blank=True)
    online_url = models.URLField(_("online address"), blank=True)
    places = models.PositiveSmallIntegerField(
        _("places"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5000)]
    )
    roles = models.JSONField(default=list)  # values of Role; [] = everybody with a membership
    libraries = models.ManyToManyField(Library, blank=True, related_name="+")
    networks = models.ManyToManyField(Network, blank=True, related_name="programmes")
    ask_sender = models.BooleanField(_("the sending library agrees first"), default=False)
    fee = models.DecimalField(
        _("fee"), max_digits=14, decimal_places=2, default=Decimal(0), validators=[MinValueValidator(0)]
    )
    currency = models.CharField(_("currency"), max_length=3, default="IDR")
    register_until = models.DateField(_("last day to register"), null=True, blank=True)
    signer = models.CharField(_("who signs the certificates"), max_length=150, blank=True)
    signer_role = models.CharField(_("position of who signs"), max_length=150, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField()
    sequence = models.PositiveIntegerField(default=0)  # RFC 5545, 3.8.7.4: counted up at each change
    reason = models.TextField(max_length=1000, blank=True)  # why refused or cancelled

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("programme")
        constraints = [
            one_of("kind", ProgrammeKind.values, name="programme_kind_known"),
            one_of("status", ProgrammeStatus.values, name="programme_status_known"),
            models.CheckConstraint(name="programme_fee_not_negative", condition=Q(fee__gte=0)),
            models.CheckConstraint(name="programme_has_places", condition=Q(places=None) | Q(places__gte=1)),
        ]
        indexes = [models.Index(fields=["status", "host"], name="programme_status_host")]

    def __str__(self) -> str:
        return self.title

    @property
    def status_tone(self) -> str:
        return ProgrammeStatus(self.status).tone

    @property
    def is_open(self) -> bool:
        return self.status == ProgrammeStatus.OPEN

    @property
    def is_done(self) -> bool:
        return self.status == ProgrammeStatus.DONE

    @property
    def is_cancelled(self) -> bool:
        return self.status == ProgrammeStatus.CANCELLED

    @property
    def is_internship(self) -> bool:
        return self.kind == ProgrammeKind.INTERNSHIP

    @property
    def role_labels(self) -> str:
        return ", ".join(str(Role(role).label) for role in self.roles)


class ProgrammeSession(models.Model):
    """One meeting. Kept in UTC, shown in the programme's time zone."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="sessions")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    topic = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(name="session_ends_after_start", condition=Q(ends_at__gt=F("starts_at")))
        ]
        indexes = [models.Index(fields=["starts_at"], name="session_starts")]

    def __str__(self) -> str:
        return self.topic or str(self.starts_at)

    @property
    def hours(self) -> float:
        return round((self.ends_at - self.starts_at).total_seconds() / 3600, 2)


class Registration(models.Model):
    """One person's place. The library stays for the figures when the person's account is gone."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="registrations")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="registrations"
    )
    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="registrations")
    role = models.CharField(max_length=16, choices=Role.choices)
    status = models.CharField(max_length=12, choices=RegistrationStatus.choices)
    queued_at = models.DateTimeField()  # the order of the waiting list
    words = models.CharField(_("words to the host"), max_length=1000, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    needs_sender = models.BooleanField(default=False)
    needs_host = models.BooleanField(default=False)
    sender_agreed_at = models.DateTimeField(null=True)
    sender_agreed_by = models.CharField(max_length=150, blank=True)
    host_agreed_at = models.DateTimeField(null=True)
    host_agreed_by = models.CharField(max_length=150, blank=True)
    evaluated = models.BooleanField(default=False)  # that, never what or when
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["queued_at", "pk"]
        constraints = [
            one_of("status", RegistrationStatus.values, name="registration_status_known"),
            models.UniqueConstraint(
                fields=["programme", "user"], condition=Q(status__in=[s.value for s in LIVE_REGISTRATIONS]),
                name="registered_once",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["programme", "status"], name="registration_status")]

    def __str__(self) -> str:
        return f"{self.programme_id}: {self.user_id}"

    @property
    def status_tone(self) -> str:
        return RegistrationStatus(self.status).tone

    @property
    def is_asked(self) -> bool:
        return self.status == RegistrationStatus.ASKED

    @property
    def has_place(self) -> bool:
        return self.status == RegistrationStatus.REGISTERED

    @property
    def is_waiting(self) -> bool:
        return self.status == RegistrationStatus.WAITING

    @property
    def is_live(self) -> bool:
        return self.status in LIVE_REGISTRATIONS

    @property
    def waits_for_sender(self) -> bool:
        return self.is_asked and self.needs_sender and self.sender_agreed_at is None

    @property
    def waits_for_host(self) -> bool:
        return self.is_asked and self.needs_host and self.host_agreed_at is None


class Attendance(models.Model):
    """Somebody was at a session; no row: was not, or the list is not done yet."""

    session = models.ForeignKey(ProgrammeSession, on_delete=models.CASCADE, related_name="attendances")
    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="attendances")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "registration"], name="attended_once")]

    def __str__(self) -> str:
        return f"{self.session_id}: {self.registration_id}"


class Certificate(models.Model):
    """What was printed, as data; the database refuses a change of it. Only a revocation is added."""

    code = models.CharField(max_length=32, unique=True)
    registration = models.OneToOneField(Registration, on_delete=models.PROTECT, related_name="certificate")
    data = models.JSONField()
    issued_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-issued_at"]

    def __str__(self) -> str:
        return self.code


class Evaluation(models.Model):
    """One opinion without a person: no account, no time, and a key that tells no order."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="evaluations")
    useful = models.PositiveSmallIntegerField()
    clear = models.PositiveSmallIntegerField()
    organised = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="evaluation_one_to_five",
                condition=Q(useful__range=(1, 5), clear__range=(1, 5), organised__range=(1, 5)),
            )
        ]

    def __str__(self) -> str:
        return str(self.programme_id)


class Internship(models.Model):
    """A stay at the host library: from when to when, what for, with whom; judged at the end."""

    registration = models.OneToOneField(Registration, on_delete=models.CASCADE, related_name="internship")
    starts_on = models.DateField()
    ends_on = models.DateField()
    goals = models.TextField(max_length=2000)
    mentor = models.CharField(max_length=150, blank=True)
    hours = models.PositiveSmallIntegerField(null=True, blank=True)
    assessment = models.TextField(max_length=4000, blank=True)
    reached = models.BooleanField(null=True)  # the goals, as the mentor sees it
    assessed_at = models.DateTimeField(null=True)
    assessed_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="internship_ends_after_start", condition=Q(ends_on__gte=F("starts_on"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} – {self.ends_on}"


class InternshipNote(models.Model):
    """What the intern did in one week; `week` is its Monday."""

    internship = models.ForeignKey(Internship, on_delete=models.CASCADE, related_name="notes")
    week = models.DateField()
    text = models.TextField(max_length=4000)
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["week"]
        constraints = [models.UniqueConstraint(fields=["internship", "week"], name="one_note_a_week")]

    def __str__(self) -> str:
        return str(self.week)


class CalendarKey(models.Model):
    """The secret link to one's own calendar carries `turn`; counting it up ends the older link."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_key"
    )
    turn = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("calendar link")

    def __str__(self) -> str:
        return str(self.user_id)
