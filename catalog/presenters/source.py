"""The sections of a source's page. A room that has something to say about a source adds a maker to SECTIONS."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from catalog.models import Source
from catalog.presenters.health import health_section
from catalog.presenters.oai_profile import oai_profile
from catalog.presenters.originals import originals_context
from catalog.presenters.quality import quality_section
from catalog.presenters.schedule import turns_context
from catalog.presenters.streams import streams_context
from network_portal.core.actor import Actor


@dataclass(frozen=True)
class Section:
    """`template` sees `source`, `may_manage` and what `context` holds."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)


def _oai(source: Source, _actor: Actor) -> Section | None:
    profile = oai_profile(source)
    return Section("catalog/_source_oai.html", {"profile": profile}) if profile else None


def _turns(source: Source, _actor: Actor) -> Section | None:
    context = turns_context(source)
    return Section("catalog/_source_turns.html", context) if context else None


def _streams(source: Source, _actor: Actor) -> Section | None:
    context = streams_context(source)
    return Section("catalog/_source_streams.html", context) if context else None


def _health(source: Source, _actor: Actor) -> Section | None:
    return Section("catalog/_source_health.html", health_section(source))


def _quality(source: Source, _actor: Actor) -> Section | None:
    return Section("catalog/_source_quality.html", quality_section(source))


def _originals(source: Source, _actor: Actor) -> Section | None:
    context = originals_context(source)
    return Section("catalog/_source_originals.html", context) if context else None


# In the order of the page; None: nothing to say about this source.
SECTIONS: tuple[Callable[[Source, Actor], Section | None], ...] = (
    _health,
    _turns,
    _streams,
    _quality,
    _oai,
    _originals,
)


def source_sections(source: Source, actor: Actor) -> list[Section]:
    return [section for make in SECTIONS if (section := make(source, actor))]
