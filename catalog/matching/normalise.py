"""From what a record says to what can be compared: folded titles, order-free names, volume and edition numbers.

Pure functions without Django; called by the parsing helper of the pipeline, so that it costs the writer nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from catalog import folding
from catalog.formats.draft import BibDraft, Identifier
from catalog.matching.words import (
    ARTICLES,
    DEGREES,
    HONORIFICS,
    ORDINALS,
    PUBLISHER_NOISE,
    ROMAN,
    UNKNOWN_LANGUAGES,
)  # fmt: skip

MAX_TEXT = 400  # characters that are looked at; a megabyte of title says no more than its start
MAX_IDENTIFIERS = 20
MAX_NAMES = 4
MAX_NUMBERS = 6  # of an extent
MAX_PLACE = 30

_NO_WORD = re.compile(r"[\W_]+")
_OLD_SPELLING = (("oe", "u"), ("tj", "c"), ("dj", "j"))  # Soekarno, Tjipto, Djakarta
_NUMBER = r"(?:ke[\s-]*)?(\d{1,4}|[ivxlc]{1,6}|[a-z]{3,10})"
_MEDIA = (
    ("cassette", re.compile(r"cassette|kaset|\btapes?\b|\bpita\b|\bvhs\b")),
    ("disc", re.compile(r"\bdis[ck]s?\b|cakram|piringan|\bcds?\b|\bv?cds?\b|\bdvds?\b")),
)
_VOLUME = re.compile(
    rf"\b(?:jilid|jil|jld|volume|vol|buku|bagian|bag|part|pt|book|tome|band|bd|juz|bk)\b[\s.:]*{_NUMBER}\b"
)
_BARE_NUMBER = re.compile(r"^\W*(?:ke[\s-]*)?(\d{1,4}|[ivxlc]{1,6}|[上中下一二三四五六七八九十])\W*$")
_TRAILING = re.compile(r"^(.{3,}?)[\s,.:]+(\d{1,2}|i{2,3}|iv|vi{0,3}|ix)$")
_RANGE = re.compile(r"[\d°º]\s*[-–/°º]+\s*\d{1,4}\W*$")  # "1839-55" ends with no volume
_EDITION_AFTER = re.compile(rf"\b(?:edisi|edition|edn|ed|auflage|aufl)\b[\s.:]*(?:revisi\s+)?{_NUMBER}\b")
_EDITION_BEFORE = re.compile(
    r"\b(\d{1,3})\s*(?:st|nd|rd|th|d|e|\.)?\s*(?:rev\.?\s*|revised\s*|enl\s*)?(?:edition|ed|auflage|aufl)\b"
)
_PRINTING = re.compile(
    rf"\b(?:cet|cetakan|printing|impression)\b\s*{_NUMBER}?|\b\w+ (?:printing|impression)\b"
)
_WORD_BEFORE = re.compile(r"\b([a-z]{4,10})\s+(?:revised\s+)?(?:edition|ed)\b")
_DIGITS = re.compile(r"\d{1,4}")
_PLACEHOLDER = re.compile(r"0{6}|(\d)\1{8}|123456789")
_OF_SET = re.compile(
    r"\b(?:set|jil(?:id)?\.?\s*lengkap|no\.?\s*jil|lengkap|komplit|complete|koko teos|helhet)\b"
)
_PAGES = re.compile(r"(\d{1,4})(?=\W*(?:hlm|hal|halaman|p|pp|pages|s|seiten)\b)")


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """The text's folded words, parted by one blank."""
    return _NO_WORD.sub(" ", folding.fold(text[:MAX_TEXT])).strip()


def _spelled(text: str) -> str:
    for old, new in _OLD_SPELLING:
        if old in text:
            text = text.replace(old, new)
    return text


def number(text: str) -> int | None:
    """2 from "2", "ii" or "kedua"; None where it is no number."""
    if text.isdigit():
        return int(text)
    return ORDINALS.get(text) or ROMAN.get(text)


def title_and_part(title: str, part_number: str = "", part_name: str = "") -> tuple[str, str]:
    """The title's stem and the volume, wherever the source wrote it: in $n, in $p, or within the title.

    "Matematika jilid II" and "Matematika. 2" both give ("matematika", "2").
    """
    stem, part = fold(title), ""
    for text in (fold(part_number), fold(part_name)):
        if text.count(" ") > 4:
            continue  # a note or the name of a series
        found = _VOLUME.search(text) or _BARE_NUMBER.match(text)
        if not part and found and (n := number(found.group(1))):
            part = str(n)
    # "Buku ajar ilmu penyakit dalam, jilid 3": the first word that may announce a volume need not be the one that does.
    if volume := next(((f, n) for f in _VOLUME.finditer(stem) if (n := number(f.group(1)))), None):
        found, n = volume
        rest = f"{stem[: found.start()]} {stem[found.end() :]}".split()
        if rest:
            stem, part = " ".join(rest), part or str(n)
    elif (trailing := _TRAILING.match(stem)) and not _RANGE.search(title[:MAX_TEXT]):
        n = number(trailing.group(2))
        if n and part in ("", str(n)):
            stem, part = trailing.group(1), str(n)
    if not part and part_number:
        part = fold(part_number)[:40]
    words = stem.split()
    while len(words) > 1 and words[0] in ARTICLES:
        words = words[1:]
    return _spelled(" ".join(words)), part


