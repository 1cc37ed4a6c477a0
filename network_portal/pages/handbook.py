"""The chapters of docs/handbook as pages of the portal, found where one works. views.py calls it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from markdown_it import MarkdownIt

FOLDER = settings.BASE_DIR / "docs" / "handbook"
PICTURES = "../img/"  # as the chapters name them; served as static files


@dataclass(frozen=True)
class Chapter:
    slug: str
    title: Any
    role: str  # who of the portal it is written for
    files: dict[str, str]  # by language


CHAPTERS = (
    Chapter("patron", _("For readers"), "patron", {"id": "pemustaka.md", "en": "patron.md"}),
    Chapter("librarian", _("For librarians"), "librarian", {"id": "pustakawan.md", "en": "librarian.md"}),
    Chapter("manager", _("For library managers"), "manager", {"id": "kepala.md", "en": "manager.md"}),
    Chapter(
        "coordinator", _("For coordinators"), "coordinator", {"id": "koordinator.md", "en": "coordinator.md"}
    ),
)
BY_SLUG = {chapter.slug: chapter for chapter in CHAPTERS}


@dataclass(frozen=True)
class Page:
    """A chapter ready to be shown: its text, and its sections as (id, words) for the menu on the page."""

    text: SafeString
    sections: tuple[tuple[str, str], ...]


@lru_cache(maxsize=16)
def page_of(slug: str, language: str) -> Page:
    """Read once: chapters change with a new version of the portal alone. They are the project's own words."""
    files = BY_SLUG[slug].files
    spoken = language if language in files else "en"
    path = FOLDER / spoken / files[spoken]
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(path.read_text(encoding="utf-8"))
    sections = []
    for place, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h2":
            words = tokens[place + 1].content
            token.attrSet("id", slugify(words))
            sections.append((slugify(words), words))
        for child in token.children or ():
            if child.type == "image":
                name = str(child.attrGet("src")).removeprefix(PICTURES)
                child.attrSet("src", static(f"handbook/{name}"))
                child.attrSet("loading", "lazy")
    html = reader.renderer.render(tokens, reader.options, {})
    return Page(mark_safe(html), tuple(sections))  # noqa: S308  the project's own files, without HTML in them
