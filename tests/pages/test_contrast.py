"""Contrast of every pair of colours that the stylesheets put on each other (WCAG 2.2, 1.4.3 and 1.4.11)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).resolve().parents[2] / "static" / "css" / "tokens.css"
TEXT = [
    ("ink", "paper"), ("ink", "surface"), ("ink", "sunk"), ("ink-2", "paper"), ("ink-2", "surface"), ("ink-2", "sunk"),
    ("nila", "paper"), ("nila", "surface"), ("nila", "nila-wash"), ("on-nila", "nila"), ("on-nila", "nila-2"),
    ("ok", "ok-wash"), ("care", "care-wash"), ("stop", "stop-wash"), ("stop", "paper"), ("stop", "surface"),
    ("care", "paper"), ("care", "surface"), ("on-stop", "stop"), ("ink", "care-wash"), ("ink", "nila-wash"),
    ("ink-2", "nila-wash"),
]  # fmt: skip
EDGES = [
    ("line-2", "paper"),
    ("line-2", "surface"),
    ("nila", "paper"),
    ("nila", "surface"),
    ("stop", "surface"),
]


def palettes() -> dict[str, dict[str, str]]:
    css = TOKENS.read_text(encoding="utf-8")
    light, _, dark = css.partition("prefers-color-scheme: dark")
    found = {
        name: dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", part))
        for name, part in (("light", light), ("dark", dark))
    }
    found["dark"] = {**found["light"], **found["dark"]}
    return found


def contrast(one: str, other: str) -> float:
    """Contrast ratio as WCAG defines it, 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_measure_itself_is_right() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("palette", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_stands_out_from_its_ground(palette: str, text: str, ground: str) -> None:
    colours = palettes()[palette]
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("palette", ["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_borders_and_focus_can_be_seen(palette: str, edge: str, ground: str) -> None:
    colours = palettes()[palette]
    assert contrast(colours[edge], colours[ground]) >= 3


def test_dark_is_a_palette_of_its_own() -> None:
    found = palettes()
    assert all(
        found["dark"][name] != found["light"][name] for name in ("paper", "ink", "nila", "ok", "care", "stop")
    )
