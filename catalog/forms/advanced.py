"""The advanced form: lines of words with a place to look, and the filters of the search page."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.search.building import FIELDS, JOINS, MODES, Line, question
from catalog.search.query import SearchQuery

LINES = 4
FIELD_LABELS: dict[str, Promise] = dict(zip(FIELDS, (
    _("Everywhere"), _("Title"), _("Author"), _("Subject heading"), _("Publisher"), _("Series"),
    _("ISBN, ISSN or DOI"), _("Call number"), _("Contents and notes"),
), strict=True))  # fmt: skip
MODE_LABELS: dict[str, Promise] = dict(zip(MODES, (
    _("all of the words"), _("exactly this phrase"), _("one of the words"),
), strict=True))  # fmt: skip
JOIN_LABELS: dict[str, Promise] = dict(zip(JOINS, (_("and"), _("or"), _("but not")), strict=True))


@dataclass(frozen=True)
class TypedLine:
    number: int
    line: Line


def lines_typed(params: QueryDict) -> list[TypedLine]:
    """Lenient. What came with `q`, the question of the search box, stands in the first line."""
    lines = []
    for number in range(1, LINES + 1):
        text = params.get(f"t{number}", "").replace("\0", " ")[:200]
        if number == 1 and not text:
            text = params.get("q", "").replace("\0", " ")[:400]
        lines.append(TypedLine(number, Line(
            text, _one(params.get(f"f{number}", ""), FIELDS), _one(params.get(f"m{number}", ""), MODES),
            _one(params.get(f"j{number}", ""), JOINS),
        )))  # fmt: skip
    return lines


def query_typed(params: QueryDict) -> SearchQuery:
    """The lines as one question, with the filters beside them."""
    base = SearchQuery.from_params(params)
    lines = [typed.line for typed in lines_typed(params)]
    return base.with_(text=question(lines)[:400], any_word=False)


def _one(value: str, known: tuple[str, ...]) -> str:
    return value if value in known else known[0]
