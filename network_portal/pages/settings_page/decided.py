"""The decisions of core/netsettings as lines of the page, and one of them for its own page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from network_portal.core.models import NetworkSetting
from network_portal.core.netsettings import Decision, all_decisions
from network_portal.pages.settings_page.line import Line


@dataclass(frozen=True)
class Present:
    """A decision with what counts now, read from the database itself."""

    decision: Decision[Any]
    value: Any
    row: NetworkSetting | None

    @property
    def sentence(self) -> str:
        return self.decision.sentence(self.value)

    @property
    def text(self) -> str:
        return self.decision.text(self.value)

    @property
    def usual(self) -> str:
        return self.decision.sentence(self.decision.default())


def present(decision: Decision[Any], row: NetworkSetting | None) -> Present:
    kept = row is not None and decision.fits(row.value)
    value = decision.read(row.value) if row is not None and kept else decision.default()
    return Present(decision, value, row if kept else None)


def present_one(decision: Decision[Any]) -> Present:
    return present(decision, NetworkSetting.objects.filter(pk=decision.code).first())


def decided_lines() -> list[Line]:
    """One query."""
    rows = {row.code: row for row in NetworkSetting.objects.all()}
    return [_line(present(one, rows.get(one.code))) for one in all_decisions()]


def _line(now: Present) -> Line:
    return Line(
        now.decision.area, now.decision.label, now.sentence, reverse("pages:setting", args=[now.decision.code]),
        now.row.changed_at if now.row else None, now.row.by_name if now.row else "", is_usual=now.row is None,
    )  # fmt: skip
