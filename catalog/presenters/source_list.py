"""The list of sources: worst first, filtered by state and library, with a sentence that says how many need care."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from catalog.presenters.health import HealthView
from catalog.selectors.alarms import Health
from network_portal.core.lists import moment

INDEX_SLOW = timedelta(minutes=10)
Matches = Callable[[HealthView], bool]


def _any_of(*codes: str) -> Matches:
    return lambda view: bool(view.codes.intersection(codes))


STATES: dict[str, tuple[str | Promise, Matches]] = {
    "care": (gettext_lazy("Need care"), lambda view: view.health.needs_care),
    "failed": (gettext_lazy("Failed"), _any_of("failed")),
    "late": (gettext_lazy("Late or silent"), _any_of("late", "never", "silent")),
    "differ": (gettext_lazy("Counts differ"), _any_of("told", "indexed")),
    "quality": (gettext_lazy("Worse data than before"), _any_of("rejects", "fields_fell", "unchanged")),
    "word": (gettext_lazy("Wait for a word"), _any_of("deletes_held")),
    "live": (gettext_lazy("Being loaded"), lambda view: view.is_live),
    "off": (gettext_lazy("Paused or switched off"), lambda view: view.is_off),
    "fine": (gettext_lazy("Fine"), lambda view: not view.codes and not view.is_off),
}


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    count: int
    chosen: bool


ORDERS: dict[str, tuple[str | Promise, Callable[[HealthView], tuple[Any, ...]]]] = {
    "name": (gettext_lazy("By name"), lambda view: (view.source.name.casefold(),)),
    "library": (
        gettext_lazy("By library"),
        lambda view: (view.source.library.name.casefold(), view.source.name),
    ),
    "records": (gettext_lazy("Most records first"), lambda view: (-view.source.record_count,)),
    "old": (
        gettext_lazy("Oldest data first"),
        lambda view: (view.came_at is not None, view.came_at.timestamp() if view.came_at else 0),
    ),
}


class SourceList:
    def __init__(
        self, healths: Sequence[Health], *, state: str, library: str, index_waits_since: datetime | None,
        may_manage: bool, words: str = "", sort: str = "",
    ) -> None:  # fmt: skip
        """`words`: part of the source's or the library's name. Without `sort` what needs care stands first."""
        views = [HealthView(health, may_manage=may_manage) for health in healths]
        self.total = len(views)
        self.care = sum(view.health.needs_care for view in views)
        self.state = state if state in STATES else ""
        names = {str(view.source.library_id): view.source.library.name for view in views}
        self.library = library if library in names else ""
        self.libraries = sorted(names.items(), key=lambda pair: pair[1])
        self.words, self.sort = words, sort if sort in ORDERS else ""
        self.orders = [(code, label, code == self.sort) for code, (label, _key) in ORDERS.items()]
        of_library = [
            view
            for view in views
            if self.library in ("", str(view.source.library_id)) and self._named(view, words.casefold())
        ]
        self.states = [
            Choice(code, str(label), count, code == self.state)
            for code, (label, matches) in STATES.items()
            if (count := sum(matches(view) for view in of_library)) or code == self.state
        ]
        self.rows = [view for view in of_library if not self.state or STATES[self.state][1](view)]
        if self.sort:
            self.rows.sort(key=ORDERS[self.sort][1])
        slow = index_waits_since is not None and timezone.now() - index_waits_since > INDEX_SLOW
        self.index_waits_since = index_waits_since if slow else None

    @staticmethod
    def _named(view: HealthView, words: str) -> bool:
        return words in view.source.name.casefold() or words in view.source.library.name.casefold()

    @property
    def is_narrowed(self) -> bool:
        return bool(self.state or self.library or self.words)

    @property
    def summary(self) -> str:
        if not self.care:
            return ngettext("The source is fine.", "All %(n)s sources are fine.", self.total) % {
                "n": self.total
            }
        return ngettext(
            "%(care)s of %(total)s sources needs care.", "%(care)s of %(total)s sources need care.", self.care
        ) % {"care": self.care, "total": self.total}

    @property
    def nothing_matches(self) -> str:
        return _("No source is like that.") if self.words else _("No source is in this state now.")

    @property
    def header(self) -> list[str]:
        return [
            _("Source"), _("Library"), _("Kind"), _("What is the matter"), _("Last loading"), _("Data as of"),
            _("It says"), _("Stored"), _("In search"), _("Server"),
        ]  # fmt: skip

    @property
    def cells(self) -> Iterator[list[object]]:
        """The rows shown, as a file; numbers stay numbers."""
        for view in self.rows:
            source, run = view.source, view.last_run
            loaded = view.is_loaded
            yield [
                source.name, source.library.name, source.get_kind_display(),
                " ".join(alarm.text for alarm in view.alarms), moment(run.queued_at if run else None),
                moment(view.came_at), source.told_count, source.record_count if loaded else "",
                view.health.shown if loaded else "", view.grade,
            ]  # fmt: skip
