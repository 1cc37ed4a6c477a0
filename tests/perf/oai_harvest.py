"""How fast an OAI-PMH server on loopback is harvested, end to end. Run by bench.py, or by hand.

`python -m tests.perf.oai_harvest 20000 100` against DATABASE_URL (a throw-away database that is migrated) prints one
line of JSON: seconds, records, records_per_second, cpu_seconds (this process alone, its thread for fetching included).
"""

from __future__ import annotations

import json
import os
import sys
import time


def harvest(count: int, page: int) -> dict[str, float]:
    """A server process with so many records, and one run over it in this process."""
    from catalog.choices import RunStatus, SourceKind
    from catalog.models import Source
    from catalog.services.runs import run_execute, run_queue
    from members.models import Library
    from network_portal.core.actor import Actor
    from tests.catalog.harvesting.oai_process import oai_process

    actor = Actor.system(channel="command")
    named = {"name": "Perpustakaan OAI", "library_type": "academic", "city": "Bandung"}
    library, _ = Library.objects.get_or_create(short_code="OAIUJI", defaults=named)
    with oai_process(count, page) as url:
        source = Source.objects.create(library=library, name=url, kind=SourceKind.OAI_PMH, url=url)
        queued = run_queue(source=source, actor=actor)
        begun, used = time.perf_counter(), time.process_time()
        run = run_execute(run_id=queued.pk, actor=actor, trusted=True)
        seconds, cpu = time.perf_counter() - begun, time.process_time() - used
    if run is None or run.status != RunStatus.DONE or run.read != count:
        raise SystemExit(
            f"The harvest did not come through: {run and (run.status, run.message_code, run.read)}"
        )
    return {
        "seconds": round(seconds, 3), "records": count, "records_per_second": round(count / seconds, 1),
        "cpu_seconds": round(cpu, 3),
    }  # fmt: skip


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "network_portal.settings")
    os.environ["ALLOW_PRIVATE_ADDRESSES"] = "1"
    import django

    django.setup()
    count, page = (int(text) for text in [*sys.argv[1:], "20000", "100"][:2])
    sys.stdout.write(f"{json.dumps(harvest(count, page))}\n")


if __name__ == "__main__":
    main()
