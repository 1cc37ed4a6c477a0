"""Placeholder covers: a book's face drawn as SVG, so that nobody misses the photo.

Ground, batik geometry and layout are chosen by a hash, so a book keeps its face for ever. Presentation attributes
only, since the content security policy allows no inline style. Called by the template tag `cover`.
"""

from __future__ import annotations

import hashlib
import itertools
import unicodedata
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from html import escape

SERIF = "Iowan Old Style,Palatino Linotype,Palatino,Noto Serif,Georgia,serif"
SANS = "system-ui,Noto Sans,sans-serif"
TITLE_SIZES = (20.0, 17.5, 15.0, 13.0, 11.5)
LONGEST = 160  # characters of a title that are looked at; no cover shows more


@dataclass(frozen=True)
class Ground:
    """Two colours that carry each other's text: the ground, and the paper of pattern and letters."""

    paper: str
    ink: str


GROUNDS = (
    Ground("#5b2a2a", "#f3dfc8"), Ground("#23395d", "#f2e6cf"), Ground("#2f4a3a", "#ece3cc"),
    Ground("#2b2b33", "#e9e2d2"), Ground("#6b4a1f", "#f7ead0"), Ground("#4a2c4d", "#efe0ea"),
    Ground("#1f4e52", "#e3efe8"), Ground("#7a3b1d", "#f8e6d4"),
)  # fmt: skip


@dataclass(frozen=True)
class Batik:
    """One repeat of a pattern: its size, how it is turned, and its drawing."""

    width: int
    height: int
    turn: str
    drawing: str


BATIK = (
    # kawung: four seeds round a crossing
    Batik(36, 36, "", '<g fill="none" stroke="{ink}" stroke-width="1.4"><ellipse cx="18" cy="6.5" rx="5.5" ry="9.5"/>'
          '<ellipse cx="18" cy="29.5" rx="5.5" ry="9.5"/><ellipse cx="6.5" cy="18" rx="9.5" ry="5.5"/>'
          '<ellipse cx="29.5" cy="18" rx="9.5" ry="5.5"/><circle cx="18" cy="18" r="1.4"/></g>'),
    # parang: the slanting wave between two lines
    Batik(26, 40, ' patternTransform="rotate(45)"', '<g fill="none" stroke="{ink}" stroke-width="1.5">'
          '<path d="M0 0V40M13 2c9 3 9 12 0 18-9 6-9 15 0 18"/><circle cx="19.5" cy="20" r="2"/></g>'),
    # ceplok: a rosette in a lozenge
    Batik(40, 40, "", '<g fill="none" stroke="{ink}" stroke-width="1.3"><path d="M20 0 40 20 20 40 0 20Z"/>'
          '<path d="M20 9q6 5 11 11-5 6-11 11-6-5-11-11 5-6 11-11Z"/><circle cx="20" cy="20" r="3"/></g>'),
    # lereng: fine slanting lines with seeds between them
    Batik(14, 14, ' patternTransform="rotate(45)"', '<g stroke="{ink}" stroke-width="1.2"><path d="M0 0V14M7 0V14"/>'
          '<circle cx="3.5" cy="7" r="1.2" fill="{ink}" stroke="none"/></g>'),
)  # fmt: skip


@dataclass(frozen=True)
class Face:
    """Where a layout sets its words: the box of the title, where the author ends, and the letters' colour."""

    anchor: str
    x: float
    width: float
    top: float
    bottom: float
    author_base: float
    light: bool  # light letters on the ground, or dark ones on a light label


BAND = Face("middle", 80, 132, 84, 186, 220, light=True)
LABEL = Face("middle", 80, 104, 52, 136, 160, light=False)
SPINE = Face("start", 48, 100, 34, 172, 222, light=True)
FACES = (BAND, LABEL, SPINE)


_patterns: ContextVar[Iterator[int]] = ContextVar("patterns")


def count_patterns_from(address: str) -> None:
    """At the start of a request: a page has the same ids each time, a part that joins it has others."""
    start = int.from_bytes(hashlib.blake2b(address.encode(), digest_size=3).digest(), "big")
    _patterns.set(itertools.count(start))


def next_pattern() -> str:
    """Another id for `cover_svg`."""
    if (patterns := _patterns.get(None)) is None:
        _patterns.set(patterns := itertools.count())
    return str(next(patterns))


