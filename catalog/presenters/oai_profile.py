"""What is known of an OAI-PMH source, in a librarian's words. Used by the source page."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from catalog.choices import SourceKind
from catalog.harvesting.oai.options import AUTO, CHANGES, MODES, WINDOWED, WINDOWS, OaiOptions
from catalog.harvesting.oai.quirks import GRADES, Profile
from catalog.models import Source
from catalog.presenters.oai_letter import Letter, vendor_letter
from catalog.selectors.probe import ProbeJob, probe_job

TONES = {"A": "ok", "B": "ok", "C": "attention", "D": "attention", "E": "stop"}
AGAINST_ADVICE = gettext_noop(
    "Only changes are fetched, as was set, though this server does not announce all of them. "
    "Some changes will not arrive."
)


@dataclass(frozen=True)
class Earlier:
    grade: str
    until: datetime | None


@dataclass(frozen=True)
class OaiProfileView:
    probed: bool  # whether there is anything to say
    job: ProbeJob | None
    mode: str
    compare_days: int
    warning: str = ""
    grade: str = ""
    tone: str = ""
    means: str = ""
    error: str = ""
    trouble: str = ""  # why the latest examination failed, where an earlier one is shown
    trouble_at: datetime | None = None
    repository: str = ""
    system: str = ""
    format: str = ""
    formats: str = ""
    size: int | None = None
    probed_at: datetime | None = None
    findings: list[tuple[str, str]] = field(default_factory=list)  # what is so, what to ask the vendor for
    history: list[Earlier] = field(default_factory=list)  # newest first
    letter: Letter | None = None


def oai_profile(source: Source) -> OaiProfileView | None:
    """None where the source is of another kind."""
    if source.kind != SourceKind.OAI_PMH:
        return None
    options = OaiOptions.from_json(source.options)
    view = OaiProfileView(False, probe_job(source), _mode(options), options.compare_days)
    if not source.oai_profile:
        return view
    profile = Profile.from_json(source.oai_profile)
    trouble = source.oai_profile.get("trouble", {})
    sentence = trouble.get("message", "")
    against = options.mode in (CHANGES, WINDOWED) and not profile.dates_work
    return replace(
        view,
        probed=True,
        warning=_(AGAINST_ADVICE) if against else "",
        grade=profile.grade,
        tone=TONES[profile.grade],
        means=_(GRADES[profile.grade]),
        error=_(profile.message) if profile.message else "",
        trouble=_(sentence) if sentence else "",
        trouble_at=parse_datetime(trouble["at"]) if trouble else None,
        repository=profile.repository,
        system=profile.system_name,
        format=profile.prefix,
        formats=", ".join(profile.formats),
        size=source.told_count or profile.complete_list_size,
        probed_at=source.oai_probed_at,
        findings=[(_(says), _(ask) if ask else "") for says, ask in profile.sentences()],
        history=[_earlier(one) for one in source.oai_profile.get("history", [])],
        letter=vendor_letter(source, profile),
    )


def _mode(options: OaiOptions) -> str:
    """How the list is fetched, where somebody set it."""
    if options.mode == AUTO:
        return ""
    text = _(MODES[options.mode])
    return f"{text}, {_(WINDOWS[options.window])}" if options.mode == WINDOWED else text


def _earlier(entry: dict[str, Any]) -> Earlier:
    return Earlier(entry["grade"], parse_datetime(entry["until"]))
