"""The sections of a source's page. A room that has something to say about a source adds a maker to SECTIONS."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from catalog.choices import SourceKind
from catalog.harvesting.tables import waiting_table
from catalog.models import Source
from catalog.presenters.columns import columns_context
from catalog.presenters.copying import copies_section, sru_section, z3950_section
from catalog.presenters.folder import folder_context
from catalog.presenters.health import health_section, is_loaded
from catalog.presenters.oai_profile import oai_profile
from catalog.presenters.originals import originals_context
from catalog.presenters.push import push_section
from catalog.presenters.quality import quality_section
from catalog.presenters.rekey import rekey_context
from catalog.presenters.schedule import turns_context
from catalog.presenters.streams import streams_context
from catalog.selectors.holdings import holdings_waiting
from members.permissions import Capability
from network_portal.core.actor import Actor


@dataclass(frozen=True)
class Section:
    """`template` sees `source`, `may_manage` and what `context` holds."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    now: bool = False  # how it is at the moment: stands above the list of loadings, the others below it


def _oai(source: Source) -> Section | None:
    profile = oai_profile(source)
    return Section("catalog/_source_oai.html", {"profile": profile}) if profile else None


def _server(source: Source, _actor: Actor) -> Section | None:
    return server_section(source)


def _turns(source: Source, _actor: Actor) -> Section | None:
    context = turns_context(source)
    return Section("catalog/_source_turns.html", context, now=True) if context else None


def _sru(source: Source) -> Section | None:
    context = sru_section(source)
    return Section("catalog/_source_sru.html", context) if context else None


def _z3950(source: Source, _actor: Actor) -> Section | None:
    context = z3950_section(source)
    return Section("catalog/_source_z3950.html", context, now=True) if context else None


def _copies(source: Source, actor: Actor) -> Section | None:
    context = copies_section(source, actor)
    return Section("catalog/_source_copies.html", context) if context else None


def _holdings(source: Source, _actor: Actor) -> Section | None:
    waiting = holdings_waiting(source)
    return Section("catalog/_source_holdings.html", {"waiting": waiting}) if waiting else None


def _originals(source: Source, _actor: Actor) -> Section | None:
    context = originals_context(source)
    return Section("catalog/_source_originals.html", context) if context else None


def _rekey(source: Source, _actor: Actor) -> Section | None:
    context = rekey_context(source)
    return Section("catalog/_source_rekey.html", context) if context else None


def _streams(source: Source, _actor: Actor) -> Section | None:
    context = streams_context(source)
    return Section("catalog/_source_streams.html", context) if context else None


def server_section(source: Source) -> Section | None:
    """What a server that explains itself can do: alone, while it is being asked."""
    return _oai(source) or _sru(source)


def _health(source: Source, actor: Actor) -> Section | None:
    if not is_loaded(source):
        return None
    context = health_section(source, may_manage=actor.can(Capability.SOURCE_MANAGE))
    return Section("catalog/_source_health.html", context, now=True)


def _quality(source: Source, _actor: Actor) -> Section | None:
    if not is_loaded(source):
        return None
    return Section("catalog/_source_quality.html", quality_section(source))


def _folder(source: Source, _actor: Actor) -> Section | None:
    context = folder_context(source)
    return Section("catalog/_source_folder.html", context, now=True) if context else None


def _columns(source: Source, _actor: Actor) -> Section | None:
    context = columns_context(source, waiting_table(source))
    return Section("catalog/_source_columns.html", context, now=bool(context["waiting"])) if context else None


def _rules(source: Source, _actor: Actor) -> Section | None:
    if not is_loaded(source):
        return None
    return Section("catalog/_source_rules.html", {"count": len(source.rules)})


def _agent(source: Source, actor: Actor) -> Section | None:
    context = push_section(source, may_manage=actor.can(Capability.SOURCE_MANAGE))
    return (
        Section("catalog/_source_push.html", context, now=source.kind == SourceKind.PUSH) if context else None
    )


# In the order of the page; None: nothing to say about this source.
SECTIONS: tuple[Callable[[Source, Actor], Section | None], ...] = (
    _z3950,
    _health,
    _agent,
    _columns,
    _folder,
    _turns,
    _streams,
    _rekey,
    _quality,
    _server,
    _copies,
    _holdings,
    _originals,
    _rules,
)


def source_sections(source: Source, actor: Actor) -> list[Section]:
    return [section for make in SECTIONS if (section := make(source, actor))]