def cover_svg(title: str, author: str, seed: str, *, unique: str) -> str:
    """The cover as markup. `unique` keeps pattern ids apart on one page; the drawing is decoration (aria-hidden)."""
    digest = hashlib.blake2b((seed or title).encode(), digest_size=4).digest()
    ground, batik = GROUNDS[digest[0] % len(GROUNDS)], BATIK[digest[1] % len(BATIK)]
    face = FACES[digest[2] % len(FACES)]
    pattern = f"batik-{unique}"
    return (
        f'<svg class="cover" viewBox="0 0 160 240" aria-hidden="true" focusable="false"><defs><pattern id="{pattern}" '
        f'width="{batik.width}" height="{batik.height}" patternUnits="userSpaceOnUse"{batik.turn}>'
        f'{batik.drawing.format(ink=ground.ink)}</pattern></defs><rect width="160" height="240" fill="{ground.paper}"/>'
        f"{_ornament(face, ground, pattern)}{_words(face, ground, title, author)}</svg>"
    )


def _ornament(face: Face, ground: Ground, pattern: str) -> str:
    fill = f'fill="url(#{pattern})"'
    if face is BAND:
        return (
            f'<rect width="160" height="66" {fill} opacity=".55"/><rect y="66" width="160" height="1.5" '
            f'fill="{ground.ink}" opacity=".6"/><rect y="231" width="160" height="9" {fill} opacity=".5"/>'
        )
    if face is LABEL:
        return (
            f'<rect width="160" height="240" {fill} opacity=".4"/><rect x="20" y="38" width="120" height="136" rx="2" '
            f'fill="{ground.ink}"/><rect x="24.5" y="42.5" width="111" height="127" fill="none" '
            f'stroke="{ground.paper}" stroke-width="1" opacity=".55"/>'
        )
    return (
        f'<rect width="32" height="240" {fill} opacity=".6"/><rect x="32" width="1.5" height="240" '
        f'fill="{ground.ink}" opacity=".6"/>'
    )


def _words(face: Face, ground: Ground, title: str, author: str) -> str:
    colour = ground.ink if face.light else ground.paper
    size, rows = fit_title(title, face.width, face.bottom - face.top)
    step = size * 1.2
    block = (len(rows) - 1) * step + size * 0.75
    # Centred titles float in the middle of their box; a title beside a spine begins at its top.
    top = face.top if face.anchor == "start" else face.top + (face.bottom - face.top - block) / 2
    names = wrap_words(author[:LONGEST], 10, face.width, 2)
    lines = [
        _text(face, top + size * 0.75 + n * step, size, SERIF, colour, row, 600) for n, row in enumerate(rows)
    ]
    lines += [
        _text(face, face.author_base - (len(names) - 1 - n) * 13, 10, SANS, colour, row, 400)
        for n, row in enumerate(names)
    ]  # fmt: skip
    return "".join(lines)


def _text(face: Face, y: float, size: float, family: str, colour: str, words: str, weight: int) -> str:
    return (
        f'<text x="{face.x:g}" y="{y:.1f}" text-anchor="{face.anchor}" font-family="{family}" font-size="{size:g}" '
        f'font-weight="{weight}" fill="{colour}">{escape(words)}</text>'
    )


def fit_title(title: str, width: float, height: float) -> tuple[float, list[str]]:
    """The largest size at which the whole title fits the box, with its lines; else the smallest, shortened."""
    title = title[:LONGEST]
    rows: list[str] = []
    for size in TITLE_SIZES:
        lines = int((height + size * 0.45) / (size * 1.2))
        rows = wrap_words(title, size, width, lines)
        if not any(row.endswith("…") for row in rows):
            return size, rows
    return TITLE_SIZES[-1], rows


def wrap_words(text: str, size: float, width: float, lines: int) -> list[str]:
    """Words on at most `lines` lines of `width` units; what does not fit ends in an ellipsis."""
    rows: list[str] = []
    for word in text.split():
        if rows and text_width(f"{rows[-1]} {word}", size) <= width:
            rows[-1] = f"{rows[-1]} {word}"
        elif len(rows) < lines:
            rows.append(shorten(word, size, width))
        else:
            rows[-1] = shorten(f"{rows[-1].rstrip('.,:;')}…", size, width)
            break
    return rows


def shorten(word: str, size: float, width: float) -> str:
    """The word itself, or as much of it as fits with an ellipsis."""
    if text_width(word, size) <= width:
        return word
    word = word.rstrip("…")
    while len(word) > 1 and text_width(f"{word}…", size) > width:
        word = word[:-1]
    return f"{word}…"


def text_width(text: str, size: float) -> float:
    """About how wide a serif's letters run; the reader's own font is not known here, so rather too wide."""
    return size * sum(_letter(char) for char in text)


@lru_cache(maxsize=4096)
def _letter(char: str) -> float:
    if char in " iljtfrI.,:;'’!|()-":
        return 0.36
    if char in "mwMW—…":
        return 0.9
    if unicodedata.east_asian_width(char) in "WF":
        return 1.05
    if unicodedata.combining(char):
        return 0.0
    return 0.74 if char.isupper() else 0.56
