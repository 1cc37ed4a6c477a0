"""RecordManager's comparison of two records as its deduplication is described: the first rule that decides ends it.

Bytewise edit distance and lenient ISBNs are part of the description. What is missing on one side stops nothing but
an author or a series number: the kinder of two readings.
"""

from __future__ import annotations

import re

from rapidfuzz.distance import Levenshtein

from catalog.formats.records import RawRecord
from tests.baselines.marc import control, fields, first, key, values

_YEAR = re.compile(r"\d{4}")
_PAGES = re.compile(r"\d+")
MOST_PAGES_APART = 10
MOST_TITLE, MOST_AUTHOR = 0.10, 0.20  # of the edit distance, by the length of the first
LONGEST = 255


def same(a: RawRecord, b: RawRecord) -> bool:
    if _format(a) != _format(b):
        return False
    if _isbns(a) & _isbns(b) or _ids(a) & _ids(b):
        return True
    return not (_contradicts(a, b) or _title_differs(a, b)) and _authors_agree(a, b)


def _contradicts(a: RawRecord, b: RawRecord) -> bool:
    issns = _numbers(a, "022"), _numbers(b, "022")
    years, pages = (year(a), year(b)), (_page_count(a), _page_count(b))
    return (
        (all(issns) and not issns[0] & issns[1])
        or (all(years) and years[0] != years[1])
        or (all(pages) and abs(pages[0] - pages[1]) > MOST_PAGES_APART)
        or _numbers(a, "490", "x") != _numbers(b, "490", "x")
        or _numbers(a, "490", "v") != _numbers(b, "490", "v")
    )


def _format(record: RawRecord) -> tuple[str, str, bool]:
    online = control(record, "007")[:2] == "cr" or "online resource" in first(record, "300", "a").lower()
    return record.leader[6:7], record.leader[7:8], online


def _isbns(record: RawRecord) -> set[str]:
    """Any run of 10 to 13 digits; ten are made thirteen, no check digit is looked at, blanks break a number."""
    found = set()
    for value in values(record, "020", "a"):
        if run := re.match(r"(\d{9,12}[\dXx])(?!\d)", value.replace("-", "")):
            found.add(
                "978" + run[1][:9] if len(run[1]) == 10 else run[1][:12] if len(run[1]) == 13 else run[1]
            )
    return found


def _ids(record: RawRecord) -> set[str]:
    found = {f"lccn:{key(value)}" for value in values(record, "010", "a")}
    for tag in ("015", "016", "024"):
        for field in fields(record, tag):
            told = dict(field)
            if told.get("a"):
                found.add(f"{tag}{told.get('2', '')}:{key(told['a'])}"[:200])
    return found


def _numbers(record: RawRecord, tag: str, code: str = "a") -> set[str]:
    return {key(value) for value in values(record, tag, code)}


def year(record: RawRecord) -> str:
    """Of publication, by 008, else as printed."""
    fixed = control(record, "008")[7:11]
    told = fixed if _YEAR.fullmatch(fixed) else first(record, "260", "c") or first(record, "264", "c")
    found = _YEAR.search(told)
    return found[0] if found else ""


def _page_count(record: RawRecord) -> int:
    return max((int(n[:6]) for n in _PAGES.findall(first(record, "300", "a"))), default=0)


def _title_differs(a: RawRecord, b: RawRecord) -> bool:
    one, two = (key(" ".join(values(r, "245", "abnpc"))).encode()[:LONGEST] for r in (a, b))
    return not (one and two) or Levenshtein.distance(one, two) / len(one) >= MOST_TITLE


def _authors_agree(a: RawRecord, b: RawRecord) -> bool:
    """Equal, one the beginning of the other, or close; an author on one side only is a difference."""
    one, two = (
        key(next((v for f in fields(r, "100", "110", "111") for c, v in f if c == "a"), "")) for r in (a, b)
    )
    if bool(one) != bool(two):
        return False
    if one.startswith(two) or two.startswith(one):
        return True
    left, right = one.encode()[:LONGEST], two.encode()[:LONGEST]
    return Levenshtein.distance(left, right) / len(left) <= MOST_AUTHOR
