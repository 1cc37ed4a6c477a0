"""Loads files of a corpus, each as its library's source, as one process of the harvester does. Run by loading.py:
`load_all FOLDER NAME`; it takes each file that no other process of the same loading has taken."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path


def main() -> None:
    import django

    django.setup()
    from catalog.models import Source
    from catalog.services.load import load_paths
    from members.models import Library
    from network_portal.core.actor import Actor
    from tests.perf.watched import starting_line

    folder = Path(sys.argv[1])
    starting_line(folder, sys.argv[2])
    started, read = time.monotonic(), 0
    for path in sorted(folder.glob("*.mrc")):
        try:
            (folder / f"{path.stem}.taken").touch(exist_ok=False)
        except FileExistsError:
            continue
        library, _ = Library.objects.get_or_create(
            short_code=path.stem, defaults={"name": path.stem, "library_type": "academic", "city": "Bandung"}
        )
        # Among the real files some are broken on purpose.
        source, _ = Source.objects.get_or_create(
            library=library, name="bench", defaults={"max_bad_percent": 100}
        )
        read += load_paths(source=source, paths=[path], actor=Actor.system(channel="command")).read
    print(json.dumps({"records": read, "seconds": time.monotonic() - started}))  # noqa: T201


if __name__ == "__main__":
    main()
