"""The list of sources: worst first, filtered by state and library, with a sentence that says how many need care."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from catalog.presenters.health import HealthView
from catalog.selectors.alarms import Health

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


class SourceList:
    def __init__(
        self, healths: Sequence[Health], *, state: str, library: str, index_waits_since: datetime | None,
        may_manage: bool,
    ) -> None:  # fmt: skip
        views = [HealthView(health, may_manage=may_manage) for health in healths]
        self.total = len(views)
        self.care = sum(view.health.needs_care for view in views)
        self.state = state if state in STATES else ""
        names = {str(view.source.library_id): view.source.library.name for view in views}
        self.library = library if library in names else ""
        self.libraries = sorted(names.items(), key=lambda pair: pair[1])
        of_library = [view for view in views if self.library in ("", str(view.source.library_id))]
        self.states = [
            Choice(code, str(label), count, code == self.state)
            for code, (label, matches) in STATES.items()
            if (count := sum(matches(view) for view in of_library)) or code == self.state
        ]
        self.rows = [view for view in of_library if not self.state or STATES[self.state][1](view)]
        slow = index_waits_since is not None and timezone.now() - index_waits_since > INDEX_SLOW
        self.index_waits_since = index_waits_since if slow else None

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
        return _("No source is in this state now.")
