"""Which years of a serial the libraries have, in words, and who has one that is asked for.

Used by the page of an edition. The shape of what is stored: formats/coverage.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.formats.coverage import Answer, Gap, Range, answer
from catalog.forms_year import YearForm
from catalog.models import Holding
from members.models import Library

GAPS_TOLD = 8  # of one range; how many more there are is said as a number
BEST_FIRST: tuple[Answer, ...] = ("yes", "part", "perhaps", "no")


@dataclass(frozen=True)
class Holder:
    library: Library
    note: str  # why "perhaps" or only in part: what the library says in its own words


@dataclass
class YearAnswers:
    """The form and, where a year was asked for, the libraries by answer, nearest first in each."""

    form: YearForm
    year: int | None = None
    has: list[Holder] = field(default_factory=list)
    part: list[Holder] = field(default_factory=list)
    perhaps: list[Holder] = field(default_factory=list)
    has_not: list[Holder] = field(default_factory=list)

    @property
    def sure_count(self) -> int:
        return len(self.has) + len(self.part)

    @property
    def groups(self) -> list[tuple[str, list[Holder]]]:
        """What is to be shown, best first."""
        labelled = (
            (_("Has it"), self.has),
            (_("Has it, with issues missing"), self.part),
            (_("Perhaps; ask the library"), self.perhaps),
            (_("Does not have it"), self.has_not),
        )
        return [(label, holders) for label, holders in labelled if holders]


def coverage_words(coverage: Sequence[Range]) -> list[str]:
    """One line for each range: "1990–2005, without 1997", "from 1971 on"."""
    return [_with_unit(one, _range_words(one)) for one in coverage]


def _with_unit(one: Range, words: str) -> str:
    if one.get("unit") == "supplement":
        return _("Supplements: %(years)s") % {"years": words}
    return _("Indexes: %(years)s") % {"years": words} if one.get("unit") else words


def _range_words(one: Range) -> str:
    years = _("from %(year)s on") % {"year": one["from"]} if one["to"] is None else _span(one)
    if one.get("unsure"):
        years = _("%(years)s, and perhaps more") % {"years": years}
    missing = [gap for gap in one["gaps"] if "part" not in gap]
    partly = [gap for gap in one["gaps"] if "part" in gap]
    if missing:
        years = _("%(years)s, without %(gaps)s") % {
            "years": years,
            "gaps": _listed([_span(gap) for gap in missing]),
        }
    if partly:
        gaps = _listed([_part_words(gap) for gap in partly])
        years = _("%(years)s; incomplete: %(gaps)s") % {"years": years, "gaps": gaps}
    return years


def _span(one: Range | Gap) -> str:
    return str(one["from"]) if one["from"] == one["to"] else f"{one['from']}–{one['to']}"


def _part_words(gap: Gap) -> str:
    label = str(gap.get("label", ""))
    return f"{_span(gap)} ({label})" if label and label != _span(gap) else _span(gap)


def _listed(words: list[str]) -> str:
    """The first ones, and how many more."""
    told, more = words[:GAPS_TOLD], len(words) - GAPS_TOLD
    if more <= 0:
        return ", ".join(told)
    rest = ngettext("%(count)s more", "%(count)s more", more) % {"count": more}
    return ", ".join([*told, rest])


def spans_years(coverage: Sequence[Range]) -> bool:
    """Whether it is worth asking for a year: a single one says when a book appeared."""
    return any(one["to"] is None or one["to"] - one["from"] > 1 for one in coverage)


def year_answers(held: Sequence[tuple[Library, Sequence[Holding]]], asked: Mapping[str, str]) -> YearAnswers:
    """`held`: each library with its holdings, nearest first. `asked`: the query of the address."""
    form = YearForm(asked if asked.get("year", "").strip() else None)
    found = YearAnswers(form)
    if not form.is_valid():
        return found
    wanted = form.cleaned_data
    found.year = wanted["year"]
    lists = {"yes": found.has, "part": found.part, "perhaps": found.perhaps, "no": found.has_not}
    for library, holdings in held:
        answers = [
            (answer(h.coverage, wanted["year"], wanted["volume"], wanted["issue"]), h) for h in holdings
        ]
        best = min((verdict for verdict, _holding in answers), key=BEST_FIRST.index)
        told = [h for verdict, h in answers if verdict == best]
        lists[best].append(Holder(library, _note(best, told)))
    return found


def _note(verdict: Answer, holdings: Sequence[Holding]) -> str:
    """The shelf for what is there; otherwise what the library says it has."""
    if verdict == "yes":
        return next((h.call_number or h.location for h in holdings if h.call_number or h.location), "")
    said = ["; ".join(coverage_words(h.coverage)) or h.textual for h in holdings]
    return " · ".join(dict.fromkeys(text for text in said if text))[:300]
