"""The only writer of the search index: brings over changes from the outbox, rebuilds the whole.

Called by catalog.tasks_index and `manage.py rebuild_index`; a PostgreSQL advisory lock lets in one at a time.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta

import structlog
from django.db import connection, transaction
from django.db.models import Count, Min, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.choices import GenerationState
from catalog.models import DirtyEdition, Edition, IndexGeneration
from catalog.search.answers import SearchUnavailable
from catalog.search.documents import load_documents
from catalog.search.engine import EngineWriter, SearchEngine, get_engine
from network_portal.core.actor import Actor
from network_portal.core.jobs import JobTracker, job_create
from network_portal.core.memory import rare_collections

log = structlog.get_logger(__name__)

LOCK = 7_301_530_420  # any number that nothing else in this database locks
BATCH = 2000
OUTBOX_ROWS = 10 * BATCH  # brought over between two commits of the index, at most
MERGED = 8  # segments that the engine makes one of
PIECE = 20  # while thousands pour in, one commit for each so many-th part of what the index holds
MANY = 1000  # changes at once are a loading, not somebody at work
SETTLE = timedelta(seconds=8)
JOB_KIND = "search.rebuild"
DRAIN_EVERY = 1.0  # seconds: how old the live index may grow while a new one is built
_HAND_ON = """
WITH gone AS (DELETE FROM catalog_dirtyedition WHERE id = ANY(%s) RETURNING edition_id)
INSERT INTO catalog_headingoutbox (edition_id) SELECT DISTINCT edition_id FROM gone
"""


class IndexBusy(Exception):
    """Another process is writing the index."""


@dataclass
class Drained:
    """`taken` outbox rows led to `written` documents and `removed` ones."""

    taken: int = 0
    written: int = 0
    removed: int = 0
    rebuilt: bool = False


@dataclass(frozen=True)
class Rebuilt:
    generation: str
    documents: int
    seconds: float


@contextmanager
def writing_alone() -> Iterator[None]:
    """Raises IndexBusy at once if another session writes. May be nested in one session."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            raise IndexBusy
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def index_dirty(*, engine: SearchEngine | None = None, patient: bool = False) -> Drained:
    """Bring everything in the outbox into the live index; build one where none can be read.

    `patient`: while thousands of changes pour in, wait until they make a large piece or are SETTLE seconds old. Each
    commit is a segment that has to be merged later, so a large loading would otherwise be indexed several times over.
    Raises IndexBusy while another process writes: the outbox keeps what waits.
    """
    engine = engine or get_engine()
    live = _readable_generation(engine)
    if live and (not DirtyEdition.objects.exists() or (patient and _pouring_in(engine.document_count()))):
        return Drained()
    with writing_alone():
        live = _readable_generation(engine)
        if not live:
            rebuild(actor=Actor.system(), engine=engine)
            return Drained(rebuilt=True)
        with rare_collections(), engine.writer(live) as writer:
            return _drain([writer])