@lru_cache(maxsize=20_000)
def name_tokens(name: str) -> tuple[str, ...]:
    """A name as sorted tokens, so that "Hirata, Andrea" equals "Andrea Hirata"; degrees and honorifics dropped."""
    pieces = name[:MAX_TEXT].split(",")
    kept = [p for i, p in enumerate(pieces) if i == 0 or not _is_degree(p)]
    tokens = [t for t in fold(" ".join(kept)).split() if not t.isdigit()]
    plain = [t for t in tokens if t not in HONORIFICS]
    return tuple(sorted({_spelled(t) for t in (plain or tokens)})[:8])


def _is_degree(piece: str) -> bool:
    """ "S.Pd.", " M. Hum" and "Ph.D" are; " Andrea" and " H. B." are not."""
    joined = fold(piece.replace(".", ""))
    return bool(joined) and all(word in DEGREES for word in joined.split())


@lru_cache(maxsize=20_000)
def publisher_stem(name: str) -> str:
    """ "PT Gramedia Pustaka Utama" -> "gramedia pustaka utama"; legal forms and "Penerbit" say nothing."""
    words = fold(name).split()
    return _spelled(" ".join([w for w in words if w not in PUBLISHER_NOISE] or words))


@lru_cache(maxsize=5_000)
def edition_number(statement: str) -> int | None:
    """The number of the edition. A printing ("cet. 5") is none, nor is a statement without a number."""
    text = _PRINTING.sub(" ", fold(statement))
    # "6th ed., 169 illustrations": a number before the word is the edition's, whatever follows it.
    for pattern in (_EDITION_BEFORE, _WORD_BEFORE, _EDITION_AFTER):
        if (found := pattern.search(text)) and (n := number(found.group(1))):
            return n
    return None


def pages(extent: str) -> int | None:
    """The largest number before "hlm", "p" and the like."""
    found = [int(n) for n in _PAGES.findall(fold(extent))]
    return max(found) if found else None


def _own_isbns(found: list[Identifier]) -> list[str]:
    """The ISBN of this volume, not of the set it belongs to; and none that only fills its place (9786020000000)."""
    real = [i for i in found if not _PLACEHOLDER.search(i.value)]
    own = [i.value for i in real if not _OF_SET.search(i.qualifier.lower())]
    return own or [i.value for i in real]


def _series_numbers(name: str) -> list[str]:
    """The volume within a series: "Seri pustaka ; no. 05" gives "5"."""
    _, found, volume = name.rpartition(" ; ")
    return [n.lstrip("0") for n in _DIGITS.findall(volume) if n.strip("0")] if found else []


def _edition(draft: BibDraft) -> int | None:
    """From the statement of edition; else from the title, where school books have it: "… Edisi Revisi 2016"."""
    said = edition_number(draft.edition_statement) if draft.edition_statement else None
    return said or (edition_number(draft.title[:MAX_TEXT]) if "disi " in draft.title else None)


def _medium(draft: BibDraft) -> str:
    """Of sound and film, whether they come on cassettes or on discs; "" where the extent says neither, or both."""
    if draft.carrier != "audio" and draft.format not in ("audio", "video"):
        return ""
    told = [name for name, words in _MEDIA if words.search(draft.extent[:MAX_TEXT].lower())]
    return told[0] if len(told) == 1 else ""


def features(draft: BibDraft) -> dict[str, Any]:
    """What the matcher compares, as small JSON; a key that is missing means that the source does not say."""
    title, part = title_and_part(draft.title, draft.part_number, draft.part_name)
    if (
        not part
        and draft.subtitle
        and (told := _VOLUME.match(fold(draft.subtitle)))
        and (n := number(told.group(1)))
    ):
        part = str(n)  # "Tafsir Ruhul Bayan : juz V"
    names = [list(name_tokens(c.name)) for c in draft.contributors[:MAX_NAMES]]
    usable = [i for i in draft.identifiers if i.valid and not i.cancelled]
    own = _own_isbns([i for i in usable if i.scheme == "isbn"])
    page_count = pages(draft.extent) if draft.extent else None
    numbers = [int(n) for n in _DIGITS.findall(draft.extent[:MAX_TEXT])][:MAX_NUMBERS]
    years = sorted({draft.year, *draft.other_years}) if draft.year and draft.other_years else []
    values: dict[str, Any] = {
        "title": title,
        "rest": _spelled(fold(draft.subtitle)),
        "part": part,
        "part_name": "" if _VOLUME.search(fold(draft.part_name)) else _spelled(fold(draft.part_name)),
        "names": [n for n in names if n],
        "publisher": publisher_stem(draft.publisher) if draft.publisher else "",
        "place": _spelled(fold(draft.place)[:MAX_PLACE]) if draft.place else "",
        "year": draft.year,
        "years": years,
        "isbn": own[:MAX_IDENTIFIERS],
        "ids": [
            f"{i.scheme}:{i.value}" for i in usable if i.scheme in ("lccn", "oclc", "doi", "ismn", "issn")
        ][:MAX_IDENTIFIERS],
        "edition": _edition(draft),
        "edition_words": _PRINTING.sub(" ", fold(draft.edition_statement)).strip()[:60],
        "pages": page_count,
        "numbers": numbers if numbers != [page_count] else [],
        "series_no": sorted({n for name in draft.series[:4] for n in _series_numbers(name)}),
        "language": "" if draft.language in UNKNOWN_LANGUAGES else draft.language,
        "format": draft.format,
        "carrier": draft.carrier,
        "medium": _medium(draft),
    }
    return {key: value for key, value in values.items() if value not in ("", [], None)}
