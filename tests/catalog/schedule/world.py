"""What the tests of time and turns build: sources of many small pages, hours in Jakarta, a hand on the pause button."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from catalog.choices import SourceKind
from catalog.models import Run, Source
from catalog.services import schedule as services
from tests.catalog.building import SYSTEM, marc, source, write

PAGE = 100
NIGHT = {"night_from": time(22), "night_until": time(4)}


def file_source(folder: Path, count: int, **values: Any) -> Source:
    name = f"{count}-{Source.objects.count()}"
    path = write(folder, *(marc(f"{name}-{n}", f"Judul {n} dari {name}", year=1990) for n in range(count)),
                 name=f"{name}.mrc")  # fmt: skip
    return source(kind=SourceKind.PATH, path=str(path), interval_hours=24, **values)


def jakarta(hour: int, day: int = 10) -> datetime:
    """An hour of November 2026 on a clock in Jakarta, seven hours before UTC's."""
    return datetime(2026, 11, day, hour, tzinfo=ZoneInfo("Asia/Jakarta"))


def pause_after(pages: int) -> Any:
    """A progress that presses the pause button once so many pages are in."""
    left = iter(range(pages - 1, -1, -1))

    def progress(run: Run, counts: object) -> None:
        if next(left, None) == 0:
            services.run_pause(run=run, actor=SYSTEM)

    return progress
