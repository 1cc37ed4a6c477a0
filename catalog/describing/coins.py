"""COinS: a reference as an OpenURL in the title of an empty span (ocoins.info, Z39.88-2004 with its KEV formats)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from urllib.parse import quote

from django.utils.html import format_html
from django.utils.safestring import SafeString

from catalog.exporting.references import Reference

MOST = 10  # names
SOURCE = "info:sid/jejaring:catalogue"
_FORMATS = {
    "serial": "journal",
    "article": "journal",
    "thesis": "dissertation",
    "book": "book",
    "other": "book",
}
# What has no format of its own travels as Dublin Core, with the type that reference managers know.
_TYPES = {
    "map": "map", "score": "audioRecording", "audio": "audioRecording", "video": "videoRecording", "image": "artwork",
    "computer": "computerProgram", "manuscript": "manuscript",
}  # fmt: skip
_END = "\n"
Pair = tuple[str, str]


def span(r: Reference) -> SafeString:
    return format_html('<span class="Z3988" title="{}" hidden></span>', context_object(r))


def context_object(r: Reference) -> str:
    kind = _FORMATS.get(r.kind, "dc" if r.kind in _TYPES else "book")
    pairs = [("ctx_ver", "Z39.88-2004"), ("rft_val_fmt", f"info:ofi/fmt:kev:mtx:{kind}"), ("rfr_id", SOURCE)]
    pairs += _dublin_core(r) if kind == "dc" else _of_kind(r, kind)
    pairs += [("rft_id", f"info:doi/{r.doi}" if r.doi else ""), ("rft_id", r.address)]
    told = [(name, value.replace(_END, " ")) for name, value in pairs if value]
    # Quoted in one go: a page of hits has some three hundred values.
    quoted = quote(_END.join(value for _name, value in told), safe="").split(quote(_END))
    return "&".join(f"{name}={value}" for (name, _value), value in zip(told, quoted, strict=True))


def _of_kind(r: Reference, kind: str) -> Iterator[Pair]:
    genre = {"book": "book", "journal": "article" if r.kind == "article" else "journal"}
    yield "rft.genre", genre.get(kind, "")
    yield (
        {"book": "rft.btitle", "journal": "rft.atitle" if r.kind == "article" else "rft.jtitle"}.get(
            kind, "rft.title"
        ),
        r.title,
    )
    if r.authors and r.authors[0].given:
        yield "rft.aulast", r.authors[0].family
        yield "rft.aufirst", r.authors[0].given
    # Whoever is named above is not named again: programs would show two people.
    rest = r.authors[1:] if r.authors and r.authors[0].given else r.authors
    yield from (("rft.au", person.inverted) for person in islice(rest, MOST))
    yield "rft.date", r.year
    yield "rft.inst" if kind == "dissertation" else "rft.pub", r.publisher
    yield "rft.place", r.place
    yield "rft.edition", r.edition
    yield "rft.series", r.series
    yield "rft.isbn", r.isbns[0] if r.isbns else ""
    yield "rft.issn", r.issn
    yield "rft.tpages", r.extent if kind == "book" else ""
    yield "rft.language", r.language


def _dublin_core(r: Reference) -> Iterator[Pair]:
    yield "rft.type", _TYPES[r.kind]
    yield "rft.title", r.title
    yield from (("rft.creator", person.inverted) for person in islice(r.authors, MOST))
    yield "rft.publisher", r.publisher
    yield "rft.date", r.year
    yield from (("rft.subject", subject) for subject in islice(r.subjects, MOST))
    yield "rft.language", r.language
    yield "rft.identifier", f"ISBN {r.isbns[0]}" if r.isbns else ""
