"""A run as its pages show it: figures, progress, and the message in the reader's language."""

from __future__ import annotations

import re

from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from catalog.choices import RunStatus
from catalog.models import Run
from catalog.presenters.schedule import turn_hint

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_MARKS = str.maketrans({"\x1d": "¶", "\x1e": "¦", "\x1f": "‡", "\n": "↵", "\r": "", "\t": " "})


def snippet_text(snippet: bytes) -> str:
    """The beginning of a record as printable text: MARC's separators become signs, the unreadable a dot."""
    return _CONTROL.sub("·", snippet.decode("utf-8", "replace").translate(_MARKS))


class RunView:
    def __init__(self, run: Run, *, latest: bool = False) -> None:
        self.run = run
        held = run.deletes_held > 0 and not run.is_live
        self.status_label = _("Waits for your word") if held else RunStatus(run.status).label
        self.status_tone = "attention" if held else run.status_tone
        self.message = _(run.message) if run.message else ""
        self.may_decide = latest and held

    @cached_property
    def figures(self) -> list[tuple[str, str]]:
        run = self.run
        rows = [
            (_("read"), run.read), (_("new"), run.created), (_("changed"), run.updated),
            (_("unchanged"), run.unchanged), (_("taken out"), run.deleted), (_("rejected"), run.rejected),
        ]  # fmt: skip
        figures = [(label, number_format(value, force_grouping=True)) for label, value in rows]
        if run.records_per_second:
            figures.append(
                (_("records per second"), number_format(round(run.records_per_second), force_grouping=True))
            )
        return figures

    @property
    def percent_done(self) -> int | None:
        if not self.run.bytes_total:
            return None
        return min(100, self.run.bytes_done * 100 // self.run.bytes_total)

    @property
    def duration(self) -> str:
        if not (self.run.started_at and self.run.finished_at):
            return ""
        seconds = round((self.run.finished_at - self.run.started_at).total_seconds())
        if seconds < 60:
            return _("%(n)s seconds") % {"n": seconds}
        return timesince(self.run.started_at, self.run.finished_at)

    @property
    def origin(self) -> str:
        return self.run.file_name or self.run.source.url or self.run.source.path

    @property
    def hint(self) -> str:
        """What a live run is doing, in words."""
        if words := turn_hint(self.run):
            return words
        if self.run.status == RunStatus.QUEUED:
            return _("Waiting for its turn. You may leave this page; it starts by itself.")
        if self.run.stop_asked:
            return _("Stopping after the page at hand.")
        if not self.run.read:
            return _("Getting the file ready.")
        return _("You may leave this page; it goes on by itself.")
