"""A run as its pages show it: figures, progress, and the message in the reader's language."""

from __future__ import annotations

import re
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.choices import RunKind, RunStatus
from catalog.harvesting.gone import LISTS
from catalog.harvesting.repairs import sentence_of
from catalog.harvesting.sweep import first_missing
from catalog.harvesting.tables import NEEDS_MAPPING, waiting_table
from catalog.models import Run
from catalog.presenters.schedule import turn_hint

MINUTE = 60
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_MARKS = str.maketrans({"\x1d": "¶", "\x1e": "¦", "\x1f": "‡", "\n": "↵", "\r": "", "\t": " "})


def snippet_text(snippet: bytes) -> str:
    """The beginning of a record as printable text: MARC's separators become signs, the unreadable a dot."""
    return _CONTROL.sub("·", snippet.decode("utf-8", "replace").translate(_MARKS))


def time_words(seconds: float) -> str:
    """ "1 second", "12 minutes", "2 hours, 5 minutes"."""
    whole = round(seconds)
    if not whole:
        return _("less than a second")
    if whole < MINUTE:
        return ngettext("%(n)s second", "%(n)s seconds", whole) % {"n": whole}
    now = timezone.now()
    return timesince(now - timedelta(seconds=whole), now)


class RunView:
    def __init__(self, run: Run) -> None:
        self.run = run
        ended_well = run.status in (RunStatus.DONE, RunStatus.PARTIAL)
        self.held = run.deletes_held > 0 and not run.is_live
        asks = self.held and ended_well
        self.status_label = _("Waits for your word") if asks else RunStatus(run.status).label
        self.status_tone = "attention" if asks else run.status_tone
        self.message = _(run.message) if run.message else ""

    @property
    def title(self) -> str:
        name = {"name": self.run.source.name}
        if self.run.kind == RunKind.DELETES:
            taken = self.run.checkpoint.get("take_out")
            return (
                _("%(name)s: held records taken out") if taken else _("%(name)s: held records kept")
            ) % name
        if self.run.kind not in LISTS:
            return f"{self.run.source.name}: {RunKind(self.run.kind).label}"
        return _("Loading of %(name)s") % name

    @cached_property
    def figures(self) -> list[tuple[str, str]]:
        run = self.run
        figures = [(label, number_format(value, force_grouping=True)) for label, value in self._counts()]
        speed = round(run.records_per_second or 0)
        if speed and run.kind in LISTS:
            figures.append((_("records per second"), number_format(speed, force_grouping=True)))
        return figures

    def _counts(self) -> list[tuple[str, int]]:
        run = self.run
        if run.kind == RunKind.DELETES:
            return [(_("taken out"), run.deleted), (_("kept"), run.unchanged)]
        if run.kind == RunKind.RETRY:
            mended = run.created + run.updated + run.unchanged
            return [(_("tried"), run.read), (_("mended"), mended), (_("still rejected"), run.rejected)]
        if run.kind == RunKind.SURVEY:
            return [(_("compared"), run.read)]
        return [
            (_("read"), run.read), (_("new"), run.created), (_("changed"), run.updated),
            (_("unchanged"), run.unchanged), (_("taken out"), run.deleted), (_("rejected"), run.rejected),
        ]  # fmt: skip

    @property
    def percent_done(self) -> int | None:
        """Of the file, or of the records where there is none; None where the whole is not known."""
        run, total = self.run, self.run.checkpoint.get("total")
        if total:
            return min(100, run.read * 100 // int(total))
        return min(100, run.bytes_done * 100 // run.bytes_total) if run.bytes_total else None

    @property
    def progress_label(self) -> str:
        if self.run.checkpoint.get("total"):
            return _("Share of the records that is done")
        return _("Share of the file that is read")

    @property
    def repairs(self) -> list[tuple[str, str]]:
        """What was put right on the way in, the most frequent first."""
        found = sorted(self.run.warnings.items(), key=lambda pair: (-pair[1], pair[0]))
        return [(_(sentence_of(code)), number_format(count, force_grouping=True)) for code, count in found]

    @property
    def first_missing(self) -> str:
        """What this list lacked and another one has to lack, too."""
        count, strikes = first_missing(self.run)
        if not count:
            return ""
        values = {"number": number_format(count, force_grouping=True), "n": count, "strikes": strikes}
        if strikes == 2:
            return ngettext(
                "%(number)s record was missing for the first time; it goes if the next list lacks it too.",
                "%(number)s records were missing for the first time; they go if the next list lacks them too.",
                count,
            ) % values  # fmt: skip
        return ngettext(
            "%(number)s record was missing; it goes once %(strikes)s lists in a row have lacked it.",
            "%(number)s records were missing; they go once %(strikes)s lists in a row have lacked them.",
            count,
        ) % values  # fmt: skip

    @property
    def decided_in(self) -> int | None:
        """The run that carried out the word on what this one held."""
        return self.run.checkpoint.get("decided_in")

    @property
    def looks_again_at(self) -> int | None:
        """The run whose rejected or held records this one is about."""
        return self.run.checkpoint.get("of")

    @property
    def compared_with(self) -> int | None:
        """The source that this one may replace, where the run compared the two."""
        return self.run.checkpoint.get("replaces") if self.run.kind == RunKind.SURVEY else None

    @property
    def duration(self) -> str:
        """How long it was worked on, pauses and waiting for turns left out."""
        if self.run.finished_at is None or self.run.seconds is None:
            return ""
        return time_words(self.run.seconds)

    @property
    def duration_with_pauses(self) -> str:
        """From start to end, where it rested in between for a minute or more."""
        run = self.run
        if not (run.started_at and run.finished_at) or run.seconds is None:
            return ""
        whole = (run.finished_at - run.started_at).total_seconds()
        return time_words(whole) if whole - run.seconds >= MINUTE else ""

    @property
    def mapping_url(self) -> str:
        """Where somebody says what the columns hold, if the run stopped for that and its table still waits."""
        stopped = self.run.message_code == NEEDS_MAPPING and not self.run.is_live
        if not (stopped and waiting_table(self.run.source)):
            return ""
        return reverse("catalog:source_columns", args=[self.run.source_id])

    @property
    def origin(self) -> str:
        if self.run.kind not in LISTS:
            return self.run.file_name
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
            return _("Getting ready.")
        return _("You may leave this page; it goes on by itself.")
