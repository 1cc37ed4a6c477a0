"""What the pages of drafts and versions show, joined from draft, models and preview."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loans.modelling import preview as previews
from loans.modelling.differences import Difference, differences
from loans.modelling.model import Model
from loans.modelling.problems import problems_of
from loans.modelling.selectors import models_of
from members.choices import DraftState
from members.models import Network, NetworkDraft, NetworkVersion
from network_portal.core.models import JobRun


def draft_page(draft: NetworkDraft, live: Model, mine: Model) -> dict[str, Any]:
    """What is missing, each with its link; whether it may go live."""
    pages = {"rules": "loans:network_draft_rules", "places": "loans:network_draft_places"}
    args = [draft.network.code, draft.pk]
    lacking = [(one.text, f"{reverse(pages[one.page], args=args)}#{one.anchor}") for one in problems_of(mine)]
    changed_since = draft.base_version != draft.network.version
    state = DraftState(draft.state)
    return {
        "lacking": lacking, "changed_since": changed_since, "state_label": state.label, "state_tone": state.tone,
        "may_go_live": draft.is_open and not lacking and not changed_since,
    }  # fmt: skip


@dataclass(frozen=True)
class Figure:
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class PreviewPage:
    """`run`: the job where one waits or works; `outdated`: the draft or the live rules changed after it."""

    run: JobRun | None
    failed: bool = False
    told: bool = False
    outdated: bool = False
    made_at: Any = None
    size: int = 0
    summary: str = ""
    counts: tuple[tuple[str, int, str], ...] = ()  # label, how many, share of all
    figures: tuple[Figure, ...] = ()
    libraries: tuple[Figure, ...] = ()
    examples: tuple[dict[str, Any], ...] = ()


def preview_page(draft: NetworkDraft) -> PreviewPage:
    run, last = previews.preview_running(draft), previews.preview_last(draft)
    failed = last is not None and run is None and last.status in ("failed", "stopped")
    found = draft.preview
    if found is None:
        return PreviewPage(run, failed)
    outdated = (draft.preview_revision, draft.preview_version) != (draft.revision, draft.network.version)
    size = found["requests"]
    words = kind_words()
    counts = tuple(
        (words[kind], found["counts"].get(kind, 0), _share(found["counts"].get(kind, 0), size))
        for kind in words
        if found["counts"].get(kind) or kind in (previews.SAME, previews.OTHER_FIRST, previews.NONE)
    )
    text = ngettext(
        "The latest %(count)s request was compared.", "The latest %(count)s requests were compared.", size
    )
    return PreviewPage(
        run, failed, told=True, outdated=outdated and draft.is_open, made_at=draft.preview_at, size=size,
        summary=text % {"count": number_format(size, force_grouping=True)}, counts=counts,
        figures=_figures(found["live"], found["draft"]),
        libraries=tuple(
            Figure(row["name"], number_format(row["before"], 1), number_format(row["after"], 1))
            for row in found["libraries"]
        ),
        examples=tuple(one | {"kind": words[one["kind"]]} for one in found["examples"]),
    )  # fmt: skip


def kind_words() -> dict[str, str]:
    return {
        previews.SAME: _("Unchanged: the same two first"),
        previews.OTHER_SECOND: _("Another library second"),
        previews.OTHER_FIRST: _("Another library first"),
        previews.NONE: _("Nobody to ask any more"),
        previews.NEWLY: _("Somebody to ask only now"),
        previews.NEITHER: _("Nobody to ask, now as before"),
    }


def _figures(live: dict[str, Any], mine: dict[str, Any]) -> tuple[Figure, ...]:
    rows = (
        ("fill", _("Chance that a request is filled"), lambda v: f"{number_format(100 * v, 1)} %"),
        ("hours", _("Expected working hours"), lambda v: number_format(v, 1)),
        (
            "km",
            _("Kilometres of what is supplied, on average"),
            lambda v: number_format(v, 0, force_grouping=True),
        ),
        ("spread", _("Spread of the load (0 is even)"), lambda v: number_format(v, 2)),
    )
    return tuple(
        Figure(label, *(_told(side.get(key), form) for side in (live, mine))) for key, label, form in rows
    )


def _told(value: float | None, form: Any) -> str:
    return "–" if value is None else str(form(value))


def _share(count: int, size: int) -> str:
    return f"{number_format(100 * count / size, 0)} %" if size else "–"


@dataclass(frozen=True)
class VersionRow:
    version: NetworkVersion
    current: bool
    changes: list[Difference]


def history(network: Network, versions: list[NetworkVersion]) -> list[VersionRow]:
    """The latest first, each with what it changed; the first that is known has nothing before it."""
    models = models_of(network, versions)
    found = []
    for place, version in enumerate(versions):
        earlier = models[place + 1] if place + 1 < len(versions) else None
        changes = differences(earlier, models[place]) if earlier else []
        found.append(VersionRow(version, version.number == network.version, changes))
    return found
