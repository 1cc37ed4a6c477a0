"""Why the records of an edition are taken for one: each beside the one it resembles most, with its points in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from catalog import selectors
from catalog.matching.score import Verdict, compare, isbn_worth, weights
from catalog.matching.vetoes import veto
from catalog.models import Edition, MatchAct, SourceRecord
from catalog.selectors.doubts import doubts_of
from catalog.selectors.review import decisions_about

MOST = 30  # records of an edition that are compared with one another; a page of more is read by nobody
BEGINNING = 10

COMPARED = {
    "title_same": _("The titles are the same"),
    "stem_same": _("The main titles are the same"),
    "title_within": _("Neither title is part of the other"),
    "title_words": _("The titles have other words"),
    "title_letters": _("The titles are spelt differently"),
    "title_short": _("A short title tells little"),
    "words_replaced": _("Words of the title are replaced"),
    "subtitle_differs": _("The subtitles differ"),
    "title_number_differs": _("The titles have other numbers"),
    "title_number_partly": _("Only some numbers in the titles agree"),
    "volume_one_sided": _("Only one names a volume"),
    "year_same": _("The year is the same"),
    "years_same": _("All years given are the same"),
    "year_shared": _("They share a year, but not that of publication"),
    "year_near": _("The years are one apart"),
    "year_off": _("The years are some years apart"),
    "year_far": _("The years are far apart"),
    "name_same": _("They name the same person"),
    "name_differs": _("They name other persons"),
    "publisher_differs": _("The publishers are spelt differently"),
    "place_differs": _("The places of publication differ"),
    "publisher_words": _("The publishers have other words"),
    "page_same": _("The number of pages is the same"),
    "page_shared": _("They give the same number of pages"),
    "few_shared": _("They give the same number of volumes or leaves"),
    "pages_off": _("The numbers of pages differ"),
    "edition_same": _("The edition has the same number"),
    "edition_differs": _("The edition has another number"),
    "edition_one_sided": _("Only one says that it is a later edition"),
    "edition_words": _("The words about the edition differ"),
    "edition_unsaid": _("Only one says something about the edition"),
    "series_number_differs": _("They have other numbers in their series"),
    "language_differs": _("The language codes differ"),
    "kind_differs": _("They are described as other kinds of things"),
    "carrier_differs": _("They are described as other carriers"),
    "isbn_shared": _("They share an ISBN"),
    "isbn_differs": _("They have other ISBNs"),
    "number_shared": _("They share another standard number"),
}


CAUTIONS = {
    "": _("The points lie between joining and keeping apart"),
    "thin": _("Too little is known of one of the two"),
    "generic_title": _("The title says what it is, not which"),
    "other_publisher": _("Another publisher, and nothing tells whether the pages are the same"),
    "other_name": _("Other persons are named"),
    "other_year": _("Printed again years later"),
    "reprint": _("Another publisher printed it again much later"),
    "nearly_a_word": _("A word of the title is nearly another"),
    "other_subtitle": _("The subtitles differ"),
    "other_numbers": _("The titles have other numbers"),
    "other_words": _("One title has a word that the other lacks"),
    "replaced_word": _("A word of one title has another in its place"),
    "volume_one_sided": _("Only one names a volume"),
    "other_isbn": _("They have other ISBNs"),
    "revised": _("Only one says that it is a later edition, and the years differ"),
    "companion": _("A book for teachers, or a key to another, may be beside it"),
    "issue": _("An issue of a periodical, and not sure which"),
    "chain": _("Some of its records agree, others do not"),
}


@dataclass(frozen=True)
class Perhaps:
    """Another edition that may be this one, and why a person has to say."""

    edition: Edition
    reason: str
    score: int


@dataclass(frozen=True)
class Point:
    label: str
    points: int


@dataclass(frozen=True)
class Compared:
    """A record, the one it resembles most, what speaks for and against it, and what a person said of it."""

    record: SourceRecord
    other: SourceRecord
    score: int
    outcome: str
    said: MatchAct | None
    speaks_for: list[Point]
    speaks_against: list[Point]


@dataclass(frozen=True)
class Why:
    edition: Edition
    compared: list[Compared]
    perhaps: list[Perhaps]
    acts: list[MatchAct]  # decisions in force about its records, the latest first
    left_out: int  # records beyond MOST
    version: str
    needed: float
    start: int


def why_one(edition: Edition) -> Why:
    records = list(selectors.records_of(edition))
    shown = records[:MOST]
    known = weights()
    decided = decisions_about(edition)
    said = {n: pair.act for pair in reversed(decided) if pair.is_same for n in (pair.one_id, pair.other_id)}
    compared = [_nearest(record, shown, said.get(record.pk)) for record in shown] if len(shown) > 1 else []
    perhaps = [Perhaps(other, str(CAUTIONS[doubt.why]), doubt.score) for other, doubt in doubts_of(edition)]
    left_out = len(records) - len(shown)
    acts = list({pair.act_id: pair.act for pair in decided}.values())
    return Why(edition, compared, perhaps, acts, left_out, known.version, known.merge_at, round(known.start))


def _nearest(record: SourceRecord, records: Sequence[SourceRecord], said: MatchAct | None) -> Compared:
    bearers: dict[str, set[str]] = defaultdict(set)
    for each in records:
        for isbn in each.features.get("isbn", ()):
            bearers[isbn].add(str(each.features.get("title", "")).replace(" ", "")[:BEGINNING])
    others = [other for other in records if other.pk != record.pk]
    verdicts = [(_verdict(record.features, other.features, bearers), other) for other in others]
    verdict, other = max(verdicts, key=lambda told: (told[0].score, -told[1].pk))
    points = sorted(verdict.points.items(), key=lambda told: -abs(told[1]))
    told = [Point(str(COMPARED[name]), value) for name, value in points]
    return Compared(
        record, other, verdict.score, verdict.outcome, said,
        [point for point in told if point.points > 0], [point for point in told if point.points < 0],
    )  # fmt: skip


def _verdict(a: dict[str, Any], b: dict[str, Any], bearers: dict[str, set[str]]) -> Verdict:
    shared = set(a.get("isbn", ())) & set(b.get("isbn", ()))
    worth = max((isbn_worth(len(bearers[isbn])) for isbn in shared), default=1.0)
    verdict = compare(a, b, worth)
    return Verdict(-1000, "separate", verdict.found, verdict.by) if veto(a, b) else verdict
