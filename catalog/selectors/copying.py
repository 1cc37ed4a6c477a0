"""Reading for search and copy: which catalogues may be asked, what the library has already, what it copied."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.db.models.fields.json import KT
from django.http import Http404

from catalog.choices import RunKind, SourceKind
from catalog.harvesting.copying import takes_copies
from catalog.harvesting.lookup import SEARCHABLE
from catalog.models import MatchKey, Run, Source, SourceRecord
from catalog.selectors.sources import sources_visible_to
from members.permissions import Capability
from network_portal.core.actor import Actor

COPIES_SHOWN = 50


def targets_for(actor: Actor) -> QuerySet[Source]:
    """Catalogues the actor may look up in: the own library's, and those that a library shares with the network."""
    sources = Source.objects.filter(kind__in=SEARCHABLE, enabled=True).select_related("library")
    if actor.can(Capability.NETWORK_MANAGE):
        return sources
    return sources.filter(Q(library_id=actor.library_id or 0) | Q(options__shared=True))


def access_target(actor: Actor, pk: int) -> Source:
    """Raises Http404."""
    source = targets_for(actor).filter(pk=pk).first()
    if source is None:
        raise Http404
    return source


def copy_sources(actor: Actor) -> list[Source]:
    """The own library's sources that a copied record may be put into."""
    own = Source.objects.filter(library_id=actor.library_id or 0, kind=SourceKind.UPLOAD).select_related(
        "library"
    )
    return [source for source in own if takes_copies(source)]


def copied_as(identifiers: Iterable[str], library_id: int | None) -> dict[str, int]:
    """Which of these copies the library has made, with their editions."""
    records = SourceRecord.objects.filter(
        source__in=Source.objects.filter(library_id=library_id or 0, kind=SourceKind.UPLOAD), record_type="bib",
        identifier__in=list(identifiers), deleted_at=None,
    )  # fmt: skip
    return {name: edition for name, edition in records.values_list("identifier", "edition_id") if edition}


def own_editions_by_key(keys: Iterable[int], library_id: int | None) -> dict[int, int]:
    """Matching keys under which the library itself has a record, with its edition."""
    found = MatchKey.objects.filter(
        key__in=list(keys), record__source__library_id=library_id or 0, record__deleted_at=None,
        record__edition__isnull=False,
    )  # fmt: skip
    return {key: edition for key, edition in found.values_list("key", "record__edition_id") if edition}


def copies_in(source: Source) -> QuerySet[SourceRecord]:
    """Records of this source that were copied by hand, the latest first."""
    runs = Run.objects.filter(source=source, kind=RunKind.COPY)
    copied = runs.annotate(identifier=KT("checkpoint__copy__identifier")).values("identifier")
    records = SourceRecord.objects.filter(source=source, identifier__in=copied, deleted_at=None)
    return records.select_related("edition").order_by("-changed_at", "-id")[:COPIES_SHOWN]


def access_copy(actor: Actor, pk: int) -> SourceRecord:
    """A record of the actor's own library. Raises Http404."""
    record = SourceRecord.objects.filter(pk=pk, source__in=sources_visible_to(actor)).first()
    if record is None or record.source.library_id != actor.library_id:
        raise Http404
    return record
