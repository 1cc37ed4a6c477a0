"""Full files beside the one in use: which there are, whether they still fit, and examples of what they change."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from catalog.choices import LIVE_RUNS, RunKind, StreamState
from catalog.models import Run, Source, SourceRecord, Stream, StreamRecord
from catalog.selectors.sources import sources_visible_to
from network_portal.core.actor import Actor

EXAMPLES = 10


def access_stream(actor: Actor, pk: int) -> Stream:
    """A stream of the actor's scope. Raises Http404."""
    streams = Stream.objects.select_related("source__library", "run")
    stream = streams.filter(pk=pk, source__in=sources_visible_to(actor)).first()
    if stream is None:
        raise Http404
    return stream


def stream_waiting(source: Source) -> Stream | None:
    """The file that is being read, could not be read, or waits for its switch."""
    states = [StreamState.LOADING, StreamState.PENDING]
    streams = Stream.objects.filter(source=source, state__in=states).exclude(run__kind=RunKind.SWITCH)
    return streams.select_related("run").first()


def streams_previous(source: Source) -> list[Stream]:
    """The way back; two of them while one is stopped half-way."""
    return list(Stream.objects.filter(source=source, state=StreamState.PREVIOUS))


def switching(stream: Stream) -> QuerySet[Run]:
    """The runs that have switched, or are to switch, to this stream."""
    return Run.objects.filter(source=stream.source_id, kind=RunKind.SWITCH, checkpoint__stream=stream.pk)


def unfinished_way_back(stream: Stream) -> Stream | None:
    """What a switch to this stream has kept that was stopped half-way."""
    runs = switching(stream).exclude(status__in=LIVE_RUNS)
    kept = Stream.objects.filter(state=StreamState.PREVIOUS, run__in=runs)
    return kept.exclude(pk=stream.pk).first()


def is_outdated(stream: Stream) -> bool:
    """Whether the records in use have changed since the stream was held against them."""
    later = Run.objects.filter(source=stream.source_id, pk__gt=stream.run_id or 0)
    touched = Q(created__gt=0) | Q(updated__gt=0) | Q(deleted__gt=0)
    own = switching(stream).values("pk")
    return later.filter(touched).exclude(pk__in=own).exclude(kind=RunKind.COMPARE).exists()


def examples_added(stream: Stream) -> list[StreamRecord]:
    """Records of the stream that are not in use."""
    return list(_with_bytes(stream).exclude(Exists(_in_use(stream)))[:EXAMPLES])


def examples_changed(stream: Stream) -> list[tuple[SourceRecord, StreamRecord]]:
    """Records in use, each with what the stream makes of it."""
    rows = list(_with_bytes(stream).filter(Exists(_in_use(stream)))[:EXAMPLES])
    live = _live(stream, rows)
    return [(live[row.identifier], row) for row in rows if row.identifier in live]


def examples_gone(stream: Stream) -> list[SourceRecord]:
    """Records in use that the stream takes out."""
    rows = list(StreamRecord.objects.filter(stream=stream, raw=None).order_by("pk")[:EXAMPLES])
    return list(_live(stream, rows).values())


def _with_bytes(stream: Stream) -> QuerySet[StreamRecord]:
    return StreamRecord.objects.filter(stream=stream, raw__isnull=False).order_by("pk")


def _in_use(stream: Stream) -> QuerySet[SourceRecord]:
    return SourceRecord.objects.filter(
        source=stream.source_id, record_type="bib", identifier=OuterRef("identifier"), deleted_at=None
    )


def _live(stream: Stream, rows: list[StreamRecord]) -> dict[str, SourceRecord]:
    names = [row.identifier for row in rows]
    records = SourceRecord.objects.filter(source=stream.source_id, record_type="bib", deleted_at=None)
    return {record.identifier: record for record in records.filter(identifier__in=names)}
