"""Which code carries out a run: by what the run does, and by the kind of its source. Called by services/runs.py."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from catalog.choices import RunKind, SourceKind
from catalog.harvesting import files
from catalog.harvesting.copying import copy_into_catalogue
from catalog.harvesting.decide import decide
from catalog.harvesting.item_list import is_item_list, read_item_list, store_item_list
from catalog.harvesting.oai.reader import harvest_into_catalogue
from catalog.harvesting.pipeline import Progress, read_into_catalogue
from catalog.harvesting.push import end_push
from catalog.harvesting.rekey import change_numbers_over
from catalog.harvesting.renormalise import renormalise_into_catalogue
from catalog.harvesting.retry import retry_into_catalogue
from catalog.harvesting.sru.reader import harvest_into_catalogue as harvest_sru
from catalog.harvesting.streams import compare_into_stream, switch_over
from catalog.harvesting.survey import survey
from catalog.models import Run

Read = Callable[..., None]  # called with progress=…; raises RunFailed, RunStopped, RunLost, HelperDied

# Runs that do something else than fetching, by RunKind; each is called with (run, progress=…).
RUNS: dict[str, Read] = {
    RunKind.COPY: copy_into_catalogue,
    RunKind.RENORMALISE: renormalise_into_catalogue,
    RunKind.COMPARE: compare_into_stream,
    RunKind.SWITCH: switch_over,
    RunKind.REKEY: change_numbers_over,
    RunKind.SURVEY: survey,
    RunKind.RETRY: retry_into_catalogue,
    RunKind.DELETES: decide,
    RunKind.PUSH: end_push,
    RunKind.ITEMS: read_item_list,
}
# Sources that give records page by page instead of a file, by SourceKind.
SERVERS: dict[str, Read] = {
    SourceKind.OAI_PMH: harvest_into_catalogue,
    SourceKind.SRU: harvest_sru,
}


def read(run: Run, *, trusted: bool, progress: Progress | None) -> None:
    """Carry the run through, from its checkpoint on. `trusted`: its file may lie anywhere on the server."""
    reader = RUNS.get(run.kind)
    if reader is None and not run.stored_path:
        reader = SERVERS.get(run.source.kind)
    if reader is None:
        reader = partial(_read_file, trusted=trusted)
    reader(run, progress=progress)


def _read_file(run: Run, *, trusted: bool, progress: Progress | None) -> None:
    path = files.ready_file(run, trusted=trusted)
    if is_item_list(path):
        store_item_list(run, path, progress)
    else:
        read_into_catalogue(run, path, progress=progress)
