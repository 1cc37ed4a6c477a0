"""What the probe of an OAI-PMH source found out, in a librarian's words. Used by the source page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from catalog.choices import SourceKind
from catalog.harvesting.oai.quirks import GRADES, Profile
from catalog.models import Source

TONES = {"A": "ok", "B": "ok", "C": "attention", "D": "attention", "E": "stop"}


@dataclass(frozen=True)
class OaiProfileView:
    grade: str
    tone: str
    means: str
    error: str
    repository: str
    system: str
    format: str
    formats: str
    size: int | None
    probed_at: datetime | None
    findings: list[tuple[str, str]]  # what is so, what to ask the vendor for


def oai_profile(source: Source) -> OaiProfileView | None:
    """None where nothing was found out yet, or the source is of another kind."""
    if source.kind != SourceKind.OAI_PMH or not source.oai_profile:
        return None
    profile = Profile.from_json(source.oai_profile)
    return OaiProfileView(
        profile.grade, TONES[profile.grade], _(GRADES[profile.grade]), _(profile.message) if profile.message else "",
        profile.repository, profile.system_name, profile.prefix, ", ".join(profile.formats),
        profile.complete_list_size, source.oai_probed_at,
        [(_(says), _(ask) if ask else "") for says, ask in profile.sentences()],
    )  # fmt: skip