def _pouring_in(documents: int) -> bool:
    """Many changes, none of them old, and not yet a piece's worth for an index of so many documents."""
    piece = min(max(documents // PIECE, BATCH), OUTBOX_ROWS)
    waiting = DirtyEdition.objects.order_by("pk")[:piece].aggregate(rows=Count("pk"), oldest=Min("marked_at"))
    return bool(MANY <= waiting["rows"] < piece and timezone.now() - waiting["oldest"] < SETTLE)


def _readable_generation(engine: SearchEngine) -> str:
    try:
        engine.document_count()
    except SearchUnavailable:
        return ""
    return engine.live_generation()


def _drain(writers: Sequence[EngineWriter]) -> Drained:
    """Until the outbox is empty."""
    done = Drained()
    while _drain_batch(writers, done):
        pass
    return done


def _drain_batch(writers: Sequence[EngineWriter], done: Drained) -> bool:
    """Rows are removed only after the index has its changes on disk: after a crash they come again."""
    with transaction.atomic():
        rows = list(
            # No other process takes rows: `writing_alone` sees to that.
            DirtyEdition.objects.order_by("pk").values_list("pk", "edition_id")[:OUTBOX_ROWS]
        )
        if not rows:
            return False
        ids = sorted({edition_id for _pk, edition_id in rows})
        for start in range(0, len(ids), BATCH):
            _bring(writers, ids[start : start + BATCH], done)
        for writer in writers:
            writer.commit()
        _remove([pk for pk, _edition in rows])
    done.taken += len(rows)
    return len(rows) == OUTBOX_ROWS


def _remove(outbox: Sequence[int]) -> None:
    """Out of this outbox and into that of the headings (catalog/browsing/keeping.py)."""
    with connection.cursor() as cursor:
        cursor.execute(_HAND_ON, [list(outbox)])


def _bring(writers: Sequence[EngineWriter], ids: Sequence[int], done: Drained) -> None:
    documents = list(load_documents(ids))
    gone = set(ids) - {document.edition_id for document in documents}
    for writer in writers:
        writer.index(documents)
        writer.delete(gone)
    done.written += len(documents)
    done.removed += len(gone)


def rebuild(*, actor: Actor, engine: SearchEngine | None = None) -> Rebuilt:
    """Build a new generation from the database, switch to it, drop the others. Raises IndexBusy.

    Changes that arrive meanwhile go into both the live and the new generation, so searches stay current and
    the new one starts complete. Where there is no live one, the new one goes live first and then takes what arrived;
    what waited in the outbox before the first edition was read is in it already and is not read a second time.
    """
    engine = engine or get_engine()
    with writing_alone():
        started = time.monotonic()
        name = _new_generation(engine)
        run = job_create(
            kind=JOB_KIND, label=_("Rebuild the search index"), actor=actor, total=_visible().count()
        )  # fmt: skip
        with JobTracker(run) as job:
            with rare_collections(), ExitStack() as stack:
                new = stack.enter_context(engine.writer(name))
                live = _live_writer(engine, stack)
                settled = [] if live else list(DirtyEdition.objects.values_list("pk", flat=True))
                documents = _fill(new, [*live, new] if live else [], job)
                if live:
                    _drain([*live, new])
                engine.switch(name)
                if not live:
                    _forget(settled)
                    _drain([new])
            _settle(engine, name)
            job.log(f"{documents} documents in {name}")
        return Rebuilt(name, engine.document_count(), round(time.monotonic() - started, 2))


def _forget(outbox: Sequence[int]) -> None:
    for start in range(0, len(outbox), 10 * BATCH):
        _remove(outbox[start : start + 10 * BATCH])


def _new_generation(engine: SearchEngine) -> str:
    """An empty folder and its row; what an interrupted build left behind is removed first."""
    _settle(engine, engine.live_generation())
    name = f"{timezone.now():%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
    IndexGeneration.objects.create(name=name, engine=engine.name, state=GenerationState.BUILDING)
    engine.create(name)
    return name


def _live_writer(engine: SearchEngine, stack: ExitStack) -> list[EngineWriter]:
    if not (live := _readable_generation(engine)):
        return []
    try:
        return [stack.enter_context(engine.writer(live))]
    except SearchUnavailable:  # damaged: it is being replaced anyway
        return []


def _visible() -> QuerySet[Edition]:
    editions: QuerySet[Edition] = Edition.objects.filter(merged_into=None, record_count__gt=0)
    return editions


def _fill(new: EngineWriter, both: Sequence[EngineWriter], job: JobTracker) -> int:
    last = documents = uncommitted = 0
    drained, piece = time.monotonic(), _piece(_visible().count())
    while True:
        most = min(BATCH, piece - uncommitted)
        ids = list(_visible().filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:most])
        if not ids:
            break
        last = ids[-1]
        written = new.index(load_documents(ids))
        documents += written
        uncommitted += len(ids)
        job.advance(len(ids), documents=written)
        if both and time.monotonic() - drained > DRAIN_EVERY and DirtyEdition.objects.exists():
            _drain(both)
            drained, uncommitted = time.monotonic(), 0
        if uncommitted >= piece:
            new.commit()
            uncommitted = 0
    new.commit()
    return documents


def _piece(editions: int) -> int:
    """How many editions between two commits of a rebuild, so that one segment is left at its end.

    The engine merges eight segments of like size into one. A number of equal pieces that is a power of eight ends as
    a single segment, where the values of a filter are looked up once instead of nine times.
    """
    pieces = 1
    while editions > pieces * OUTBOX_ROWS:
        pieces *= MERGED
    return max(-(-editions // pieces), 1)


def _settle(engine: SearchEngine, live: str) -> None:
    """Make the rows and folders agree with what readers read: the pointer is the truth."""
    with transaction.atomic():
        rows = IndexGeneration.objects.exclude(name=live)
        rows.filter(state=GenerationState.LIVE).update(state=GenerationState.RETIRED)
        rows.filter(state=GenerationState.BUILDING).delete()
        IndexGeneration.objects.filter(name=live).exclude(state=GenerationState.LIVE).update(
            state=GenerationState.LIVE, switched_at=timezone.now(), documents=_count(engine)
        )
    for name in engine.generations():
        if name != live:
            engine.drop(name)


def _count(engine: SearchEngine) -> int:
    try:
        return engine.document_count()
    except SearchUnavailable:
        return 0
