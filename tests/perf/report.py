"""Figures as JSON lines on the screen and as tables in docs/benchmarks.md.

What each stage measured last is kept in tests/perf/results.json, with its day and size: a stage that is measured alone
replaces its own figures and leaves the others as they were.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

KEPT = Path(__file__).with_name("results.json")


@dataclass(frozen=True)
class Row:
    name: str
    value: float
    what: str
    limit: str
    met: bool


@dataclass
class Stage:
    name: str
    day: str
    size: str  # what it was measured on
    machine: str
    rows: list[Row] = field(default_factory=list)


class Report:
    def __init__(self, path: Path, records: int, libraries: int, kept: Path = KEPT) -> None:
        self._path, self._kept = path, kept
        self._size = f"{records:,} generated records in {libraries} libraries"
        self._stages: dict[str, Stage] = {}
        self._now = self._stage("other")

    @property
    def floors_met(self) -> bool:
        return all(row.met for stage in self._stages.values() for row in stage.rows)

    @contextmanager
    def stage(self, name: str, size: str = "") -> Iterator[None]:
        """Figures added inside belong to it. Left by an error, it leaves no figures behind."""
        self._now = self._stage(name, size)
        yield
        self._stages[name] = self._now

    def _stage(self, name: str, size: str = "") -> Stage:
        return Stage(name, f"{datetime.now(timezone.utc):%Y-%m-%d}", size or self._size, _machine())

    def add(self, name: str, value: float, what: str, *, floor: float = 0, ceiling: float = 0) -> None:
        met = value >= floor and (not ceiling or value <= ceiling)
        limit = f"at least {floor:,.0f}" if floor else f"at most {ceiling:g}" if ceiling else ""
        self._now.rows.append(Row(name, round(value, 4), what, limit, met))
        print(json.dumps({"figure": name, "value": round(value, 4), "limit": limit, "met": met}), flush=True)  # noqa: T201

    def write(self) -> None:
        """The figures of these stages beside what was kept of the others."""
        kept: dict[str, Any] = json.loads(self._kept.read_text()) if self._kept.exists() else {}
        kept |= {name: asdict(stage) for name, stage in self._stages.items()}
        self._kept.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")
        self._path.parent.mkdir(exist_ok=True)
        self._path.write_text(page(kept))


def page(kept: dict[str, Any]) -> str:
    lines = [
        "# Benchmarks", "",
        "Measured by `make bench`, a stage of it with `make bench BENCH=search`, and written by it: each table says",
        "when and on how much. PostgreSQL, Redis and the measuring client ran on the same machine as the portal. What",
        "misses its limit is marked; why, and what was tried, stands in the page of its room.", "",
    ]  # fmt: skip
    for name, stage in kept.items():
        lines += [f"## {name}", "", f"{stage['day']}, {stage['size']}. {stage['machine']}.", ""]
        lines += ["| figure | value | limit | what |", "|---|---:|---|---|", *map(_line, stage["rows"]), ""]
    lines += [
        "The generated records are cleaner than real ones: precision and recall here show that the matcher",
        "does not break under bulk, not how good it is on real catalogues ([matching.md](matching.md)).",
        "",
    ]
    return "\n".join(lines)


def _line(row: dict[str, Any]) -> str:
    missed = "" if row["met"] else " **missed**"
    return f"| {row['name']} | {_number(row['value'])} | {row['limit']}{missed} | {row['what']} |"


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
