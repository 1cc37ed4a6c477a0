"""Builds the demo network step by step; each step may be repeated. Called by the command build_demo and by tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from catalog.choices import SourceKind
from catalog.models import Source
from catalog.search.indexer import IndexBusy, index_dirty
from catalog.services.load import load_paths
from catalog.services.overlap import overlap_make
from catalog.services.quality import quality_make
from members.models import Library
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.models import AuditEntry
from network_portal.demo.accounts import ensure_accounts, require_demo
from network_portal.demo.audit_codes import BUILT
from network_portal.demo.catalogue import Catalogue, write_catalogues
from network_portal.demo.guided import ensure_guided
from network_portal.demo.libraries import ensure_libraries
from network_portal.demo.requests import ensure_requests

Say = Callable[[str], None]
SOURCE_NAME = "Katalog induk"


@dataclass(frozen=True)
class Built:
    """What the building came to; `already` when there was nothing to do."""

    libraries: int = 0
    records: int = 0
    rejected: int = 0
    accounts: int = 0
    requests: int = 0
    already: bool = False


def is_built() -> bool:
    """The audit trail remembers a finished building: it cannot be changed afterwards."""
    return AuditEntry.objects.filter(code=BUILT).exists()


def demo_folder() -> Path:
    """Below the folder that sources may be read from, so that a catalogue can be loaded again in the browser."""
    return Path(settings.SOURCE_PATH_ROOTS[0]) / "demo"


def build(*, say: Say) -> Built:
    """Libraries, catalogues, accounts, requests, index. Raises ImproperlyConfigured outside a demo."""
    require_demo()
    if is_built():
        return Built(already=True)
    actor = Actor.system(channel="command")
    libraries = ensure_libraries()
    say(f"  {len(libraries)} member libraries")
    catalogues = write_catalogues(demo_folder())
    records = rejected = 0
    for place, catalogue in enumerate(catalogues, start=1):
        result = load_paths(
            source=_source(libraries[catalogue.code], catalogue), paths=[catalogue.path], actor=actor
        )
        records, rejected = records + result.read, rejected + result.rejected
        say(f"  catalogue {place:2}/{len(catalogues)}  {catalogue.path.name:<22} {result.read:>5} records")
    accounts = ensure_accounts(libraries)
    say(f"  {accounts} accounts")
    requests = ensure_requests() + ensure_guided()
    say(f"  {requests} loan requests")
    _index(say)
    for source in Source.objects.all():
        quality_make(source=source)
    overlap_make()
    say("  reports on the quality of data and on what only one library holds")
    audit.record(BUILT, actor=actor, data={"libraries": len(libraries), "records": records})
    return Built(len(libraries), records, rejected, accounts, requests)


def _source(library: Library, catalogue: Catalogue) -> Source:
    source, _created = Source.objects.update_or_create(
        library=library,
        name=SOURCE_NAME,
        defaults={"kind": SourceKind.PATH, "path": str(catalogue.path)},
    )
    return source


def _index(say: Say) -> None:
    """A running index worker does the same by itself; then there is nothing to wait for."""
    try:
        index_dirty()
        say("  search index ready")
    except IndexBusy:
        say("  the index worker is building the search index")
