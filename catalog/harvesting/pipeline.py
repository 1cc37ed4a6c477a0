"""One run over one file: pages from the parsing helper, written one transaction each, until the end or a stop.

Called by services/runs.py. What a killed worker leaves behind is a committed checkpoint; the next one goes on there.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from catalog.formats.errors import FormatError
from catalog.harvesting.errors import RunFailed
from catalog.harvesting.feeder import Feeder, open_feeder
from catalog.harvesting.files import fingerprint
from catalog.harvesting.judge import judge
from catalog.harvesting.pages import PAGE_RECORDS, Page
from catalog.harvesting.stop import RunStopped as RunStopped
from catalog.harvesting.stop import check_stop as check_stop
from catalog.harvesting.write import Counts, Item, PageWriter
from catalog.models import Run
from network_portal.core.memory import rare_collections

Progress = Callable[[Run, Counts], None]


def read_into_catalogue(
    run: Run, path: Path, *, progress: Progress | None = None, page_records: int = PAGE_RECORDS,
    writer: PageWriter | None = None,
) -> None:  # fmt: skip
    """Read the file from the run's checkpoint on; `writer` may do something else with its pages.

    Raises RunFailed, RunStopped, RunLost, HelperDied.
    """
    _begin(run, path)
    writer = writer or PageWriter(run, run.source)
    resume = run.checkpoint.get("resume")
    with (
        rare_collections(),
        open_feeder(
            path,
            fallback=run.source.fallback_encoding,
            resume=resume,
            done=run.checkpoint.get("position", 0),
            page_records=page_records,
            rules=run.source.rules,
        ) as feeder,
    ):
        try:
            page = feeder.page()
        except FormatError as refusal:
            raise RunFailed(refusal.code, refusal.message) from None
        wanted = _ask(feeder, writer, page, set()) if page else set()
        while page:
            following = feeder.page()
            prepared = iter(feeder.prepared())
            items: list[Item] = [
                (head, next(prepared) if index in wanted else None) for index, head in enumerate(page.heads)
            ]
            in_flight = {head.identifier for head in page.heads}
            # The helper prepares the next page while this one is written.
            wanted = _ask(feeder, writer, following, in_flight) if following else set()
            counts = writer.write(page, items)
            if progress:
                progress(run, counts)
            judge(run)
            check_stop(run)
            page = following


def _ask(feeder: Feeder, writer: PageWriter, page: Page, in_flight: set[str]) -> set[int]:
    wanted = writer.unknown(page, in_flight)
    feeder.want(wanted)
    return set(wanted)


def _begin(run: Run, path: Path) -> None:
    """A checkpoint counts only in the very file it was made in; in another one the run begins anew."""
    mark = fingerprint(path)
    if run.checkpoint.get("file") != mark:
        run.checkpoint = {"file": mark}
        run.bytes_done = 0
        for name in vars(Counts()):
            setattr(run, name, 0)
        run.warnings = {}
        run.rejects.all().delete()
    run.bytes_total = path.stat().st_size
    # Somebody may have pressed stop while the file was fetched: that word is not overwritten.
    run.save(update_fields=["checkpoint", "bytes_done", "bytes_total", "warnings", *vars(Counts())])
    run.refresh_from_db(fields=["stop_asked"])
    if run.stop_asked:
        raise RunStopped
