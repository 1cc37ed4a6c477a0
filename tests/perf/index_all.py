"""Lets the index writer take all that is in the outbox. Run by bench.py."""

from __future__ import annotations

import json
import time


def main() -> None:
    import django

    django.setup()
    from catalog.models import DirtyEdition, Edition
    from catalog.search import indexer

    started = time.monotonic()
    indexer.index_dirty()
    seconds = time.monotonic() - started
    if DirtyEdition.objects.exists():
        raise SystemExit("the outbox is not empty")
    titles = Edition.objects.filter(merged_into=None, library_count__gt=0).count()
    print(json.dumps({"titles": titles, "seconds": seconds}))  # noqa: T201


if __name__ == "__main__":
    main()
