"""What must work before the portal can serve: probes by name, run by /readyz. Rooms above core register their own."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

log = structlog.get_logger(__name__)
Probe = Callable[[], object]


class NotReady(Exception):
    """Raised by a probe that finds something wrong which is no error in itself."""


_probes: dict[str, Probe] = {}


def register(name: str, probe: Probe) -> None:
    """`probe` raises when its part does not work; what it returns is ignored."""
    _probes[name] = probe


def results() -> dict[str, str]:
    """Each part with "ok" or the kind of its failure; details go to the log, since anyone may read the page."""
    found = {}
    for name, probe in _probes.items():
        try:
            probe()
            found[name] = "ok"
        except NotReady as reason:
            found[name] = str(reason)
        except Exception as error:  # noqa: BLE001  whatever a part raises, the answer is "not ready"
            log.warning("not_ready", part=name, error=str(error))
            found[name] = type(error).__name__
    return found


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _redis() -> None:
    cache.set("readyz", "1", timeout=5)
    if cache.get("readyz") != "1":
        raise NotReady("forgets")


def _migrations() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise NotReady("unapplied")


register("database", _database)
register("redis", _redis)
register("migrations", _migrations)
