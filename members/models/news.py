"""News and announcements, who has read them, and what a network says about itself on its own page."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from members.choices import Role
from members.choices_knowledge import NewsState
from members.models.network import Network
from members.models.people import User
from network_portal.core.constraints import one_of


class Announcement(models.Model):
    """Words of the coordinator: to all, to a network, a group of it, or a role. In one language or in both."""

    title_id = models.CharField(_("title in Indonesian"), max_length=160, blank=True)
    body_id = models.TextField(_("text in Indonesian"), max_length=6000, blank=True)
    title_en = models.CharField(_("title in English"), max_length=160, blank=True)
    body_en = models.TextField(_("text in English"), max_length=6000, blank=True)
    is_public = models.BooleanField(_("also for guests"), default=False)
    network = models.ForeignKey(Network, on_delete=models.CASCADE, null=True, blank=True, related_name="news")
    cell = models.CharField(_("group"), max_length=40, blank=True)
    role = models.CharField(_("role"), max_length=16, choices=Role.choices, blank=True)
    state = models.CharField(max_length=12, choices=NewsState.choices, default=NewsState.DRAFT)
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    is_pinned = models.BooleanField(_("keep it at the top"), default=False)
    by_mail = models.BooleanField(_("send it by mail as well"), default=False)
    mailed_to = models.BigIntegerField(default=0)  # the last person a mail was written for
    mailed_at = models.DateTimeField(null=True, blank=True)  # all mails are written
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-is_pinned", "-starts_at", "-pk"]
        verbose_name = _("announcement")
        constraints = [
            one_of("state", NewsState.values, name="news_state_known"),
            one_of("role", Role.values, name="news_role_known", blank=True),
            models.CheckConstraint(name="news_says_something", condition=~Q(title_id="") | ~Q(title_en="")),
            models.CheckConstraint(
                name="news_published_has_start", condition=Q(state="draft") | Q(starts_at__isnull=False)
            ),
            models.CheckConstraint(
                name="news_ends_after_start",
                condition=Q(ends_at=None) | Q(starts_at=None) | Q(ends_at__gt=F("starts_at")),
            ),
            models.CheckConstraint(
                name="news_group_has_network", condition=Q(cell="") | Q(network__isnull=False)
            ),
            models.CheckConstraint(
                name="news_public_is_for_all",
                condition=Q(is_public=False) | Q(network=None, cell="", role=""),
            ),
        ]
        indexes = [
            models.Index(fields=["-starts_at"], name="news_published", condition=Q(state="published")),
            models.Index(
                fields=["starts_at"],
                name="news_to_mail",
                condition=Q(state="published", by_mail=True, mailed_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def spoken(self) -> str:
        """The language shown: the reader's own where it is written in it, else the other."""
        own = "en" if (get_language() or "").startswith("en") else "id"
        other = "id" if own == "en" else "en"
        return own if getattr(self, f"title_{own}") else other

    @property
    def title(self) -> str:
        return str(getattr(self, f"title_{self.spoken}"))

    @property
    def body(self) -> str:
        return str(getattr(self, f"body_{self.spoken}"))

    @property
    def is_draft(self) -> bool:
        return self.state == NewsState.DRAFT

    @property
    def state_tone(self) -> str:
        return NewsState(self.state).tone


class NewsRead(models.Model):
    """A person has put an announcement away."""

    news = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="reads")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "news"], name="news_read_once")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.news_id}"


class NewsMailStop(models.Model):
    """A person wants no announcements by mail."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="news_stop")
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.user_id)


class NetworkPage(models.Model):
    """What stands on a network's own page. `number` is raised with each saving; the highest counts."""

    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="pages")
    number = models.PositiveIntegerField()
    text_id = models.TextField(_("text in Indonesian"), max_length=12000, blank=True)
    text_en = models.TextField(_("text in English"), max_length=12000, blank=True)
    picture = models.CharField(max_length=100, blank=True)  # stored name, below MEDIA_ROOT/knowledge
    picture_alt = models.CharField(_("what the picture shows"), max_length=200, blank=True)
    by_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["network", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["network", "number"], name="network_page_once"),
            models.CheckConstraint(
                name="network_picture_is_described", condition=Q(picture="") | ~Q(picture_alt="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.network_id}: {self.number}"

    @property
    def text(self) -> str:
        own = self.text_en if (get_language() or "").startswith("en") else self.text_id
        return own or self.text_id or self.text_en
