"""The index writer's part, run by bench.py: `drain FOLDER` beside a load until that has `loaded`, or `rebuild`."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path


def main() -> None:
    import django

    django.setup()
    from catalog.search import indexer
    from network_portal.core.actor import Actor

    started = time.monotonic()
    if sys.argv[1] == "rebuild":
        documents = indexer.rebuild(actor=Actor.system(channel="command")).documents
    else:
        documents = _drain(Path(sys.argv[2]))
    print(json.dumps({"documents": documents, "seconds": time.monotonic() - started}))  # noqa: T201


def _drain(folder: Path) -> int:
    """What the index worker does: what pours in piece by piece, and the rest as soon as the last run has ended."""
    from catalog.models import DirtyEdition
    from catalog.search import indexer
    from tests.perf.watched import starting_line

    starting_line(folder, "index")
    flag, written = folder / "loaded", 0
    while True:
        over = flag.exists()
        written += indexer.index_dirty(patient=not over).written
        if over and not DirtyEdition.objects.exists():
            return written
        asked = time.monotonic()
        while time.monotonic() - asked < 1 and not flag.exists():
            time.sleep(0.02)


if __name__ == "__main__":
    main()
