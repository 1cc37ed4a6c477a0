"""The sets of rules that come with the portal, read from data/*.json."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from loans.copyright.schema import RuleSet, parse

DATA = Path(__file__).parent / "data"


def raw_sets() -> list[dict[str, Any]]:
    """The data as it stands in the files, one per jurisdiction, in the order of their names."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(DATA.glob("*.json"))]


@lru_cache(maxsize=1)
def shipped_sets() -> dict[str, RuleSet]:
    """By jurisdiction. The files are part of the release, so they are read once."""
    return {found.jurisdiction: found for found in (parse(raw) for raw in raw_sets())}
