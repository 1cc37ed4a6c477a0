"""Every engine of the project, each with the same small shelf. A new engine adds one line to ENGINES."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from catalog.search.engine import SearchEngine
from catalog.search.tantivy_engine import TantivyEngine
from tests.catalog.search.corpus import SHELF

ENGINES: dict[str, Callable[[Path], SearchEngine]] = {"tantivy": lambda folder: TantivyEngine(folder)}


@pytest.fixture(params=sorted(ENGINES))
def engine(request: Any, tmp_path: Path) -> SearchEngine:
    """Empty: nothing built yet."""
    return ENGINES[request.param](tmp_path / "engine")


@pytest.fixture
def shelf(engine: SearchEngine) -> SearchEngine:
    engine.create("one")
    with engine.writer("one") as writer:
        writer.index(SHELF)
        writer.commit()
    engine.switch("one")
    return engine
