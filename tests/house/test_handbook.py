"""What the handbook calls by name stands on the screen under that name, its pictures exist, and the portal shows it.

In the chapters *emphasis* and **strong emphasis** mark words of the screen and nothing else.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.contrib.staticfiles import finders
from django.test import Client

from network_portal.pages.handbook import CHAPTERS, FOLDER

LOCALE = Path(__file__).resolve().parents[2] / "network_portal" / "locale"
FILES = [(spoken, one.files[spoken]) for one in CHAPTERS for spoken in ("id", "en")]


@lru_cache(maxsize=2)
def said(language: str) -> frozenset[str]:
    """Every string of the portal in this language."""
    found: set[str] = set()
    with (LOCALE / "id" / "LC_MESSAGES" / "django.po").open("rb") as file:
        for message in read_po(file):
            words = message.id if language == "en" else message.string
            found.update(one or "" for one in (words if isinstance(words, tuple | list) else [words]))
    return frozenset(words.rstrip(" .:…") for words in found if words)


def named(language: str, name: str) -> list[str]:
    text = (FOLDER / language / name).read_text(encoding="utf-8")
    return [" ".join(words.split()) for words in re.findall(r"\*{1,2}([^*]+?)\*{1,2}", text)]


@pytest.mark.parametrize(("language", "name"), FILES)
def test_what_a_chapter_names_stands_on_the_screen(language: str, name: str) -> None:
    unknown = sorted({words for words in named(language, name) if words.rstrip(" .:…") not in said(language)})
    assert unknown == [], f"{language}/{name} names what no page says"


def test_the_chapters_name_words_of_the_screen() -> None:
    """Else the check above finds nothing to check."""
    assert all(len(named(*file)) > 10 for file in FILES)


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.slug)
def test_both_languages_have_the_same_sections_and_pictures(chapter: object) -> None:
    texts = {spoken: (FOLDER / spoken / name).read_text("utf-8") for spoken, name in chapter.files.items()}  # type: ignore[attr-defined]
    pictures = {spoken: re.findall(r"img/\w+/([\w-]+)\.png", text) for spoken, text in texts.items()}
    assert pictures["id"] == pictures["en"]
    assert texts["id"].count("\n## ") == texts["en"].count("\n## ")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("slug", "language"), [(one.slug, spoken) for one in CHAPTERS for spoken in one.files]
)
def test_the_portal_shows_each_chapter_with_its_pictures(client: Client, slug: str, language: str) -> None:
    page = client.get(f"/help/handbook/{slug}/", headers={"accept-language": language}).content.decode()
    assert f'lang="{language}"' in page
    pictures = re.findall(r'src="/static/(handbook/[^"]+)"', page)
    assert pictures and [name for name in pictures if not finders.find(name)] == []


def test_help_leads_to_the_handbook(client: Client, db: None) -> None:
    page = client.get("/help/").content.decode()
    assert all(f'href="/help/handbook/{one.slug}/"' in page for one in CHAPTERS)
    assert client.get("/help/handbook/nobody/").status_code == 404
