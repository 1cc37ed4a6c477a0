"""Sets an item of CSL in a style, as plain text and as HTML with nothing but <i> in it.

citeproc-py puts titles into its HTML as they come, so its own formatter is not used: italics are marked with two
signs that no text holds (items.py leaves them out), everything is escaped, and only then the marks become tags.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace

from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle
from citeproc.source.json import CiteProcJSON
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from catalog.citing.items import Item, item_of
from catalog.models import Edition

FOLDER = Path(__file__).parent / "styles"
BEGIN, END = "\ue000", "\ue001"  # of the private use area: not printable, so never part of an item
_lock = threading.Lock()  # a style keeps what it is doing in itself


@dataclass(frozen=True)
class Style:
    code: str
    label: str | Promise
    language: str
    tells_own_publisher: bool = True  # also where the author publishes itself


STYLES = (
    Style("apa", "APA", "en", tells_own_publisher=False),
    Style("mla", "MLA", "en"),
    Style("chicago", "Chicago", "en"),
    Style("daftar-pustaka", _("Indonesian practice"), "id"),
)


@dataclass(frozen=True)
class Cited:
    style: Style
    text: str
    html: SafeString


def citations_of(edition: Edition) -> list[Cited]:
    """One for each style."""
    items = {language: item_of(edition, language) for language in {style.language for style in STYLES}}
    return [cited(items[style.language], style) for style in STYLES]


def cited(item: Item, style: Style) -> Cited:
    if not style.tells_own_publisher and {"literal": item.get("publisher")} in item.get("author", ()):
        item = {name: value for name, value in item.items() if name != "publisher"}
    with _lock:
        bibliography = CitationStylesBibliography(_style(style.code), CiteProcJSON([item]), _formatter())
        bibliography.register(Citation([CitationItem(item["id"])]))
        marked = _tidy("".join(str(part) for part in bibliography.bibliography()[0]))
    safe = escape(marked).replace(BEGIN, "<i>").replace(END, "</i>")
    text = marked.replace(BEGIN, "").replace(END, "")
    return Cited(style, text, mark_safe(safe))  # noqa: S308  escaped above


def _tidy(marked: str) -> str:
    """One full stop where an initial and the style set one each, also around a mark; none after "?" and "!"."""
    for end in ("", END):
        for sign in ".?!":
            marked = marked.replace(f"{sign}{end}.", f"{sign}{end}")
    return marked.strip()


@lru_cache(maxsize=8)
def _style(code: str) -> CitationStylesStyle:
    """Read once in a process; a test validates the files against CSL's schema."""
    return CitationStylesStyle(str(FOLDER / f"{code}.csl"), validate=False)


@lru_cache(maxsize=1)
def _formatter() -> SimpleNamespace:
    def italic(text: str) -> str:
        return f"{BEGIN}{text}{END}"

    plain = dict.fromkeys(("Bold", "Light", "Underline", "Superscript", "Subscript", "SmallCaps"), str)
    return SimpleNamespace(preformat=str, Italic=italic, Oblique=italic, **plain)
