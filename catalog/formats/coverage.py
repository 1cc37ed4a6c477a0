"""Which years of a serial a library has: the shape that is stored, joining such ranges, and asking them for a year.

`HoldingDraft.coverage` (and `Holding.coverage`, as JSON) is a list of ranges by year, oldest first, none overlapping:

    {"from": 1990, "to": 2005,          # both years are held; "to" None: it goes on, the library still gets it
     "label": "v.1(1990)-v.16(2005)",   # as printed, or made from captions and numbers in the same manner
     "gaps": [{"from": 1997, "to": 1997, "label": "1997"}],  # inside the range, oldest first
     "volumes": [1, 16],                # only where they are told
     "unsure": True,                    # only where set: outside the range nothing is known ("no.1(1975)-no.68")
     "unit": "supplement"}              # only for what is not the serial itself: "supplement", "index"

A gap with "part": True is a year that is there but incomplete; its "issues": [3, 5] are the missing numbers, from, to.
An empty list says nothing: read the textual statement. Filled by coverage_text and coverage_fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal

Range = dict[str, Any]
Gap = dict[str, Any]
Span = tuple[int, int]  # years, both included
Answer = Literal["yes", "part", "perhaps", "no"]

LAST_YEAR = 2100
MOST_RANGES = 500  # of one holding; a longer list is a fault of the export
MOST_LABEL = 200
_ENDLESS = 9999


def year_range(first: int, last: int | None, label: str = "") -> Range:
    """A range without gaps, its years in either order."""
    if last is not None and last < first:
        first, last = last, first
    return {"from": first, "to": last, "label": label[:MOST_LABEL].strip(), "gaps": []}


def joined(ranges: Iterable[Range]) -> list[Range]:
    """As stored: sorted, overlapping and neighbouring ranges made one. What another range holds is no gap."""
    result: list[Range] = []
    for one in sorted(ranges, key=lambda r: (r.get("unit", ""), r["from"], _end(r))):
        last = result[-1] if result else None
        if last and last.get("unit") == one.get("unit") and one["from"] <= _end(last) + 1:
            result[-1] = _union(last, one)
        else:
            result.append(one)
    return result[:MOST_RANGES]


def without(ranges: Iterable[Range], gaps: Sequence[Gap]) -> list[Range]:
    """The ranges with what is lacking: a gap lies in each range it touches, cut to it; elsewhere it says nothing."""
    result = []
    for one in ranges:
        inside = [cut for gap in gaps if (cut := _cut(gap, one["from"], _end(one)))]
        result.append({**one, "gaps": _tidy([*one["gaps"], *inside])})
    return result


def answer(
    coverage: Sequence[Range], year: int, volume: int | None = None, issue: int | None = None
) -> Answer:
    """Whether a library has a year, and the volume and issue of it where they are asked for.

    "part": some issues of the year are missing; "perhaps": what the library says is not enough to know.
    """
    known = [one for one in coverage if "unit" not in one]
    if not known:
        return "perhaps"
    for one in known:
        if one["from"] <= year <= _end(one):
            return _inside(one, year, volume, issue)
    return "perhaps" if any(one.get("unsure") for one in known) else "no"


def _inside(one: Range, year: int, volume: int | None, issue: int | None) -> Answer:
    volumes = one.get("volumes")
    if volume is not None and volumes and not volumes[0] <= volume <= volumes[1]:
        # An open range goes on counting.
        return "perhaps" if one["to"] is None and volume > volumes[1] else "no"
    gaps = [gap for gap in one["gaps"] if gap["from"] <= year <= gap["to"]]
    if any("part" not in gap for gap in gaps):
        return "no"
    if not gaps:
        return "yes"
    if issue is None:
        return "part"
    if any("issues" not in gap for gap in gaps):
        return "perhaps"
    return "no" if any(gap["issues"][0] <= issue <= gap["issues"][1] for gap in gaps) else "yes"


def _end(one: Range) -> int:
    return _ENDLESS if one["to"] is None else int(one["to"])


def _union(a: Range, b: Range) -> Range:
    end = max(_end(a), _end(b))
    result = year_range(a["from"], None if end == _ENDLESS else end, _both(a["label"], b["label"]))
    result["gaps"] = _tidy([*_unfilled(a["gaps"], b), *_unfilled(b["gaps"], a)])
    if "volumes" in a and "volumes" in b:
        both = (*a["volumes"], *b["volumes"])
        result["volumes"] = [min(both), max(both)]
    for name in ("unsure", "unit"):
        if name in a or name in b:
            result[name] = a.get(name) or b.get(name)
    return result


def _both(a: str, b: str) -> str:
    """ "v.1(1990), …, v.9(1998)" is enough to recognise a long list by."""
    if not a or not b or a == b:
        return a or b
    start = a.partition(", …, ")[0] if ", …, " in a else a
    return f"{a}, {b}" if len(a) + len(b) < 60 and ", …, " not in a else f"{start[:90]}, …, {b[-90:]}"


def _unfilled(gaps: Sequence[Gap], other: Range) -> list[Gap]:
    """What the other range does not hold either. It may hold the same part of an incomplete year: that stays."""
    left: list[Gap] = [gap for gap in gaps if "part" in gap]
    for gap in (gap for gap in gaps if "part" not in gap):
        for first, last in _minus((gap["from"], gap["to"]), _held(other)):
            left.append({**gap, "from": first, "to": last})
    return left


def _held(one: Range) -> list[Span]:
    spans: list[Span] = [(one["from"], _end(one))]
    for gap in one["gaps"]:
        spans = [rest for span in spans for rest in _minus(span, [(gap["from"], gap["to"])])]
    return spans


def _minus(span: Span, others: Iterable[Span]) -> list[Span]:
    left = [span]
    for first, last in others:
        cut: list[Span] = []
        for a, b in left:
            if last < a or first > b:
                cut.append((a, b))
                continue
            cut += [(a, first - 1)] if a < first else []
            cut += [(last + 1, b)] if b > last else []
        left = cut
    return left


def _cut(gap: Gap, first: int, last: int) -> Gap | None:
    start, end = max(gap["from"], first), min(gap["to"], last)
    return {**gap, "from": start, "to": end} if start <= end else None


def _tidy(gaps: list[Gap]) -> list[Gap]:
    unique = {(g["from"], g["to"], g.get("label", ""), str(g.get("issues"))): g for g in gaps}
    return sorted(unique.values(), key=lambda g: (g["from"], g["to"]))[:MOST_RANGES]
