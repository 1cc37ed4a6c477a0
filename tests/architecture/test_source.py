"""Rules that hold for the source as a whole; each detector is also shown what it must find."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture import detectors as find


def faults(paths: list[Path], detector: object) -> list[str]:
    assert paths, "nothing was looked at"
    assert callable(detector)
    return [
        f"{find.short(path)}: {fault}"
        for path in paths
        for fault in detector(path.read_text(encoding="utf-8"))
    ]


def test_imports_point_down() -> None:
    found = []
    for path in find.sources():
        found += find.upward_imports(path.read_text(encoding="utf-8"), find.module_of(path))
    assert found == []


@pytest.mark.parametrize(
    ("module", "line", "wrong"),
    [
        ("network_portal.core.mail", "from members.models import User", True),
        ("catalog.views.search", "def f():\n    from loans import services", True),
        ("catalog.services.load", "import members.models", False),
        ("members.services.people", "from ..catalog import selectors", False),
        ("loans.views", "from network_portal.pages import errors", True),
        ("network_portal.pages.views", "from network_portal.demo import works", True),
        ("network_portal.pages.views", "from loans import selectors", False),
    ],
)
def test_the_import_detector_sees_upward_imports(module: str, line: str, wrong: bool) -> None:
    assert bool(find.upward_imports(line, module)) is wrong


def test_import_contracts_hold() -> None:
    tool = Path(sys.executable).parent / "lint-imports"
    result = subprocess.run(
        [str(tool), "--no-cache"],
        cwd=find.ROOT,
        env={"PYTHONPATH": "."},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-1000:]


# The engine: takes a step, writes it, carries out what hangs on it, and takes it back.
ENGINE = [f"loans/workflow/{name}.py" for name in ("engine", "moving", "effects", "backwards")]


def test_only_the_engine_changes_a_status() -> None:
    files = [path for path in find.sources("loans") if find.short(path) not in ENGINE]
    above = [
        path for path in find.sources("network_portal/demo", "network_portal/pages") if _knows_loans(path)
    ]
    assert faults(files + above, find.status_writes) == []
    written = [find.status_writes((find.ROOT / name).read_text(encoding="utf-8")) for name in ENGINE[1:]]
    assert all(written), "the engine itself must be found"


def _knows_loans(path: Path) -> bool:
    names = find.imports(path.read_text(encoding="utf-8"), find.module_of(path))
    return any(name.split(".")[0] == "loans" for _line, name in names)


@pytest.mark.parametrize(
    "line",
    [
        "request.status = 'shipped'",
        "a.status, b = 1, 2",
        "rows.filter(pk=1).update(status='shipped')",
        "setattr(request, 'status', 'shipped')",
        "Request.objects.bulk_update(rows, ['status'])",
    ],
)
def test_the_status_detector_sees_each_way_to_write_one(line: str) -> None:
    assert find.status_writes(line)


def test_reading_a_status_is_allowed() -> None:
    assert (
        find.status_writes("if request.status == 'shipped':\n    x = request.status\n    row.update(note='')")
        == []
    )


def test_views_contain_no_queries() -> None:
    views = [path for path in find.sources() if find.is_view_file(path)]
    assert faults(views, find.orm_in_view) == []


@pytest.mark.parametrize(
    "line",
    [
        "Library.objects.get(pk=1)",
        "rows.filter(a=1)",
        "get_object_or_404(Library, pk=1)",
        "rows.select_related('x')",
        "rows.values('x')",
    ],
)
def test_the_query_detector_sees_queries(line: str) -> None:
    assert find.orm_in_view(line)


def test_nothing_is_printed() -> None:
    assert faults(list(find.sources()), find.prints) == []
    assert find.prints("def f():\n    print('x')")
