"""Sharing documents: one row a document, one a version; its file stands or falls with the row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import SuspiciousFileOperation
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.text import get_valid_filename, slugify
from django.utils.translation import gettext as _

from members.choices_knowledge import Audience, Licence
from members.knowledge.store import Stored, Upload, kept
from members.knowledge.words import topic_words, vector
from members.models import KnowledgeItem, KnowledgeVersion
from members.permissions import Capability, require
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation

FIELDS = (
    "kind", "title", "summary", "authors", "topics", "keywords", "language", "licence", "audience",
)  # fmt: skip


@dataclass(frozen=True)
class Content:
    """A file or an address, never both."""

    upload: Upload | None = None
    link: str = ""
    note: str = ""


def item_share(*, actor: Actor, content: Content, values: dict[str, Any]) -> KnowledgeItem:
    """Share a document of the actor's library. `values` as FIELDS.

    Raises PermissionDenied, RuleViolation (no_library, one_content, members_only_public, file_…); nothing is left then.
    """
    require(actor, Capability.KNOWLEDGE_SHARE)
    if actor.library_id is None:
        raise RuleViolation("no_library", _("Please choose the library you work for first."))
    _check(values, content)
    with kept(content.upload) as stored, transaction.atomic():
        item = KnowledgeItem.objects.create(
            library_id=actor.library_id, by_id=actor.user_id, **{name: values[name] for name in FIELDS}
        )
        _version(item, 1, content, stored, actor)
        _index(item)
        audit.record("members.knowledge.shared", actor=actor, target=item)
    return item


@transaction.atomic
def item_change(*, item: KnowledgeItem, actor: Actor, values: dict[str, Any]) -> KnowledgeItem:
    """What is said about it. Raises RuleViolation members_only_public."""
    require(actor, Capability.KNOWLEDGE_SHARE)
    _check(values)
    row = KnowledgeItem.objects.select_for_update().get(pk=item.pk)
    for name in FIELDS:
        setattr(row, name, values[name])
    row.save()
    _index(row)
    audit.record("members.knowledge.changed", actor=actor, target=row)
    return row


def version_add(*, item: KnowledgeItem, actor: Actor, content: Content) -> KnowledgeVersion:
    """A newer state; those before stay readable and say what replaced them. Raises as item_share."""
    require(actor, Capability.KNOWLEDGE_SHARE)
    _check({}, content)
    with kept(content.upload) as stored, transaction.atomic():
        row = KnowledgeItem.objects.select_for_update().get(pk=item.pk)
        last = row.versions.aggregate(last=Max("number"))["last"] or 0
        version = _version(row, last + 1, content, stored, actor)
        row.save(update_fields=["changed_at"])
        audit.record("members.knowledge.version", actor=actor, target=row, data={"number": version.number})
    return version


@transaction.atomic
def item_hide(*, item: KnowledgeItem, actor: Actor, reason: str) -> None:
    """Out of sight, with the reason for its library; an empty reason is refused (reason_missing)."""
    require(actor, Capability.NETWORK_MANAGE)
    reason = " ".join(reason.split())[:300]
    if not reason:
        raise RuleViolation("reason_missing", _("Please say why: its library reads it."))
    item.hidden_at, item.hidden_by, item.hidden_reason = timezone.now(), actor.user_name[:200], reason
    item.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
    audit.record("members.knowledge.hidden", actor=actor, target=item, data={"reason": reason})


@transaction.atomic
def item_show(*, item: KnowledgeItem, actor: Actor) -> None:
    require(actor, Capability.NETWORK_MANAGE)
    item.hidden_at, item.hidden_by, item.hidden_reason = None, "", ""
    item.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
    audit.record("members.knowledge.shown", actor=actor, target=item)


def download_count(*, item: KnowledgeItem) -> None:
    """One more, of whomever: nothing else is kept of it."""
    KnowledgeItem.objects.filter(pk=item.pk).update(downloads=F("downloads") + 1)


def _check(values: dict[str, Any], content: Content | None = None) -> None:
    if values.get("licence") == Licence.MEMBERS and values.get("audience") == Audience.PUBLIC:
        raise RuleViolation(
            "members_only_public",
            _("What is for members only can't be shown to everybody. Please choose another licence."),
        )
    if content is not None and bool(content.upload) == bool(content.link):
        raise RuleViolation("one_content", _("Please give either a file or an address."))


def _version(
    item: KnowledgeItem, number: int, content: Content, stored: Stored | None, actor: Actor
) -> KnowledgeVersion:
    values: dict[str, Any] = {"link": content.link}
    if stored:
        values = {
            "stored": stored.stored, "mime": stored.mime, "size": stored.size, "sha256": stored.sha256,
            "file_name": _file_name(content.upload, item, stored.ending),
        }  # fmt: skip
    return KnowledgeVersion.objects.create(
        item=item, number=number, note=" ".join(content.note.split())[:300], by_id=actor.user_id, **values
    )


def _file_name(upload: Upload | None, item: KnowledgeItem, ending: str) -> str:
    """The name it came with, made harmless, ending as what it is."""
    stem = (upload.name if upload and upload.name else "").rsplit(".", 1)[0][:100]
    try:
        return f"{get_valid_filename(stem).lstrip('.') or 'file'}.{ending}"
    except SuspiciousFileOperation:  # nothing of it was usable
        return f"{slugify(item.title)[:100] or 'file'}.{ending}"


def _index(item: KnowledgeItem) -> None:
    topics = topic_words(item.topics)
    KnowledgeItem.objects.filter(pk=item.pk).update(
        search=vector(
            [(item.title, "A"), (f"{item.keywords} {topics}", "B"), (f"{item.authors} {item.summary}", "C")]
        )
    )
