"""The relevance set: questions with the titles that they mean, and how well an engine answers them.

`relevance.tsv` holds the questions and the floors. Run by test_relevance.py and, for a report, by
`python -m tests.catalog.search`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from catalog.folding import fold
from catalog.search.documents import IndexDocument
from catalog.search.engine import SearchEngine
from catalog.search.numbers import forms
from catalog.search.query import SearchQuery
from catalog.search.tantivy_engine import TantivyEngine

FOLDER = Path(__file__).parent
LOOKED_AT = 10


@dataclass(frozen=True)
class Asked:
    """A question, and the rank of each title that it means among the first hits; None: not there."""

    kind: str
    text: str
    wanted: tuple[str, ...]
    ranks: tuple[int | None, ...] = ()

    @property
    def reciprocal_rank(self) -> float:
        return 1 / min((rank for rank in self.ranks if rank), default=float("inf"))

    @property
    def recall(self) -> float:
        return sum(rank is not None for rank in self.ranks) / len(self.ranks)


@lru_cache(maxsize=1)
def shelf() -> tuple[IndexDocument, ...]:
    """The editions of the demo and of relevance_shelf.tsv, as index documents."""
    return (*_of_the_demo(), *_of_the_file())


def _of_the_demo() -> Iterator[IndexDocument]:
    from network_portal.demo.catalogue import holders
    from network_portal.demo.editions import load_editions

    for number, edition in enumerate(load_editions(), 1):
        held = range(1, len(holders(edition)) + 1)
        yield IndexDocument(
            edition_id=number, title=edition.title, subtitle=edition.subtitle,
            part=" ".join(filter(None, (edition.part, edition.part_name))),
            authors=[person.name for person in edition.people], publisher=edition.publisher, subjects=edition.subjects,
            numbers=[*forms(edition.isbn), edition.issn], year=edition.year,
            language=edition.language, languages=[edition.language], format=edition.form or "book",
            library_ids=list(held), library_count=len(held), rest=[edition.summary, edition.place],
        )  # fmt: skip


def _of_the_file() -> Iterator[IndexDocument]:
    for number, row in enumerate(_rows("relevance_shelf.tsv"), 10_001):
        title, author, year, language, form, subjects, held = row
        yield IndexDocument(
            edition_id=number, title=title, authors=[author], year=int(year), language=language,
            languages=[language], format=form, subjects=[s for s in subjects.split("; ") if s],
            library_ids=list(range(1, int(held) + 1)), library_count=int(held),
        )  # fmt: skip


def _rows(name: str) -> Iterator[list[str]]:
    with (FOLDER / name).open(encoding="utf-8") as file:
        yield from csv.reader(
            (line for line in file if not line.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE
        )


def questions() -> list[Asked]:
    return [Asked(kind, text, tuple(wanted.split(" ; "))) for kind, text, wanted in _rows("relevance.tsv")]


def floors() -> dict[str, float]:
    text = (FOLDER / "relevance.tsv").read_text(encoding="utf-8")
    return {name: float(value) for name, value in re.findall(r"^# floor (\w+) = ([\d.]+)", text, re.M)}


def answered(engine: SearchEngine) -> list[Asked]:
    """Each question with the ranks it got; where nothing is found, the better spelling is taken, as a reader would."""
    documents = {document.edition_id: document for document in shelf()}
    found = []
    for asked in questions():
        query = SearchQuery(text=asked.text, per_page=LOOKED_AT)
        ids = engine.search(query, facets=False).ids
        if not ids and (better := engine.suggest(query)):
            ids = engine.search(query.with_(text=better), facets=False).ids
        hits = [documents[pk] for pk in ids]
        found.append(
            Asked(asked.kind, asked.text, asked.wanted, tuple(_rank(title, hits) for title in asked.wanted))
        )
    return found


def _rank(wanted: str, hits: list[IndexDocument]) -> int | None:
    title, _, more = wanted.partition("|")
    for rank, hit in enumerate(hits, 1):
        told = fold(f"{hit.authors} {hit.year} {hit.format}")
        if title in ("*", hit.title) and fold(more) in told:
            return rank
    return None


def figures(answers: list[Asked]) -> dict[str, float]:
    """Mean reciprocal rank, and the share of titles that are among the first ten."""
    return {
        "mrr": sum(asked.reciprocal_rank for asked in answers) / len(answers),
        "recall": sum(asked.recall for asked in answers) / len(answers),
    }


def report(answers: list[Asked]) -> str:
    lines = [f"{name} {value:.4f}" for name, value in figures(answers).items()]
    for kind in dict.fromkeys(asked.kind for asked in answers):
        of_kind = [asked for asked in answers if asked.kind == kind]
        told = ", ".join(f"{name} {value:.3f}" for name, value in figures(of_kind).items())
        lines.append(f"{kind}: {len(of_kind)} questions, {told}")
    for asked in answers:
        if asked.reciprocal_rank < 1 or asked.recall < 1:
            ranks = ", ".join(
                f"{title}: {rank or '-'}" for title, rank in zip(asked.wanted, asked.ranks, strict=True)
            )
            lines.append(f"  {asked.text}: {ranks}")
    return "\n".join(lines)


def built(folder: Path) -> SearchEngine:
    engine = TantivyEngine(folder / "relevance")
    engine.create("one")
    with engine.writer("one") as writer:
        writer.index(shelf())
        writer.commit()
    engine.switch("one")
    return engine
