"""Rules that hold for every template; each detector is also shown what it must find."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.architecture import detectors as find

# Frames, parts and mails are no pages; allauth's short notices in "messages" are plain sentences.
NOT_PAGES = {"components", "layouts", "emails", "messages", "elements", "partials", "allauth"}


def templates() -> list[Path]:
    folder = find.ROOT / "templates"
    return sorted((*folder.rglob("*.html"), *folder.rglob("*.jinja")))


# Shown when nothing else may work any more: they depend on no other template.
SELF_CONTAINED = {"templates/errors/500.html", "templates/errors/503.html"}


def is_page(path: Path) -> bool:
    folders = set(path.relative_to(find.ROOT / "templates").parts[:-1])
    if find.short(path) in SELF_CONTAINED:
        return False
    is_part = path.name.startswith("_") or path.suffix == ".jinja"
    return bool(folders) and not folders & NOT_PAGES and not is_part


@pytest.mark.parametrize("path", templates(), ids=find.short)
def test_no_template_holds_inline_code(path: Path) -> None:
    faults = find.inline_code(path.read_text(encoding="utf-8"))
    if "emails" in path.parts:  # a mail is read outside the portal's policy and can't link a stylesheet
        faults = [fault for fault in faults if "style" not in fault]
    assert faults == []


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ("<script>alert(1)</script>", "a script in the page"),
        ('<script src="/x.js">alert(1)</script>', "a script in the page"),
        ("<style>a {}</style>", "a style element"),
        ('<p class="x" style="color: red">', "a style attribute"),
        ('<p {% if a > b %}class="x"{% endif %} style="width: {{ n }}%">', "a style attribute"),
        ('<a href="#" onclick="go()">', "an event attribute"),
        ('<a href="javascript:go()">', "a javascript address"),
        ('<img src="https://elsewhere.example/x.png">', "a foreign server"),
    ],
)
def test_the_inline_detector_sees_each_kind(html: str, fault: str) -> None:
    assert fault in find.inline_code(html)


@pytest.mark.parametrize(
    "html",
    [
        '<script src="/static/js/portal.js" defer></script>',
        "<p>style= and onclick= as words</p>",
        "{# <style> #}<p>fine</p>",
        '<a href="https://elsewhere.example/">a link</a>',
    ],
)
def test_the_inline_detector_leaves_good_html_alone(html: str) -> None:
    assert find.inline_code(html) == []


@pytest.mark.parametrize("path", [path for path in templates() if is_page(path)], ids=find.short)
def test_every_page_extends_a_frame_and_has_a_title(path: Path) -> None:
    assert find.page_faults(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("name", sorted(SELF_CONTAINED))
def test_the_last_resort_pages_stand_alone_and_have_a_title(name: str) -> None:
    source = (find.ROOT / name).read_text(encoding="utf-8")
    assert "{% extends" not in source
    assert "{% include" not in source
    assert "<title>{%" in source


def test_the_page_detector_sees_a_bare_page() -> None:
    assert find.page_faults("<h1>Hello</h1>") == ["extends nothing", "has no title"]
    assert find.page_faults('{% extends "base.html" %}{% block title %}{% endblock %}') == []
