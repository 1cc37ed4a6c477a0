"""Strings are found without GNU gettext, and every one has its Indonesian translation."""

from __future__ import annotations

import gettext
import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from network_portal.core.management import translations

PYTHON = """
from django.utils.translation import gettext as _, gettext_lazy, ngettext, npgettext, pgettext
A = _("Plain")
B = gettext_lazy("In %(city)s") % {"city": "Bandung"}
C = ngettext("%(n)s copy", "%(n)s copies", 2)
D = pgettext("of a book", "Volume")
E = npgettext("of a shelf", "%(n)s row", "%(n)s rows", 2)
F = "not one"
"""
TEMPLATE = """{% extends "base.html" %}{% load i18n %}
<h1>{% translate "Plain" %}</h1>
    <p title="{% translate 'Quoted "well"' %}">it's "odd" text ( with [ brackets</p>
  {% blocktranslate trimmed count n=copies with city=library.city %}
    {{ n }} copy in {{ city }}
  {% plural %}
    {{ n }} copies in {{ city }}
  {% endblocktranslate %}
{% translate "Volume" context "of a book" %} {{ _("Filtered")|upper }}
"""
COMPILED = """{% set plain = _("Plain") %}
<p>{{ _("%(km)s km", km=place.km) }} {{ ngettext("%(n)s shelf", "%(n)s shelves", n, n=n) }} {{ "F: not one" }}</p>
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project with a source file and a template."""
    (tmp_path / "members").mkdir()
    (tmp_path / "members" / "texts.py").write_text(PYTHON)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(TEMPLATE)
    (tmp_path / "templates" / "part.jinja").write_text(COMPILED)
    monkeypatch.setattr(translations, "ROOT", tmp_path)
    monkeypatch.setattr(translations, "LOCALE", tmp_path / "locale")
    return tmp_path


def merge(*files: Path) -> None:
    found = translations.extract_all()
    for language in translations.LANGUAGES:
        catalog = translations.merged(language, found)
        for path in files if language == "id" else ():
            translations.apply(catalog, path)
        translations.save(language, catalog)


def test_strings_of_python_and_templates_are_found(project: Path) -> None:
    found = {(str(message.id), message.context) for message in translations.extract_all() if message.id}
    assert found == {
        ("Plain", None),
        ("In %(city)s", None),
        ("('%(n)s copy', '%(n)s copies')", None),
        ("Volume", "of a book"),
        ("('%(n)s row', '%(n)s rows')", "of a shelf"),
        ('Quoted "well"', None),
        ("('%(n)s copy in %(city)s', '%(n)s copies in %(city)s')", None),
        ("Filtered", None),
        ("%(km)s km", None),
        ("('%(n)s shelf', '%(n)s shelves')", None),
    }


def test_translations_are_applied_compiled_and_understood_by_gettext(project: Path) -> None:
    texts = {"Plain": "Biasa", "%(n)s copy": ["%(n)s eksemplar"], "of a book\x04Volume": "Jilid"}
    (project / "texts.json").write_text(json.dumps(texts))
    merge(project / "texts.json")
    compiled = translations.compile_all()
    assert [path.parts[-3] for path in compiled] == ["id", "en"]
    with compiled[0].open("rb") as file:
        spoken = gettext.GNUTranslations(file)
    assert spoken.gettext("Plain") == "Biasa"
    assert {spoken.ngettext("%(n)s copy", "%(n)s copies", n) for n in (1, 2)} == {"%(n)s eksemplar"}
    assert spoken.pgettext("of a book", "Volume") == "Jilid"


def test_english_keeps_its_own_words_when_indonesian_ones_are_applied(project: Path) -> None:
    (project / "texts.json").write_text(json.dumps({"Plain": "Biasa"}))
    merge(project / "texts.json")
    assert translations.load("id").get("Plain").string == "Biasa"
    assert not translations.load("en").get("Plain").string


def test_the_portals_english_is_what_stands_in_the_source() -> None:
    assert not [message.id for message in translations.load("en") if message.id and any(message.string)]


def test_compiling_again_does_nothing_until_a_translation_changes(project: Path) -> None:
    merge()
    assert len(translations.compile_all(only_stale=True)) == 2
    assert translations.compile_all(only_stale=True) == []


def test_missing_wrong_and_obsolete_translations_are_told(project: Path) -> None:
    (project / "texts.json").write_text(json.dumps({"Plain": "Biasa", "In %(city)s": "Di %(kota)s"}))
    merge(project / "texts.json")
    (project / "members" / "texts.py").write_text(
        PYTHON.replace('pgettext("of a book", "Volume")', '_("New one")')
    )
    (project / "templates" / "page.html").write_text("{% load i18n %}{% translate 'Plain' %}")
    told = {(one.kind, one.text) for one in translations.findings(translations.extract_all())}
    assert ("placeholders", "In %(city)s") in told
    assert ("missing", "New one") in told
    assert ("obsolete", "Volume") in told
    assert not any(text == "Plain" for _kind, text in told)


def test_merging_keeps_translations_and_writes_the_same_file_again(project: Path) -> None:
    (project / "texts.json").write_text(json.dumps({"Plain": "Biasa"}))
    merge(project / "texts.json")
    first = translations.po_path("id").read_bytes()
    merge()
    assert translations.po_path("id").read_bytes() == first
    assert b"Biasa" in first


def test_every_string_of_the_portal_has_its_indonesian_translation() -> None:
    call_command("messages", "--check", stdout=StringIO(), stderr=StringIO())
