"""Reads `works/*.csv`: the editions that the demo libraries hold. Called by catalogue.py and by tests."""

from __future__ import annotations

import csv
import functools
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.text import slugify

from catalog.matching.normalise import fold

WORKS = Path(__file__).parent / "works"
SHELVES = (
    "indonesian_classics", "indonesian_modern", "world_literature", "textbooks", "academic_english", "society",
    "reference_regional",
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    name: str  # inverted: "Tohari, Ahmad"
    role: str = "author"  # author, trans, ed, ill, narrator, corp

    @property
    def direct(self) -> str:
        """In the order of speech: "Ahmad Tohari"."""
        surname, comma, forename = self.name.partition(", ")
        return f"{forename} {surname}" if comma else surname


@dataclass(frozen=True)
class Edition:
    """What is true of an edition, before a cataloguer has touched it."""

    key: str
    shelf: str
    title: str
    subtitle: str
    part: str
    part_name: str
    people: tuple[Person, ...]
    publisher: str
    place: str
    year: int
    statement: str
    language: str
    original_language: str
    dewey: str
    pages: str
    subjects: tuple[str, ...]
    isbn: str
    issn: str
    form: str
    summary: str = ""
    has_siblings: bool = (
        False  # another edition has the same title: what tells them apart must not be left out
    )
    romanised: dict[str, str] = field(default_factory=dict, compare=False)

    @property
    def author(self) -> Person | None:
        return next((p for p in self.people if p.role in ("author", "corp")), None)

    @property
    def in_latin_script(self) -> bool:
        return not self.romanised


def rows(name: str) -> list[dict[str, str]]:
    with (WORKS / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="|", quoting=csv.QUOTE_NONE))


def _people(text: str) -> tuple[Person, ...]:
    people = []
    for part in filter(None, text.split("; ")):
        match = re.fullmatch(r"(.+?) \((\w+)\)", part)
        people.append(Person(match[1], match[2]) if match else Person(part))
    return tuple(people)


@functools.cache
def load_editions() -> tuple[Edition, ...]:
    """All editions in a fixed order, with unique keys such as "bumi-manusia-2005"."""
    lines = [(shelf, row) for shelf in SHELVES for row in rows(shelf)]
    titles = Counter(fold(row["title"]) for _, row in lines)
    subtitles_of_volumes = defaultdict(set)
    for _, row in lines:
        if row["part"]:
            subtitles_of_volumes[_volumes_key(row)].add(row["subtitle"])
    summaries = {(fold(r["title"]), fold(r["author"])): r["summary"] for r in rows("summaries")}
    romanised = {r["original"]: r["romanised"] for r in rows("romanised")}
    seen: Counter[str] = Counter()
    editions = []
    for shelf, row in lines:
        named_volumes = row["part"] and len(subtitles_of_volumes[_volumes_key(row)]) > 1
        people = _people(row["people"])
        number = row["number"]
        issn = number if re.fullmatch(r"\d{4}-\d{3}[\dX]", number) else ""
        language, _, original = row["language"].partition("<")
        texts = [row["title"], row["subtitle"], row["publisher"], row["place"], *(p.name for p in people)]
        editions.append(
            Edition(
                key=_key(row, seen),
                shelf=shelf,
                title=row["title"],
                subtitle="" if named_volumes else row["subtitle"],
                part=row["part"],
                part_name=row["subtitle"] if named_volumes else "",
                people=people,
                publisher=row["publisher"],
                place=row["place"],
                year=int(row["year"]),
                statement=row["edition"],
                language=language,
                original_language=original,
                dewey=row["dewey"],
                pages=row["pages"],
                subjects=tuple(filter(None, row["subjects"].split("; "))),
                isbn="" if issn else number,
                issn=issn,
                form=row["form"] or "book",
                summary=summaries.get((fold(row["title"]), fold(people[0].name)), "") if people else "",
                has_siblings=titles[fold(row["title"])] > 1,
                romanised={text: romanised[text] for text in texts if text in romanised},
            )
        )
    return tuple(editions)


def _volumes_key(row: dict[str, str]) -> tuple[str, ...]:
    return (row["title"], row["people"].split(";")[0], row["publisher"], row["language"])


def _key(row: dict[str, str], seen: Counter[str]) -> str:
    words = [slugify(row["title"])[:40].strip("-") or row["language"], row["part"], row["year"]]
    key = slugify("-".join(filter(None, words)))
    seen[key] += 1
    return key if seen[key] == 1 else f"{key}-{seen[key]}"
