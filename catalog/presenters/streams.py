"""A full file beside the one in use, as its page shows it: what it would change, in figures and examples."""

from __future__ import annotations

from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from catalog.choices import RunKind, StreamState
from catalog.harvesting.kinds import KINDS
from catalog.models import Run, Source, Stream
from catalog.presenters.records import line_of, stream_line
from catalog.selectors import live_run_of
from catalog.selectors import streams as selectors

MUCH = 10  # percent of the records in use that would go


class StreamView:
    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        run = stream.run
        self.reading = stream.state == StreamState.LOADING and run is not None and run.is_live
        self.failed = stream.state == StreamState.LOADING and not self.reading
        self.waiting = stream.state == StreamState.PENDING
        self.previous = stream.state == StreamState.PREVIOUS
        self.dropped = stream.state == StreamState.DROPPED
        self.message = _(run.message) if self.failed and run and run.message else ""

    @cached_property
    def live(self) -> Run | None:
        """What goes on with the source: while it does, nothing can be switched."""
        return live_run_of(self.stream.source)

    @cached_property
    def outdated(self) -> bool:
        return (self.waiting or self.previous) and selectors.is_outdated(self.stream)

    @cached_property
    def half_way(self) -> bool:
        """A switch to it was stopped."""
        return (self.waiting or self.previous) and selectors.unfinished_way_back(self.stream) is not None

    @property
    def in_use(self) -> int:
        stream = self.stream
        return stream.unchanged + stream.changed + stream.gone

    @property
    def figures(self) -> list[tuple[str, int, int | None]]:
        """(label, records, share in percent of the records in use; new ones are not among these)."""
        stream = self.stream
        rows = [(_("new"), stream.added), (_("changed"), stream.changed), (_("gone"), stream.gone),
                (_("unchanged"), stream.unchanged)]  # fmt: skip
        return [(label, count, self._percent(count) if n else None) for n, (label, count) in enumerate(rows)]

    @property
    def gone_percent(self) -> int | None:
        return self._percent(self.stream.gone)

    @property
    def much_goes(self) -> bool:
        return self.stream.gone * 100 > MUCH * self.in_use

    @property
    def without_effect(self) -> bool:
        return not (self.stream.added or self.stream.changed or self.stream.gone)

    @property
    def rejected(self) -> int:
        run = self.stream.run
        return run.rejected if run and run.kind == RunKind.COMPARE else 0

    def _percent(self, count: int) -> int | None:
        return round(count * 100 / self.in_use) if self.in_use else None

    @cached_property
    def added(self) -> list[Any]:
        return [stream_line(row, self.stream.source) for row in selectors.examples_added(self.stream)]

    @cached_property
    def changed(self) -> list[Any]:
        pairs = selectors.examples_changed(self.stream)
        return [(line_of(old), stream_line(new, self.stream.source)) for old, new in pairs]

    @cached_property
    def gone(self) -> list[Any]:
        return [line_of(record) for record in selectors.examples_gone(self.stream)]


def streams_context(source: Source) -> dict[str, Any] | None:
    """The file that waits and the way back; None for sources that take no files."""
    if not KINDS[source.kind].uploads:
        return None
    waiting = selectors.stream_waiting(source)
    return {
        "waiting": StreamView(waiting) if waiting else None,
        "ways_back": [StreamView(stream) for stream in selectors.streams_previous(source)],
        "live": live_run_of(source),
    }
