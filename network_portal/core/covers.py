"""Placeholder covers: a book's face drawn as SVG, so that nobody misses the photo.

Ground and batik pattern are chosen by the title's hash; presentation attributes only, since the content security
policy allows no inline style.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Ground:
    paper: str
    ink: str


GROUNDS = (
    Ground("#5b2a2a", "#f3dfc8"), Ground("#23395d", "#f2e6cf"), Ground("#2f4a3a", "#ece3cc"),
    Ground("#2b2b33", "#e9e2d2"), Ground("#6b4a1f", "#f7ead0"), Ground("#4a2c4d", "#efe0ea"),
    Ground("#1f4e52", "#e3efe8"), Ground("#7a3b1d", "#f8e6d4"),
)  # fmt: skip

# Batik geometries, drawn as repeating tiles: kawung, parang, ceplok, lereng.
KAWUNG = (
    36, 36, "",
    '<g fill="none" stroke="{ink}" stroke-width="1.4"><ellipse cx="18" cy="6.5" rx="5.5" ry="9.5"/>'
    '<ellipse cx="18" cy="29.5" rx="5.5" ry="9.5"/><ellipse cx="6.5" cy="18" rx="9.5" ry="5.5"/>'
    '<ellipse cx="29.5" cy="18" rx="9.5" ry="5.5"/><circle cx="18" cy="18" r="1.4"/></g>',
)  # fmt: skip
PARANG = (
    26, 40, ' patternTransform="rotate(45)"',
    '<g fill="none" stroke="{ink}" stroke-width="1.5"><path d="M0 0V40M13 2c9 3 9 12 0 18-9 6-9 15 0 18"/>'
    '<circle cx="19.5" cy="20" r="2"/></g>',
)  # fmt: skip
CEPLOK = (
    40, 40, "",
    '<g fill="none" stroke="{ink}" stroke-width="1.3"><path d="M20 0 40 20 20 40 0 20Z"/>'
    '<path d="M20 9q6 5 11 11-5 6-11 11-6-5-11-11 5-6 11-11Z"/><circle cx="20" cy="20" r="3"/></g>',
)  # fmt: skip
LERENG = (
    14, 14, ' patternTransform="rotate(45)"',
    '<g stroke="{ink}" stroke-width="1.2"><path d="M0 0V14M7 0V14"/>'
    '<circle cx="3.5" cy="7" r="1.2" fill="{ink}" stroke="none"/></g>',
)  # fmt: skip
BATIK = (KAWUNG, PARANG, CEPLOK, LERENG)


def wrap_words(text: str, width: int, lines: int) -> list[str]:
    """Words on at most `lines` lines of about `width` characters; what does not fit ends in an ellipsis."""
    rows: list[str] = []
    words = text.split()
    for index, word in enumerate(words):
        word = word if len(word) <= width + 2 else word[: width + 1] + "…"
        if rows and len(rows[-1]) + 1 + len(word) <= width:
            rows[-1] += f" {word}"
        elif len(rows) < lines:
            rows.append(word)
        else:
            rows[-1] = rows[-1].rstrip("….,") + "…"
            break
        if index == 40:
            break
    return rows


def cover_svg(title: str, author: str, seed: str, *, unique: str) -> str:
    """The cover as markup. `unique` keeps pattern ids apart on one page; the drawing is decoration (aria-hidden)."""
    digest = hashlib.blake2b((seed or title).encode(), digest_size=4).digest()
    ground, batik = GROUNDS[digest[0] % len(GROUNDS)], BATIK[digest[1] % len(BATIK)]
    width, height, turn, tile = batik
    pattern = f"batik-{unique}"
    rows = wrap_words(title, 15, 5)
    names = wrap_words(author, 22, 2)
    top = 134 - (len(rows) - 1) * 11
    size = 17 if max((len(row) for row in rows), default=0) <= 14 else 14.5
    lines = [
        f'<text x="80" y="{top + index * 22}" text-anchor="middle" font-family="Palatino,Noto Serif,Georgia,serif" '
        f'font-size="{size}" font-weight="600" fill="{ground.ink}">{escape(row)}</text>'
        for index, row in enumerate(rows)
    ] + [
        f'<text x="80" y="{208 + index * 14}" text-anchor="middle" font-family="system-ui,Noto Sans,sans-serif" '
        f'font-size="10.5" fill="{ground.ink}" opacity=".85">{escape(row)}</text>'
        for index, row in enumerate(names)
    ]
    return (
        f'<svg class="cover" viewBox="0 0 160 240" aria-hidden="true" focusable="false"><defs><pattern id="{pattern}" '
        f'width="{width}" height="{height}" patternUnits="userSpaceOnUse"{turn}>{tile.format(ink=ground.ink)}'
        f'</pattern></defs><rect width="160" height="240" fill="{ground.paper}"/>'
        f'<rect width="160" height="72" fill="url(#{pattern})" opacity=".55"/>'
        f'<rect y="72" width="160" height="1.5" fill="{ground.ink}" opacity=".6"/>'
        f'<rect y="232" width="160" height="8" fill="url(#{pattern})" opacity=".5"/>{"".join(lines)}</svg>'
    )
