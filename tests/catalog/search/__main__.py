"""`python -m tests.catalog.search`: how well the questions of the relevance set are answered, one by one."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "network_portal.settings")
    import django

    django.setup()
    from tests.catalog.search.relevance import answered, built, report

    with tempfile.TemporaryDirectory() as folder:
        sys.stdout.write(report(answered(built(Path(folder)))) + "\n")


if __name__ == "__main__":
    main()
