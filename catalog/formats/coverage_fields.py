"""Captions and numbers of a serial's issues, 853 to 855 with 863 to 865, as ranges of years. Called by holdings.

Standard: MARC 21 Format for Holdings Data; a pattern and its issues share the number before the point in $8.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import NamedTuple

from .coverage import Gap, Range, Span, joined, year_range
from .records import DataField

Fields = Mapping[str, list[DataField]]
UNITS = (("853", "863", ""), ("854", "864", "supplement"), ("855", "865", "index"))
_LEVELS, _TIMES = "abcdef", "ijklm"
_YEAR_CAPTION = re.compile(r"year|\byr|tahun|\bthn|\bth\b|année|jahr|\bgod|año|anno", re.I)
_NUMBER_CAPTION = re.compile(r"\W*(?:no|nr|issue|nomor|num)", re.I)
_MONTH_CAPTION = re.compile(r"month|season|bulan|musim|mois|monat", re.I)
_YEAR = re.compile(r"(?<!\d)(1[6-9]\d\d|20\d\d)(?!\d)(?:/(\d{4}|\d\d)(?!\d))?")
_NUMBER = re.compile(r"\d{1,6}")
_DASH = re.compile(r"\s?[-–—]\s?")
_NOT_PUBLISHED = "4"  # second indicator
_MONTHS = {"01": "Jan.", "02": "Feb.", "03": "Mar.", "04": "Apr.", "05": "May", "06": "June", "07": "July",
           "08": "Aug.", "09": "Sept.", "10": "Oct.", "11": "Nov.", "12": "Dec.", "21": "spring", "22": "summer",
           "23": "autumn", "24": "winter"}  # fmt: skip


class Issue(NamedTuple):
    """One 863: an issue, or a compressed run of them from `volume` and `number` to the last ones."""

    first: int  # year
    last: int | None  # None: it goes on
    label: str
    volumes: Span | None
    numbers: Span | None
    gap_follows: bool | None  # $w: "g" a gap, "n" none, though numbers are left out


def of_fields(by_tag: Fields) -> dict[str, list[Range]]:
    """Joined ranges by their link ($8 before the point); "" for those without one. What tells no year is left out."""
    found: dict[str, list[Range]] = {}
    for pattern_tag, tag, unit in UNITS:
        if tag not in by_tag:
            continue
        patterns = {_link(field): dict(reversed(field[3])) for field in by_tag.get(pattern_tag, ())}
        issues: dict[str, list[Issue]] = {}
        for field in by_tag[tag]:
            if field[2] != _NOT_PUBLISHED and (issue := _issue(field, patterns.get(_link(field), {}))):
                issues.setdefault(_link(field), []).append(issue)
        for link, those in issues.items():
            ranges = _ranges(those)
            found.setdefault(link, []).extend([{**one, "unit": unit} for one in ranges] if unit else ranges)
    return found


def _link(field: DataField) -> str:
    return next(
        (value.partition(".")[0].partition("\\")[0].strip() for code, value in field[3] if code == "8"), ""
    )


def _issue(field: DataField, pattern: Mapping[str, str]) -> Issue | None:
    values = {code: value.strip() for code, value in reversed(field[3])}
    year_code = _year_code(values, pattern)
    years = _years(values.get(year_code, "")) if year_code else None
    if years is None:
        return None
    levels = [
        code for code in _LEVELS if code in values and code != year_code and not _is_time(pattern, code)
    ]
    volumes = _span(values[levels[0]]) if levels else None
    numbers = _span(values[levels[1]]) if len(levels) > 1 else None
    if levels and not numbers and _NUMBER_CAPTION.match(pattern.get(levels[0], "")):
        volumes, numbers = None, volumes
    flag = values.get("w", "")[:1]
    return Issue(
        *years, _label(values, pattern, year_code), volumes, numbers, {"g": True, "n": False}.get(flag)
    )


def _is_time(pattern: Mapping[str, str], code: str) -> bool:
    """Where a serial has no numbers, $a and its neighbours are dates: their captions stand in brackets."""
    return pattern.get(code, "").startswith("(")


def _year_code(values: Mapping[str, str], pattern: Mapping[str, str]) -> str:
    """The subfield of the year: by its caption, else the first of a date or of the numbers that looks like one."""
    named = [
        code for code in (*_TIMES, *_LEVELS) if code in values and _YEAR_CAPTION.search(pattern.get(code, ""))
    ]
    usable = [code for code in (*named, "i", "a") if _YEAR.search(values.get(code, ""))]
    return usable[0] if usable else ""


def _years(text: str) -> tuple[int, int | None] | None:
    found = [(int(m[1]), _second(m)) for m in _YEAR.finditer(text)]
    if not found:
        return None
    first, last = min(year for year, _ in found), max(year for _, year in found)
    return first, None if text.strip(" <>[]()")[-1:] in ("-", "–", "—") else last


def _second(match: re.Match[str]) -> int:
    first = int(match[1])
    if not match[2]:
        return first
    second = int(match[2]) if len(match[2]) == 4 else first - first % 100 + int(match[2])
    second += 100 if second < first else 0
    return second if first <= second <= first + 20 else first


def _span(text: str) -> Span | None:
    found = [int(n) for n in _NUMBER.findall(text)]
    return (min(found), max(found)) if found else None


def _ranges(issues: list[Issue]) -> list[Range]:
    ranges = []
    for issue in issues:
        one = year_range(issue.first, issue.last, issue.label)
        if issue.volumes:
            one["volumes"] = list(issue.volumes)
        ranges.append(one)
    result = joined(ranges)
    for gap in _missing(issues):
        for one in result:
            if one["from"] <= gap["from"] and (one["to"] is None or gap["to"] <= one["to"]):
                one["gaps"].append(gap)
    return result


def _missing(issues: list[Issue]) -> Iterable[Gap]:
    """Numbers left out between issues of one volume, unless $w says that none appeared."""
    for before, after in pairwise(issues):
        if (
            not (before.numbers and after.numbers)
            or before.volumes != after.volumes
            or before.gap_follows is False
        ):
            continue
        if before.last != after.first or after.last != after.first:
            continue
        if after.numbers[0] - before.numbers[1] >= 2:
            missing = [before.numbers[1] + 1, after.numbers[0] - 1]
            numbers = str(missing[0]) if missing[0] == missing[1] else f"{missing[0]}-{missing[1]}"
            volume = f"v.{after.volumes[0]}:" if after.volumes and after.volumes[0] != after.first else ""
            yield {"from": after.first, "to": after.first, "label": f"{volume}no.{numbers}", "part": True,
                   "issues": missing}  # fmt: skip


def _label(values: Mapping[str, str], pattern: Mapping[str, str], year_code: str) -> str:
    """ "v.33:no.1 (15 Jan. 2016)"; a compressed run with both its ends, "v.1 (1990)-v.5 (1994)"."""
    start, end = (_end_label(values, pattern, year_code, place) for place in (0, -1))
    return start if start == end else f"{start}-{end}"


def _end_label(values: Mapping[str, str], pattern: Mapping[str, str], year_code: str, place: int) -> str:
    numbers, dates = [], []
    for code in _LEVELS + _TIMES:
        if not (value := _DASH.split(values.get(code, ""))[place].strip()):
            continue
        if code == year_code:
            dates.append(value)
        elif code in _TIMES or _is_time(pattern, code):
            month = _MONTH_CAPTION.search(pattern.get(code, "month" if code == "j" else ""))
            dates.append("/".join(_MONTHS.get(v.zfill(2), v) for v in value.split("/")) if month else value)
        else:
            numbers.append(pattern.get(code, "").strip("()*") + value)
    date, number = " ".join(dict.fromkeys(reversed(dates))), ":".join(numbers)
    return f"{number} ({date})" if number and date else number or date
