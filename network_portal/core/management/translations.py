"""Collecting, merging and compiling translations without GNU gettext; used by the command `messages` and the demo.

Needs no Django set-up for compiling, so that the first start can do it before the settings are complete.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[3]
LOCALE = ROOT / "network_portal" / "locale"
LANGUAGES = ("id", "en")
TRANSLATED = "id"  # message ids are English, so that language needs no translations
FOLDERS = ("network_portal", "members", "catalog", "loans")
KEYWORDS: dict[str, Any] = {
    **dict.fromkeys(("_", "_t", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]|(?<!\{)\{(\w*)\}(?!\})")
_CONTEXT_MARK = "\x04"  # as in compiled gettext files: context, this sign, message


@dataclass(frozen=True)
class Finding:
    """One thing wrong with a translation: missing, obsolete, placeholders."""

    kind: str
    text: str


def extract_python(source: str) -> Iterator[tuple[int, Any, str | None]]:
    """Lines, messages (text or plural pair) and contexts in Python source."""
    for line, messages, _comments, context in extract("python", io.BytesIO(source.encode()), KEYWORDS, ()):
        yield line, messages, context


def extract_template(source: str, origin: str = "") -> Iterator[tuple[int, Any, str | None]]:
    """The same for a Django template: Django rewrites its tags as calls, between filler that Python can tokenise."""
    from django.utils.translation.template import templatize

    rewritten = templatize(source, origin=origin)
    # Indentation means nothing here, and would be refused as Python.
    yield from extract_python("\n".join(line.lstrip() for line in rewritten.splitlines()))


def extract_compiled(source: str) -> Iterator[tuple[int, Any, str | None]]:
    """The same for a compiled template (Jinja2)."""
    from jinja2.ext import babel_extract

    for line, _function, messages, _comments in babel_extract(
        io.BytesIO(source.encode()), list(KEYWORDS), (), {}
    ):
        # What stands beside the texts (a number, a value by name) is given as None.
        texts = tuple(text for text in messages if text) if isinstance(messages, tuple) else (messages,)
        yield line, texts if len(texts) > 1 else texts[0], None


def source_files() -> Iterator[Path]:
    yield from sorted((ROOT / "templates").rglob("*.html"))
    yield from sorted((ROOT / "templates").rglob("*.jinja"))
    yield from sorted((ROOT / "templates").rglob("*.txt"))
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix == ".py" and "migrations" not in path.parts:
                yield path
            elif path.suffix in (".html", ".txt") and "templates" in path.parts:
                yield path


def extract_all(files: Iterable[Path] | None = None) -> Catalog:
    """Every translatable string of the project, with the files where it stands."""
    found = Catalog(charset="utf-8")
    for path in files or source_files():
        name = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name
        source = path.read_text(encoding="utf-8")
        if path.suffix == ".py":
            reader = extract_python(source)
        elif path.suffix == ".jinja":
            reader = extract_compiled(source)
        else:
            reader = extract_template(source, name)
        for line, messages, context in reader:
            flags = ["python-format"] if "%(" in str(messages) else []
            found.add(messages, None, locations=[(name, line)], flags=flags, context=context)
    return found


def po_path(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def load(language: str) -> Catalog:
    path = po_path(language)
    if not path.exists():
        return _new_catalog(language)
    with path.open("rb") as file:
        return read_po(file, locale=language, charset="utf-8")


def _new_catalog(language: str) -> Catalog:
    # A fixed date: the file would otherwise change each time it is written.
    day = datetime(2026, 1, 1, tzinfo=timezone.utc)
    catalog = Catalog(
        locale=language,
        charset="utf-8",
        project="Jejaring",
        creation_date=day,
        revision_date=day,
        last_translator="Jejaring",
        language_team="Jejaring",
        msgid_bugs_address="-",
    )
    if language == TRANSLATED:  # Indonesian has one form; Babel's own table does not know that
        catalog._num_plurals = 1  # type: ignore[assignment]
        catalog._plural_expr = "0"  # type: ignore[assignment]
    return catalog


def merged(language: str, found: Catalog) -> Catalog:
    """The strings of the source with the translations at hand; strings that are gone fall out."""
    catalog = load(language)
    dated = catalog.creation_date
    # A copy: the update hands the messages of `found` on, and one language's words would become another's.
    catalog.update(deepcopy(found), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.creation_date = dated
    return catalog


def save(language: str, catalog: Catalog) -> None:
    path = po_path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    catalog.fuzzy = False
    catalog.header_comment = f"# Translations of the portal: {language}. Written by `make messages`."
    with path.open("wb") as file:
        write_po(file, catalog, width=110, include_lineno=False, sort_output=True, ignore_obsolete=True)


def apply(catalog: Catalog, path: Path) -> list[str]:
    """Fill in translations from JSON {"message": "translation"} (a list for plurals); returns unknown messages.

    A message with a context has the key "context\\u0004message".
    """
    unknown = []
    for key, translation in json.loads(path.read_text(encoding="utf-8")).items():
        context, mark, text = key.rpartition(_CONTEXT_MARK)
        message = catalog.get(text, context if mark else None)
        if message is None:
            unknown.append(text)
            continue
        message.string = _as_forms(message, translation, catalog.num_plurals)
    return unknown


def _as_forms(message: Message, translation: str | list[str], forms: int) -> str | tuple[str, ...]:
    given = [translation] if isinstance(translation, str) else list(translation)
    if not message.pluralizable:
        return given[0]
    return tuple((given + [given[-1]] * forms)[:forms])


def findings(found: Catalog) -> list[Finding]:
    """What the translated language lacks, keeps needlessly, or gets wrong."""
    current = load(TRANSLATED)
    result = []
    for message in _messages(found):
        have = current.get(message.id, message.context)
        strings = _strings(have.string) if have else []
        if not strings or not all(strings):
            result.append(Finding("missing", _shown(message)))
        elif not _placeholders_fit(message, strings):
            result.append(Finding("placeholders", _shown(message)))
    for message in _messages(current):
        if found.get(message.id, message.context) is None:
            result.append(Finding("obsolete", _shown(message)))
    return result


def _messages(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def _strings(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())


def _shown(message: Message) -> str:
    return _strings(message.id)[0]


def _placeholders_fit(message: Message, strings: list[str]) -> bool:
    """A translation may leave a placeholder of the singular out, and must not invent one."""
    allowed = {match.group(0) for text in _strings(message.id) for match in _PLACEHOLDER.finditer(text)}
    used = [{match.group(0) for match in _PLACEHOLDER.finditer(text)} for text in strings]
    complete = message.pluralizable or all(names == allowed for names in used)
    return complete and all(names <= allowed for names in used)


def compile_all(*, only_stale: bool = False) -> list[Path]:
    """Write django.mo beside each django.po; returns what was written."""
    written = []
    for language in LANGUAGES:
        source, target = po_path(language), po_path(language).with_suffix(".mo")
        if not source.exists():
            continue
        if only_stale and target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        temporary = target.with_suffix(".mo.new")
        with temporary.open("wb") as file:
            write_mo(file, load(language))
        temporary.replace(target)
        written.append(target)
    return written
