"""Two records side by side: what each says, field by field, where they differ, and what the matcher makes of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from catalog.choices import Format
from catalog.matching.normalise import fold
from catalog.matching.score import compare, weights
from catalog.matching.vetoes import veto
from catalog.models import Edition, MatchAct, SourceRecord
from catalog.presenters.provenance import CARRIERS
from catalog.presenters.why import CAUTIONS, COMPARED, Point
from catalog.search.languages import language_name
from network_portal.core.lists import moment

Draft = dict[str, Any]
VETOES = {
    "format": "kind_differs",
    "carrier": "carrier_differs",
    "edition": "edition_differs",
    "language": "language_differs",
    "isbn_and_year": "isbn_differs",
}


@dataclass(frozen=True)
class Line:
    """One field. `state`: same, differs, or one (only one of them says it)."""

    label: str
    left: str
    right: str
    state: str


@dataclass(frozen=True)
class SideBySide:
    left: SourceRecord
    right: SourceRecord
    lines: list[Line]
    reason: str
    score: int
    needed: float
    speaks_for: list[Point]
    speaks_against: list[Point]

    @property
    def sides(self) -> tuple[SourceRecord, SourceRecord]:
        return self.left, self.right


def side_by_side(left: SourceRecord, right: SourceRecord, why: str | None = None) -> SideBySide:
    """`why`: the caution as it was noted; None where these two were chosen by hand."""
    verdict = compare(left.features, right.features)
    points = sorted(verdict.points.items(), key=lambda told: -abs(told[1]))
    told = [Point(str(COMPARED[name]), value) for name, value in points]
    forbidden = veto(left.features, right.features)
    reason = str(CAUTIONS.get(why or "", "")) if why is not None else ""
    if forbidden:
        reason = (
            str(COMPARED[VETOES[forbidden]]) if forbidden in VETOES else _("They are other volumes or parts")
        )
    lines = [line for label, a, b in _fields(left.draft, right.draft) if (line := _line(label, a, b))]
    return SideBySide(
        left, right, lines, reason, verdict.score, weights().merge_at,
        [point for point in told if point.points > 0], [point for point in told if point.points < 0],
    )  # fmt: skip


def _line(label: str, left: str, right: str) -> Line | None:
    if not left and not right:
        return None
    if not left or not right:
        return Line(label, left, right, "one")
    same = fold(left) == fold(right) or (label == _("Names") and _words(left) == _words(right))
    return Line(label, left, right, "same" if same else "differs")


def _words(names: str) -> list[str]:
    """ "Eugene P. Odum" is "Odum, Eugene P."."""
    return sorted(fold(names).split())


def _fields(a: Draft, b: Draft) -> list[tuple[str, str, str]]:
    def both(label: str, text: Any) -> tuple[str, str, str]:
        return label, text(a), text(b)

    def plain(name: str) -> Any:
        return lambda draft: str(draft.get(name) or "")

    return [
        both(_("Title"), plain("title")),
        both(_("Subtitle"), plain("subtitle")),
        both(_("Volume"), lambda d: " ".join(filter(None, (d.get("part_number"), d.get("part_name"))))),
        both(_("Names"), lambda d: "; ".join(c["name"] for c in d.get("contributors", ())[:6])),
        both(_("By, as printed"), plain("responsibility")),
        both(_("Edition"), plain("edition_statement")),
        both(_("Place"), plain("place")),
        both(_("Publisher"), plain("publisher")),
        both(_("Year"), lambda d: str(d.get("year") or d.get("year_text") or "")),
        both(_("Extent"), plain("extent")),
        both(_("ISBN"), lambda d: ", ".join(_numbers(d, "isbn"))),
        both(_("Other numbers"), lambda d: ", ".join(_numbers(d, "issn") + _numbers(d, "doi"))),
        both(_("Series"), lambda d: "; ".join(d.get("series", ())[:4])),
        both(_("Language"), lambda d: language_name(d["language"]) if d.get("language") else ""),
        both(_("Format"), lambda d: str(dict(Format.choices).get(d.get("format", ""), ""))),
        both(_("Carrier"), lambda d: str(CARRIERS.get(d.get("carrier", ""), ""))),
        both(_("Subjects"), lambda d: "; ".join(d.get("subjects", ())[:6])),
        both(_("Notes"), lambda d: "; ".join(d.get("notes", ())[:2])[:200]),
    ]


def _numbers(draft: Draft, scheme: str) -> list[str]:
    return [i["value"] for i in draft.get("identifiers", ()) if i["scheme"] == scheme][:6]


def number_of(text: str) -> int | None:
    """The edition's number from what a person typed: the number itself or the address of its page."""
    digits = (
        text.strip().rstrip("/").rpartition("/edition/")[2].partition("/")[0].partition("?")[0].lstrip("#")
    )
    return int(digits) if digits.isdigit() and len(digits) < 18 else None


def keeps(one: Edition, other: Edition) -> tuple[Edition, Edition]:
    """(which keeps its number when the two become one, which leads on to it)."""
    first, second = sorted((one, other), key=lambda e: (-e.record_count, e.pk))
    return first, second


def decision_header() -> list[str]:
    return [
        _("Title"), _("Edition"), _("Libraries"), _("Records"), _("Decision"), _("Note"), _("By whom"),
        _("Library"), _("When"), _("Taken back"),
    ]  # fmt: skip


def decision_cells(
    rows: Iterable[tuple[MatchAct, SourceRecord | None, SourceRecord | None]],
) -> Iterator[list[object]]:
    """The page's rows as a file; a record that left has no title any more."""
    for act, one, other in rows:
        edition = one.edition if one else None
        sides = [side.source.library.short_code for side in (one, other) if side]
        yield [
            edition.full_title if edition else "", edition.pk if edition else "", " · ".join(sides),
            getattr(act, "records", ""), act.get_kind_display(), act.note, act.by.name if act.by else "",
            act.by_library.short_code if act.by_library else "", moment(act.at), moment(act.undone_at),
        ]  # fmt: skip
