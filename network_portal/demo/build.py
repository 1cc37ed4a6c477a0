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
from network_portal.demo.acquiring import ensure_acquiring
from network_portal.demo.audit_codes import BUILT
from network_portal.demo.balance import ensure_balance
from network_portal.demo.catalogue import Catalogue, write_catalogues
from network_portal.demo.guided import ensure_guided
from network_portal.demo.joining import ensure_joining
from network_portal.demo.knowledge import ensure_knowledge
from network_portal.demo.learning import ensure_learning
from network_portal.demo.libraries import ensure_libraries
from network_portal.demo.modelling import ensure_model
from network_portal.demo.past import catalogues_came
from network_portal.demo.people import ensure_people
from network_portal.demo.requests import ensure_requests
from network_portal.demo.sign_in import ensure_sign_in
from network_portal.demo.standing import ensure_standing
from network_portal.demo.visits import ensure_visits

Say = Callable[[str], None]
WEEKS_AGO = 4
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
    # As in life: the catalogues came some weeks ago, and what was catalogued since comes with the next loading.
    for catalogue in catalogues:
        load_paths(
            source=_source(libraries[catalogue.code], catalogue), paths=[catalogue.earlier], actor=actor
        )
    catalogues_came(WEEKS_AGO)
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
    say(f"  {ensure_model()} drafts of a network's rules")
    say(f"  {ensure_knowledge(libraries)} shared documents and questions")
    say(f"  {ensure_joining()} libraries that want to join")
    say(f"  {ensure_standing(libraries)} libraries and agreements on the way in or out")
    say(f"  {ensure_people(libraries)} readers from a file")
    say(f"  {ensure_sign_in(libraries)} library with a sign-in of its own, turned off")
    _index(say)
    say(f"  {ensure_learning()} programmes of members for members")
    say(f"  {ensure_visits()} searches and opened titles of the last weeks")
    for source in Source.objects.all():
        quality_make(source=source)
    overlap_make()
    say(f"  {ensure_balance()} exchanges of the last two years, and the reports of a year")
    say(f"  {ensure_acquiring()} plans to buy, with a list to weed from and an offer")
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
