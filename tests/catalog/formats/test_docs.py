"""docs/formats.md names every format, every repair and every explanation."""

from __future__ import annotations

from pathlib import Path

from catalog.formats.errors import WARNINGS
from catalog.formats.reader import FORMATS

from .test_counts import EXPLANATIONS

TEXT = (Path(__file__).resolve().parents[3] / "docs" / "formats.md").read_text("utf-8")


def test_the_documentation_names_them_all() -> None:
    missing = [code for code in (*FORMATS, *WARNINGS, *EXPLANATIONS) if f"| `{code}` |" not in TEXT]
    assert missing == []
