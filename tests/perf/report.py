"""Figures as JSON lines on the screen and as a table in docs/benchmarks.md."""

from __future__ import annotations

import json
import os
import platform
from datetime import datetime, timezone
from pathlib import Path


class Report:
    def __init__(self, path: Path, records: int, libraries: int) -> None:
        self._path, self._records, self._libraries = path, records, libraries
        self._rows: list[tuple[str, float, str, str, bool]] = []

    @property
    def floors_met(self) -> bool:
        return all(row[4] for row in self._rows)

    def add(self, name: str, value: float, what: str, *, floor: float = 0, ceiling: float = 0) -> None:
        met = value >= floor and (not ceiling or value <= ceiling)
        limit = f"at least {floor:,.0f}" if floor else f"at most {ceiling:g}" if ceiling else ""
        self._rows.append((name, value, what, limit, met))
        print(json.dumps({"figure": name, "value": round(value, 4), "limit": limit, "met": met}), flush=True)  # noqa: T201

    def write(self) -> None:
        lines = [
            "# Benchmarks",
            "",
            f"Measured by `make bench` on {datetime.now(timezone.utc):%Y-%m-%d} with {self._records:,} generated "
            f"records in {self._libraries} libraries; 35 % of them describe an edition that another one has.",
            f"Machine: {_machine()}. PostgreSQL, Redis and the measuring client ran on the same machine.",
            "",
            "| figure | value | limit | what |",
            "|---|---:|---|---|",
            *(
                f"| {name} | {_number(value)} | {limit}{'' if met else ' **missed**'} | {what} |"
                for name, value, what, limit, met in self._rows
            ),
            "",
            "The generated records are cleaner than real ones: precision and recall here show that the matcher",
            "does not break under bulk, not how good it is on real catalogues (see matching.md).",
            "",
        ]
        self._path.parent.mkdir(exist_ok=True)
        self._path.write_text("\n".join(lines))


def _number(value: float) -> str:
    return f"{value:.4f}" if value <= 1 else f"{value:,.2f}" if value < 100 else f"{value:,.0f}"


def _machine() -> str:
    model = "unknown processor"
    for line in Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else ():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    pages = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    python = f"Python {platform.python_version()}"
    return f"{os.cpu_count()} cores ({model}), {pages:.0f} GB memory, {platform.system()}, {python}"
