"""Making broken XML of OAI-PMH servers readable, and naming each repair. Used by parse.py; pure, no Django."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from html.entities import html5

PROLOG = re.compile(r"<\?xml\b[^>]*\?>")
DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]*>")
ROOT = re.compile(r"<(?:[\w.-]+:)?OAI-PMH\b")
ROOT_END = re.compile(r"</(?:[\w.-]+:)?OAI-PMH\s*>")
# XML 1.0, section 2.2: what a document may not hold.
ILLEGAL = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,10}));")
AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]+|#x[0-9a-fA-F]+);)([A-Za-z][A-Za-z0-9]{1,30};)?")
CDATA = re.compile(r"(<!\[CDATA\[.*?\]\]>)", re.S)
PREFIXES = re.compile(r"</?([A-Za-z_][\w.-]*):[A-Za-z_]|\s([A-Za-z_][\w.-]*):[A-Za-z_][\w.-]*\s*=")
DECLARED = re.compile(r"\sxmlns:([A-Za-z_][\w.-]*)\s*=")
NAMESPACES = {
    "oai_dc": "http://www.openarchives.org/OAI/2.0/oai_dc/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "marc": "http://www.loc.gov/MARC21/slim",
    "mods": "http://www.loc.gov/mods/v3",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}


def decode(body: bytes, warnings: list[str]) -> str:
    """The body as text, by its mark or declaration; single foreign bytes in UTF-8 are read as Windows-1252."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if body.startswith(mark):
            return body.decode(name, "replace").lstrip("\ufeff")
    declared = re.search(rb"<\?xml[^>]*encoding\s*=\s*[\"']([\w.-]+)", body[:1000])
    name = declared.group(1).decode("ascii").lower() if declared else "utf-8"
    try:
        if codecs.lookup(name).name not in ("utf-8", "ascii"):
            return body.decode(name, "replace")
    except (LookupError, UnicodeError):
        _note(warnings, "unknown_encoding")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        _note(warnings, "not_utf8")
    try:
        # Halves of a surrogate pair, each written by itself (CESU-8).
        return (
            body.decode("utf-8", "surrogatepass")
            .encode("utf-16", "surrogatepass")
            .decode("utf-16", "replace")
        )
    except UnicodeDecodeError:
        return body.decode("utf-8", "oai_cp1252")


def repair(text: str, warnings: list[str]) -> str:
    """The text with everything that XML forbids taken out or put right; each step that changed something is named."""
    steps: tuple[tuple[str, Callable[[str], str]], ...] = (
        ("text_before_prolog", _cut_before),
        ("text_after_root", _cut_after),
        ("prolog_inside", _drop_inner_prologs),
        ("illegal_characters", _drop_illegal),
        ("bare_ampersand", _escape_ampersands),
        ("prefix_undeclared", declare_prefixes),
    )
    for name, step in steps:
        changed = step(text)
        if changed != text:
            _note(warnings, name)
            text = changed
    return text


def _cut_before(text: str) -> str:
    root = ROOT.search(text)
    if root is None:
        return text
    prologs = [m.start() for m in PROLOG.finditer(text, 0, root.start())]
    return text[prologs[-1] if prologs else root.start() :]


def _cut_after(text: str) -> str:
    ends = list(ROOT_END.finditer(text))
    return text[: ends[-1].end()] if ends and text[ends[-1].end() :].strip() else text


def _drop_inner_prologs(text: str) -> str:
    first = PROLOG.match(text)
    head, rest = (text[: first.end()], text[first.end() :]) if first else ("", text)
    root = ROOT.search(rest)
    if root is None:
        return text
    inside = DOCTYPE.sub("", PROLOG.sub("", rest[root.start() :]))
    return head + rest[: root.start()] + inside


def _drop_illegal(text: str) -> str:
    def legal(match: re.Match[str]) -> str:
        number = int(match.group(1), 16) if match.group(1) else int(match.group(2))
        return match.group() if number < 0x110000 and not ILLEGAL.match(chr(number)) else ""

    return REFERENCE.sub(legal, ILLEGAL.sub("", text))


def _escape_ampersands(text: str) -> str:
    def written(match: re.Match[str]) -> str:
        name = match.group(1)
        return html5[name] if name and name in html5 else "&amp;" + (name or "")

    parts = CDATA.split(text)  # inside CDATA an ampersand is itself
    return "".join(part if index % 2 else AMPERSAND.sub(written, part) for index, part in enumerate(parts))


def declare_prefixes(text: str) -> str:
    """Prefixes that nobody declares are declared on the root (or first) element."""
    used = {a or b for a, b in PREFIXES.findall(text)} - {"xml", "xmlns"}
    missing = sorted(used - set(DECLARED.findall(text)))
    start = re.search(r"<[A-Za-z_][\w.:-]*", text)
    if not missing or start is None:
        return text
    words = "".join(f' xmlns:{p}="{NAMESPACES.get(p, "urn:undeclared:" + p)}"' for p in missing)
    return text[: start.end()] + words + text[start.end() :]


def _note(warnings: list[str], name: str) -> None:
    if name not in warnings:
        warnings.append(name)


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    # Only this byte: those after it may be good UTF-8 again.
    return error.object[error.start : error.start + 1].decode("cp1252", "replace"), error.start + 1


codecs.register_error("oai_cp1252", _as_cp1252)
