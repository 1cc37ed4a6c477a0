"""What members share with each other: guides, papers and recordings, each with all its versions."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.choices_knowledge import Audience, ItemKind, Licence, Tongue, Topic
from members.models.library import Library
from members.models.people import User
from network_portal.core.constraints import one_of


class KnowledgeItem(models.Model):
    """One guide, paper or recording. `search` is written by members.knowledge.words; a person's name goes with them."""

    kind = models.CharField(_("kind"), max_length=12, choices=ItemKind.choices)
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("what it is about"), max_length=4000, blank=True)
    authors = models.CharField(_("authors"), max_length=300, blank=True)
    topics = ArrayField(models.CharField(max_length=24, choices=Topic.choices), default=list, blank=True)
    keywords = models.CharField(_("more words to find it by"), max_length=300, blank=True)
    language = models.CharField(_("language"), max_length=8, choices=Tongue.choices, default="id")
    licence = models.CharField(_("licence"), max_length=20, choices=Licence.choices)
    audience = models.CharField(_("who may see it"), max_length=8, choices=Audience.choices)
    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="knowledge")
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_by = models.CharField(max_length=200, blank=True)
    hidden_reason = models.CharField(max_length=300, blank=True)
    downloads = models.PositiveIntegerField(default=0)  # of all versions; nobody knows whose
    search = SearchVectorField(null=True, editable=False)

    class Meta:
        ordering = ["-changed_at", "-pk"]
        verbose_name = _("shared document")
        indexes = [
            GinIndex(fields=["search"], name="knowledge_search"),
            models.Index(fields=["library", "-changed_at"], name="knowledge_of_library"),
        ]
        constraints = [
            one_of("kind", ItemKind.values, name="knowledge_kind_known"),
            one_of("licence", Licence.values, name="knowledge_licence_known"),
            one_of("audience", Audience.values, name="knowledge_audience_known"),
            models.CheckConstraint(
                name="knowledge_members_only_is_not_public",
                condition=~Q(licence="members", audience="public"),
            ),
            models.CheckConstraint(
                name="knowledge_hidden_has_reason", condition=Q(hidden_at=None) | ~Q(hidden_reason="")
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def licence_url(self) -> str:
        return Licence(self.licence).url

    @property
    def topic_labels(self) -> list[tuple[str, str]]:
        return [(code, str(Topic(code).label)) for code in self.topics if code in Topic.values]


class KnowledgeVersion(models.Model):
    """One state of it: a file below MEDIA_ROOT/knowledge, or an address. The highest number counts."""

    item = models.ForeignKey(KnowledgeItem, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    link = models.URLField(max_length=500, blank=True)
    stored = models.CharField(max_length=100, blank=True)
    file_name = models.CharField(max_length=150, blank=True)
    mime = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["item", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="knowledge_version_once"),
            models.CheckConstraint(
                name="knowledge_file_or_link",
                condition=Q(stored="") & ~Q(link="") | ~Q(stored="") & Q(link=""),
            ),
        ]
        indexes = [models.Index(fields=["stored"], name="knowledge_stored")]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.number}"
