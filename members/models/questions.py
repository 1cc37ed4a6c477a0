"""Questions between librarians, their answers, who wants to hear of them; and who knows what."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.choices_knowledge import Offer, Pace, Tongue, Topic
from members.models.library import Library
from members.models.people import User
from network_portal.core.constraints import one_of


class Post(models.Model):
    """What a question and an answer have in common."""

    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    body = models.TextField(_("text"), max_length=8000)
    created_at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_by = models.CharField(max_length=200, blank=True)
    hidden_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True


class Question(Post):
    """`is_public` is a tick of the asker or a coordinator; without it staff of member libraries alone read it."""

    title = models.CharField(_("question"), max_length=200)
    topics = ArrayField(models.CharField(max_length=24, choices=Topic.choices), default=list, blank=True)
    is_public = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_note = models.CharField(max_length=300, blank=True)
    active_at = models.DateTimeField(auto_now_add=True)  # asked, answered or edited last
    search = SearchVectorField(null=True, editable=False)

    class Meta:
        ordering = ["-active_at", "-pk"]
        verbose_name = _("question")
        indexes = [
            GinIndex(fields=["search"], name="question_search"),
            models.Index(fields=["-active_at"], name="question_by_activity"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def topic_labels(self) -> list[tuple[str, str]]:
        return [(code, str(Topic(code).label)) for code in self.topics if code in Topic.values]


class Answer(Post):
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="answers")
    is_helpful = models.BooleanField(default=False)  # the asker's mark

    class Meta:
        ordering = ["-is_helpful", "created_at", "pk"]
        verbose_name = _("answer")

    def __str__(self) -> str:
        return f"{self.question_id}: {self.body[:60]}"


class PostEdit(models.Model):
    """What a question or an answer said before it was changed."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, null=True, related_name="edits")
    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, null=True, related_name="edits")
    title = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="edit_of_one_post",
                condition=Q(question=None, answer__isnull=False) | Q(question__isnull=False, answer=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.question_id or self.answer_id}: {self.at}"


class PostReport(models.Model):
    """Somebody finds that a question (or one of its answers) should not stand there. A coordinator settles it."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="reports")
    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, null=True, related_name="reports")
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["at"], name="report_open", condition=Q(settled_at=None))]

    def __str__(self) -> str:
        return f"{self.question_id}: {self.reason[:60]}"


class Subscription(models.Model):
    """Mails about one question, or about all with a topic. `told_until` is where the next daily mail begins."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="subscriptions")
    question = models.ForeignKey(Question, on_delete=models.CASCADE, null=True, related_name="subscriptions")
    topic = models.CharField(max_length=24, blank=True, choices=Topic.choices)
    pace = models.CharField(max_length=8, choices=Pace.choices, default=Pace.NOW)
    told_until = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["topic", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "question"], condition=Q(topic=""), name="subscribed_once_question"
            ),
            models.UniqueConstraint(
                fields=["user", "topic"], condition=Q(question=None), name="subscribed_once_topic"
            ),
            models.CheckConstraint(
                name="subscribed_to_one_thing",
                condition=Q(question=None) & ~Q(topic="") | Q(question__isnull=False, topic=""),
            ),
            one_of("pace", Pace.values, name="subscription_pace_known"),
        ]
        indexes = [
            models.Index(fields=["topic"], name="subscribed_topic"),
            models.Index(fields=["user"], name="subscribed_daily", condition=Q(pace="daily")),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.topic or self.question_id}"


class Expert(models.Model):
    """Who lets colleagues know what they know. The row is there because the person said yes; no yes, no row."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="expert")
    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="experts")
    topics = ArrayField(models.CharField(max_length=24, choices=Topic.choices), default=list)
    languages = ArrayField(models.CharField(max_length=8, choices=Tongue.choices), default=list)
    offers = ArrayField(models.CharField(max_length=12, choices=Offer.choices), default=list)
    about = models.TextField(max_length=1500, blank=True)
    consent_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    search = SearchVectorField(null=True, editable=False)

    class Meta:
        ordering = ["user__name", "pk"]
        verbose_name = _("entry in the directory")
        indexes = [
            GinIndex(fields=["search"], name="expert_search"),
            GinIndex(fields=["topics"], name="expert_topics"),
        ]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def topic_labels(self) -> list[tuple[str, str]]:
        return [(code, str(Topic(code).label)) for code in self.topics if code in Topic.values]

    @property
    def language_labels(self) -> list[str]:
        return [str(Tongue(code).label) for code in self.languages if code in Tongue.values]

    @property
    def offer_labels(self) -> list[str]:
        return [str(Offer(code).label) for code in self.offers if code in Offer.values]
