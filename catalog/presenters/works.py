"""The record page's list of what else there is of a work: in the same language, and in others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from catalog.choices import Format
from catalog.models import Edition
from catalog.presenters.provenance import CARRIERS
from catalog.search.documents import holders_of
from catalog.search.languages import language_name, language_tag
from catalog.selectors.works import others_of_work

MOST = 12  # of the work; a classic has hundreds
_FORMATS = dict(Format.choices)


@dataclass(frozen=True)
class Sibling:
    """One other edition of the work."""

    edition_id: int
    title: str
    url: str
    language_tag: str
    facts: list[str]  # year, publisher, edition, format, language where it is another
    library_count: int


@dataclass(frozen=True)
class Work:
    editions: list[Sibling] = field(default_factory=list)  # in the language of the page's own
    translations: list[Sibling] = field(default_factory=list)
    left_out: int = 0

    def __bool__(self) -> bool:
        return bool(self.editions or self.translations)


def work_of(edition: Edition) -> Work:
    """Three queries, whatever there is."""
    if edition.work_key is None:
        return Work()
    others = others_of_work(edition)
    found = list(others[: MOST + 1])
    left_out = others.count() - MOST if len(found) > MOST else 0
    holders = holders_of([other.pk for other in found]) if found else {}
    shown = [(other, len(holders.get(other.pk, ()))) for other in found[:MOST]]
    return Work(
        editions=_siblings(edition, (each for each in shown if not _translated(edition, each[0]))),
        translations=_siblings(edition, (each for each in shown if _translated(edition, each[0]))),
        left_out=left_out,
    )


def _translated(one: Edition, two: Edition) -> bool:
    return bool(one.language and two.language and one.language != two.language)


def _siblings(edition: Edition, others: Iterable[tuple[Edition, int]]) -> list[Sibling]:
    return [
        Sibling(
            other.pk, other.full_title, other.get_absolute_url(), language_tag(other.language),
            _facts(edition, other), libraries,
        )
        for other, libraries in others
    ]  # fmt: skip


def _facts(edition: Edition, other: Edition) -> list[str]:
    """What tells the other one from the edition of the page, and when and by whom it was published."""
    carrier = other.display.get("carrier") or "print"
    facts = [
        str(other.year) if other.year else "",
        other.publisher,
        str(other.display.get("edition_statement", "")),
        str(_FORMATS.get(other.format, "")) if other.format != edition.format else "",
        str(CARRIERS.get(carrier, "")) if carrier != (edition.display.get("carrier") or "print") else "",
        language_name(other.language) if _translated(edition, other) else "",
    ]
    return [fact for fact in facts if fact]
